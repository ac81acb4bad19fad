/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/match.h>
#include <synfix/observation.h>
#include <synfix/signature.h>

static void each_word(void **state)
{
    (void)state;
    static const synfix_label_t generic = {.type = 'g'}, specific = {.type = 's'};
    static const struct {
        synfix_match_t match;
        uint8_t traffic_class;
        const char *text;
    } table[] = {
        {{.label = &specific, .kind = SYNFIX_MATCH_EXACT}, 0, "none"},
        {{.label = NULL}, 3, "none"}, /* the two bits of ECN are none of DSCP */
        {{.label = &generic, .kind = SYNFIX_MATCH_EXACT}, 0, "generic"},
        {{.label = &specific, .kind = SYNFIX_MATCH_FUZZY}, 0, "fuzzy"},
        {{.label = &generic, .kind = SYNFIX_MATCH_FUZZY_GENERIC}, 0, "generic fuzzy"},
        {{.label = &specific, .random_ttl = true}, 0, "random_ttl"},
        {{.label = &specific, .excess_distance = true}, 0xB8, "excess_dist tos:0x2e"},
        {{.label = &generic, .kind = SYNFIX_MATCH_FUZZY, .random_ttl = true, .excess_distance = true},
         0xFC,
         "generic fuzzy random_ttl excess_dist tos:0x3f"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const synfix_fingerprint_t fingerprint = {.match = table[i].match};
        const synfix_headers_t headers = {.traffic_class = table[i].traffic_class};
        const synfix_observation_t observation = {.fingerprint = &fingerprint, .headers = &headers};
        char text[SYNFIX_PARAMETERS_TEXT_SIZE];
        assert_int_equal(synfix_observation_parameters(&observation, text), strlen(table[i].text));
        assert_string_equal(text, table[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
