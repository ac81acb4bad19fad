/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sizes and places that programs and modules have compiled in (64 bits). A value may change only together
 * with the SONAME, or SYNFIX_MODULE_ABI for what stands in module.h; a structure that begins with its own
 * size may grow at its end: change the size here, no place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <synfix/engine.h>
#include <synfix/module.h>

#include "support/skip.h"

#define SIZE(type, wanted)                                                                                   \
    {                                                                                                        \
        "sizeof " #type, sizeof(type), wanted                                                                \
    }
#define PLACE(type, field, wanted)                                                                           \
    {                                                                                                        \
        #type "." #field, offsetof(type, field), wanted                                                      \
    }

static const struct {
    const char *what;
    size_t is;
    size_t wanted;
} table[] = {
    SIZE(synfix_address_t, 16),
    SIZE(synfix_error_t, 516),
    PLACE(synfix_error_t, cause, 512),
    SIZE(synfix_packet_t, 48),
    PLACE(synfix_packet_t, captured_length, 8),
    PLACE(synfix_packet_t, time_ns, 16),
    PLACE(synfix_packet_t, number, 24),
    PLACE(synfix_packet_t, link_type, 32),
    PLACE(synfix_packet_t, interface_id, 36),
    PLACE(synfix_packet_t, user, 40),
    SIZE(synfix_encapsulation_t, 52),
    SIZE(synfix_headers_t, 184),
    PLACE(synfix_headers_t, source_port, 32),
    PLACE(synfix_headers_t, ip_total_length, 44),
    PLACE(synfix_headers_t, tcp_flags, 64),
    PLACE(synfix_headers_t, payload_length, 72),
    PLACE(synfix_headers_t, options, 80),
    PLACE(synfix_headers_t, encapsulation, 92),
    PLACE(synfix_headers_t, details, 144),
    SIZE(synfix_tcp_options_t, 48),
    PLACE(synfix_tcp_options_t, mss, 36),
    PLACE(synfix_tcp_options_t, timestamp_value, 40),
    SIZE(synfix_signature_t, 44),
    PLACE(synfix_signature_t, quirks, 12),
    PLACE(synfix_signature_t, layout, 19),
    SIZE(synfix_match_t, 64),
    PLACE(synfix_match_t, label, 8),
    PLACE(synfix_match_t, quality, 1),
    SIZE(synfix_label_t, 40),
    PLACE(synfix_label_t, text, 32),
    SIZE(synfix_fingerprint_t, 632),
    PLACE(synfix_fingerprint_t, signature, 16),
    PLACE(synfix_fingerprint_t, match, 64),
    PLACE(synfix_fingerprint_t, link_label, 136),
    PLACE(synfix_fingerprint_t, text, 148),
    PLACE(synfix_fingerprint_t, layout_text, 468),
    SIZE(synfix_uptime_t, 32),
    SIZE(synfix_annotation_t, 16),
    SIZE(synfix_observation_t, 144),
    PLACE(synfix_observation_t, flags, 4),
    PLACE(synfix_observation_t, time_ns, 8),
    PLACE(synfix_observation_t, headers, 40),
    PLACE(synfix_observation_t, options, 48),
    PLACE(synfix_observation_t, fingerprint, 56),
    PLACE(synfix_observation_t, uptime, 64),
    PLACE(synfix_observation_t, community_id, 96),
    PLACE(synfix_observation_t, annotations, 112),
    PLACE(synfix_observation_t, user, 128),
    PLACE(synfix_observation_t, host_change, 136),
    SIZE(synfix_engine_config_t, 120),
    PLACE(synfix_engine_config_t, sigdb, 8),
    PLACE(synfix_engine_config_t, uptime, 28),
    PLACE(synfix_engine_config_t, signatures, 112),
    PLACE(synfix_engine_config_t, on_observation, 40),
    PLACE(synfix_engine_config_t, match, 56),
    PLACE(synfix_engine_config_t, filter, 72),
    PLACE(synfix_engine_config_t, on_timestamp_sample, 88),
    PLACE(synfix_engine_config_t, encapsulations, 104),
    SIZE(synfix_timestamp_sample_t, 224),
    SIZE(synfix_option_t, 56),
    PLACE(synfix_option_t, type, 8),
    PLACE(synfix_option_t, fallback, 16),
    PLACE(synfix_option_t, minimum, 24),
    PLACE(synfix_option_t, help, 40),
    PLACE(synfix_option_t, choices, 48),
    SIZE(synfix_module_context_t, 112),
    PLACE(synfix_module_context_t, user, 8),
    PLACE(synfix_module_context_t, live, 16),
    PLACE(synfix_module_context_t, log, 24),
    PLACE(synfix_module_context_t, packet_times, 56),
    PLACE(synfix_module_context_t, records_dropped, 64),
    SIZE(synfix_block_t, 72),
    PLACE(synfix_block_t, length, 12),
    PLACE(synfix_block_t, notes, 20),
    PLACE(synfix_block_t, last_number, 64),
    SIZE(synfix_encoding_t, 56),
    PLACE(synfix_encoding_t, encode, 16),
    PLACE(synfix_encoding_t, size, 40),
    PLACE(synfix_encoding_t, encode_plain, 48),
    SIZE(synfix_plain_observation_t, 120),
    PLACE(synfix_plain_observation_t, kind, 54),
    PLACE(synfix_plain_observation_t, time_ns, 56),
    PLACE(synfix_plain_observation_t, flow_id, 72),
    PLACE(synfix_plain_observation_t, fingerprint, 96),
    PLACE(synfix_plain_observation_t, timestamp_value, 112),
    SIZE(synfix_sink_stats_t, 88),
    SIZE(synfix_sink_t, 88),
    PLACE(synfix_sink_t, write, 24),
    PLACE(synfix_sink_t, stop, 72),
    PLACE(synfix_sink_t, output_file, 80),
    SIZE(synfix_enricher_t, 56),
    PLACE(synfix_enricher_t, enrich, 16),
    PLACE(synfix_enricher_t, reload, 40),
    SIZE(synfix_source_stats_t, 48),
    SIZE(synfix_source_t, 32),
    PLACE(synfix_source_t, close, 24),
    SIZE(synfix_module_t, 72),
    PLACE(synfix_module_t, abi, 0),
    PLACE(synfix_module_t, size, 4),
    PLACE(synfix_module_t, kind, 8),
    PLACE(synfix_module_t, name, 16),
    PLACE(synfix_module_t, options, 32),
    PLACE(synfix_module_t, sink, 56),
    PLACE(synfix_module_t, check, 64),
};

