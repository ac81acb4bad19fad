/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/interface_name.h"
#include <string.h>

const char *interface_name_advice(const char *name)
{
    static const struct {
        const char *characters;
        const char *advice;
    } mistakes[] = {
        {"#", "write the comment on its own line"},
        {"\"'", "write the name without quotes"},
        {",; ", "name each interface by its own -i, or separate names by semicolons in a configuration file"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        if (strpbrk(name, mistakes[i].characters) != NULL) {
            return mistakes[i].advice;
        }
    }
    return "synfix capture --list-interfaces lists them";
}
