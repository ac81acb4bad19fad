/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/tests_message.h"
#include "unit/exporter/collector/collecting_process.h"
#include <string.h>

static const ipfix_decoder_names_t nameless = {.find = NULL};

static collector_session_t *session(collecting_process_t *process)
{
    collector_session_t *const made = session_new(process->collect, SESSION_CONNECTION, "peer", "host");
    assert_non_null(made);
    made->reader = ipfix_decoder_new(&nameless, NULL, &(const ipfix_decoder_events_t){.record = NULL});
    return made;
}

/* A message of @p records records with @p sequence. */
static void receive(collector_session_t *session, uint32_t sequence, unsigned records)
{
    ipfix_decoder_stats_t before;
    g_autoptr(GByteArray) message = message_of_numbers(records);
    write_be32(message->data + 8, sequence);
    ipfix_decoder_get_stats(session->reader, &before);
    assert_int_equal(ipfix_decoder_message(session->reader, message->data, message->len, NULL), SYNFIX_OK);
    session_check_sequence(session, message->data, message->len, &before, true);
}

static void gaps_are_counted_and_reported(void **state)
{
    collecting_process_t *const process = *state;
    collector_session_t *const made = session(process);
    uint32_t next = 1000;
    for (unsigned i = 0; i < 20; i++) {
        receive(made, next, 3);
        next += 3;
    }
    assert_int_equal(process->lines->len, 0);
    receive(made, next + 5, 2);
    assert_string_equal(process->lines->str, "peer: domain 7: 5 records missing\n");
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_MISSING), 5);
    const exporter_counters_t *counters = exporter_table_get(process->collect->exporters, "peer", 7);
    assert_int_equal(counters->messages, 21);
    assert_int_equal(counters->records, 62);
    assert_int_equal(counters->gaps, 1);
    assert_int_equal(counters->missing, 5);
    session_report_sequences(made);
    assert_non_null(strstr(process->lines->str, "peer: domain 7: 5 records lost, 0 duplicate, 0 late\n"));
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_INCOMPLETE), 1);
    const size_t length = process->lines->len;
    session_report_sequences(made); /* once */
    assert_int_equal(process->lines->len, length);
}

static void late_and_repeated_messages(void **state)
{
    collecting_process_t *const process = *state;
    collector_session_t *const made = session(process);
    for (unsigned i = 0; i < 20; i++) {
        receive(made, i * 3, 3);
    }
    receive(made, 63, 3); /* 60 to 62 are missing */
    receive(made, 60, 3); /* and arrive late */
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_LATE), 3);
    receive(made, 63, 3);
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_DUPLICATE), 3);
    const exporter_counters_t *counters = exporter_table_get(process->collect->exporters, "peer", 7);
    assert_int_equal(counters->late, 3);
    assert_int_equal(counters->duplicate, 3);
}

/* Bytes that are no whole header change nothing. */
static void a_piece_of_a_header(void **state)
{
    collecting_process_t *const process = *state;
    collector_session_t *const made = session(process);
    static const uint8_t bytes[15] = {0, 10};
    const ipfix_decoder_stats_t before = {.messages = 0};
    session_check_sequence(made, bytes, sizeof bytes, &before, true);
    assert_null(made->sequences);
    session_report_sequences(made);
    assert_int_equal(process->lines->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gaps_are_counted_and_reported, collecting_process_set_up,
                                        collecting_process_tear_down),
        cmocka_unit_test_setup_teardown(late_and_repeated_messages, collecting_process_set_up,
                                        collecting_process_tear_down),
        cmocka_unit_test_setup_teardown(a_piece_of_a_header, collecting_process_set_up,
                                        collecting_process_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
