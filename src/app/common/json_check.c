/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/json_check.h"

bool json_is_shallow(const char *text, size_t length)
{
    bool in_string = false;
    size_t depth = 0;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX) {
                return false;
            }
        } else if (c == ']' || c == '}') {
            depth -= depth > 0;
        } else {
            in_string = c == '"';
        }
    }
    return true;
}
