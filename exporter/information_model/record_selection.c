/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/record_selection.h"
#include "base/ascii.h"
#include <stdlib.h>
#include <string.h>

#define RECORD_BEGIN "<record>"
#define RECORD_END   "</record>"

/* The decimal number after @p tag; @p absent without the tag; UINT64_MAX if the tag contains other text.
 */
static uint64_t number_behind(const char *record, const char *tag, uint64_t absent)
{
    const char *const found = strstr(record, tag);
    if (found == NULL) {
        return absent;
    }
    const char *const digits = found + strlen(tag);
    char *end = NULL;
    const unsigned long long number = strtoull(digits, &end, 10);
    return ascii_is_digit(*digits) && *end == '<' ? number : UINT64_MAX;
}

/* A comment may begin or end inside of a record, so comments stay in the text for the parser. */
static bool is_unwanted(const char *record, ipfix_wanted_fn *wanted)
{
    if (strstr(record, "<!") != NULL || strstr(record, "-->") != NULL) {
        return false;
    }
    const uint64_t id = number_behind(record, "<elementId>", UINT64_MAX);
    const uint64_t pen = number_behind(record, "<cert:enterpriseId>", 0);
    return id <= UINT16_MAX && pen <= UINT32_MAX && !wanted((uint32_t)pen, (uint16_t)id);
}

size_t record_selection_apply(char *text, ipfix_wanted_fn *wanted)
{
    char *to = text;
    char *from = text; /* selected text that is not yet moved */
    char *at = text;
    for (;;) {
        char *const begin = strstr(at, RECORD_BEGIN);
        char *const end = begin != NULL ? strstr(begin, RECORD_END) : NULL;
        if (end == NULL) {
            break;
        }
        at = end + strlen(RECORD_END);
        const char next = *at;
        *at = '\0'; /* strstr is several times as fast as memmem */
        const bool unwanted = is_unwanted(begin, wanted);
        *at = next;
        if (unwanted) {
            memmove(to, from, (size_t)(begin - from));
            to += begin - from;
            from = at;
        }
    }
    const size_t rest = strlen(from);
    memmove(to, from, rest + 1);
    return (size_t)(to - text) + rest;
}