static void as_they_were_released(void **state)
{
    (void)state;
    if (sizeof(void *) != 8) {
        SKIP("the table is one of 64-bit processors; build for one");
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].is != table[i].wanted) {
            print_message("%s is %zu, not %zu\n", table[i].what, table[i].is, table[i].wanted);
        }
        assert_int_equal(table[i].is, table[i].wanted);
    }
}

/* Numbers that are written into files, records and other programs. */
static void numbers_that_never_change(void **state)
{
    (void)state;
    assert_int_equal(SYNFIX_VERDICT_SYN, 0);
    assert_int_equal(SYNFIX_VERDICT_SEGMENT, 2);
    assert_int_equal(SYNFIX_VERDICT_FILTERED, 17);
    assert_int_equal(SYNFIX_VERDICT_ENCAPSULATION, 18);
    assert_int_equal(SYNFIX_ENCAPSULATION_VLAN, 32);
    assert_int_equal(SYNFIX_ENCAPSULATION_FABRIC, 39);
    assert_int_equal(SYNFIX_OBSERVATION_UPTIME, 3);
    assert_int_equal(SYNFIX_FLAG_SYN_NOT_SEEN, 1 << 7);
    assert_int_equal(SYNFIX_QUIRK_BAD, 1 << 16);
    assert_int_equal(SYNFIX_DISCONNECTED, -8);
    assert_int_equal(SYNFIX_MODULE_SINK, 3);
    assert_int_equal(SYNFIX_OPTION_DURATION, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_they_were_released),
        cmocka_unit_test(numbers_that_never_change),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
