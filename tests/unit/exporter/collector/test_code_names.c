/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exporter/collector/code_names.h"

static void codes_and_bits_have_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t code;
        const char *text; /* NULL: no name */
    } cases[] = {
        {"observationKind", 0, NULL},
        {"observationKind", 2, "syn+ack"},
        {"observationKind", 4, "host change"},
        {"observationKind", 5, NULL},
        {"osMatchKind", 0, "none"},
        {"osMatchKind", 4, "fuzzy generic"},
        {"osMatchKind", 5, NULL},
        {"systemUptimeReliability", 1, "several connections"},
        {"observationFlags", 0, "none"},
        {"observationFlags", 1, "retransmission"},
        {"tcpControlBits", 0x12, "syn,ack"},
        {"tcpControlBits", 0x102, "syn,0x100"},
        {"tcpQuirks", 3, "df,id+"},
        {"tcpQuirks", 0, "none"},
        {"encapsulationKind", 5, "vxlan"},
        {"encapsulationKind", 0, "none"},
        {"hostChangeReasons", 1, "families"},
        {"ipTTL", 64, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        assert_int_equal(code_name_append(text, cases[i].name, cases[i].code), cases[i].text != NULL);
        assert_string_equal(text->str, cases[i].text != NULL ? cases[i].text : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_and_bits_have_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
