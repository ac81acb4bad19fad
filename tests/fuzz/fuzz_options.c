/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* `scheme:target?key=value&...`, as it is written behind --to and --enrich, against every module that is
 * built in. */
#include "capture/builtin_sources.h"
#include "exporter/builtin_modules.h"
#include "fuzz.h"
#include "support/parse_options.h"
#include <string.h>

/* Accepted options agree with the table of the module. */
static void check_values(const synfix_module_t *module, const synfix_options_t *options)
{
    FUZZ_CHECK(strcmp(synfix_options_scheme(options), module->name) == 0);
    FUZZ_CHECK(synfix_options_target(options) != NULL);
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        const char *text = synfix_options_string(options, option->name);
        FUZZ_CHECK(text != NULL || option->fallback == NULL);
        if (text != NULL) {
            FUZZ_CHECK(module_options_check(option, text, NULL) == SYNFIX_OK);
        }
        if (text != NULL && option->type == SYNFIX_OPTION_INTEGER && option->maximum != 0) {
            FUZZ_CHECK(synfix_options_integer(options, option->name) <= option->maximum);
        }
    }
}

static void try_all(const synfix_module_t *const *modules, const char *text)
{
    for (; *modules != NULL; modules++) {
        synfix_options_t *options = NULL;
        synfix_error_t error = {.text = ""};
        if (parse_options(*modules, text, &options, &error) == SYNFIX_OK) {
            check_values(*modules, options);
            module_options_free(options);
        } else {
            FUZZ_CHECK(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    try_all(capture_sources, text);
    try_all(exporter_sinks, text);
    try_all(exporter_enrichers, text);
    free(text);
    return 0;
}
