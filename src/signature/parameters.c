/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/observation.h>

#include "base/decimal.h"

static char *append_word(char *at, const char *start, const char *word)
{
    if (at != start) {
        *at++ = ' ';
    }
    return append_text(at, word);
}

size_t synfix_observation_parameters(const synfix_observation_t *observation, char *text)
{
    static const char digits[] = "0123456789abcdef";
    const synfix_match_t *match = &observation->fingerprint->match;
    const unsigned dscp = (unsigned)observation->headers->traffic_class >> 2;
    char *at = text;
    if (match->label != NULL && match->label->type == 'g') {
        at = append_word(at, text, "generic");
    }
    if (match->kind == SYNFIX_MATCH_FUZZY || match->kind == SYNFIX_MATCH_FUZZY_GENERIC) {
        at = append_word(at, text, "fuzzy");
    }
    if (match->random_ttl) {
        at = append_word(at, text, "random_ttl");
    }
    if (match->excess_distance) {
        at = append_word(at, text, "excess_dist");
    }
    if (dscp != 0) {
        at = append_word(at, text, "tos:0x");
        *at++ = digits[dscp >> 4];
        *at++ = digits[dscp & 15];
    }
    if (at == text) {
        at = append_text(at, "none");
    }
    *at = '\0';
    return (size_t)(at - text);
}
