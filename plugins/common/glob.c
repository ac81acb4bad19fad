/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An element of a pattern is a byte in lower case, or: */
#define ANY_BYTE  256u
#define ANY_BYTES 257u

struct plugin_glob {
    size_t shortest; /* length of the shortest text that matches */
    size_t count;
    uint16_t elements[];
};

static uint16_t lower(char byte)
{
    const uint8_t value = (uint8_t)byte;
    return value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;
}

static void add(plugin_glob_t *glob, uint16_t element)
{
    if (element != ANY_BYTES) {
        glob->shortest++;
    } else if (glob->count > 0 && glob->elements[glob->count - 1] == ANY_BYTES) {
        return;
    }
    glob->elements[glob->count++] = element;
}

/* false: nothing follows the backslash at the end. */
static bool compile(plugin_glob_t *glob, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '*') {
            add(glob, ANY_BYTES);
        } else if (text[i] == '?') {
            add(glob, ANY_BYTE);
        } else if (text[i] != '\\') {
            add(glob, lower(text[i]));
        } else if (++i < length) {
            add(glob, lower(text[i]));
        } else {
            return false;
        }
    }
    return true;
}

plugin_glob_t *plugin_glob_new(const char *text, size_t length, synfix_error_t *error)
{
    if (length == 0) {
        (void)synfix_fail(error, SYNFIX_INVALID, "the name is empty");
        return NULL;
    }
    plugin_glob_t *glob = calloc(1, sizeof *glob + length * sizeof glob->elements[0]);
    if (glob == NULL) {
        (void)synfix_fail(error, SYNFIX_NO_MEMORY, "out of memory");
        return NULL;
    }
    if (!compile(glob, text, length)) {
        (void)synfix_fail(error, SYNFIX_INVALID, "nothing follows the backslash at its end");
        free(glob);
        return NULL;
    }
    return glob;
}

/* After a difference, only the last `*` is extended: each earlier one has matched the shortest text. */
bool plugin_glob_match(const plugin_glob_t *glob, const char *text)
{
    const size_t length = strlen(text);
    size_t element = 0;
    size_t at = 0;
    size_t after_run = SIZE_MAX; /* element behind the last `*` */
    size_t run_end = 0;          /* of the text that it stands for */
    if (length < glob->shortest) {
        return false;
    }
    while (at < length) {
        const uint16_t wanted = element < glob->count ? glob->elements[element] : UINT16_MAX;
        if (wanted == ANY_BYTES) {
            after_run = ++element;
            run_end = at;
        } else if (wanted == ANY_BYTE || wanted == lower(text[at])) {
            element++;
            at++;
        } else if (after_run != SIZE_MAX) {
            element = after_run;
            at = ++run_end;
        } else {
            return false;
        }
    }
    return element == glob->count || (element + 1 == glob->count && glob->elements[element] == ANY_BYTES);
}

void plugin_glob_free(plugin_glob_t *glob)
{
    free(glob);
}
