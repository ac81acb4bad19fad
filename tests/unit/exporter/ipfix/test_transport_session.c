/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/ipfix/session_fixture.h"

static void test_begin_says_everything_in_order(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 1400, 65535};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        session_fixture_t *fixture = g_new0(session_fixture_t, 1);
        fixture->sigdb = small_database();
        ipfix_session_t *session = open_session(fixture, "compact", sizes[i]);
        begin(fixture, session);
        const seen_messages_t *seen = &fixture->seen;
        /* the types, 2 metering, 1 exporting, the templates' keys, 1 database, 2 labels */
        assert_int_equal(seen->records, own_elements(fixture) + 2 + 1 + IPFIX_VARIANTS + 1 + 2);
        assert_true(seen->first[OPTIONS_SET] < seen->first[OPTIONS_TYPE]);
        assert_true(seen->first[OPTIONS_TYPE] < seen->first[2]);
        assert_true(seen->first[2] < seen->first[OPTIONS_METERING_STATISTICS]);
        for (unsigned id = OPTIONS_TYPE; id <= OPTIONS_LABEL; id++) {
            assert_true(seen->sets[id] > 0);
        }
        assert_int_equal(seen->export_time, START / SECOND);
        close_session(fixture, session);
    }
}

static void test_iana_only_stays_so(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    fixture->sigdb = small_database();
    ipfix_session_t *session = open_session(fixture, "iana", 1400);
    begin(fixture, session);
    assert_int_equal(fixture->seen.sets[OPTIONS_TYPE], 0);
    assert_int_equal(fixture->seen.sets[OPTIONS_DATABASE], 0);
    assert_int_equal(fixture->seen.sets[OPTIONS_LABEL], 0);
    assert_true(fixture->seen.sets[OPTIONS_FLOW_KEYS] > 0);
    close_session(fixture, session);
}

static void test_timers(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        bool options;
        bool templates;
    } steps[] = {{1, false, true},   {2, false, false},   {3, false, true},   {6, false, false},
                 {7, false, true},   {15, false, true},   {31, false, true},  {59, false, false},
                 {60, true, false},  {63, false, true},   {127, true, true},  {254, true, false},
                 {255, false, true}, {510, true, false},  {511, false, true}, {810, true, false},
                 {811, false, true}, {1110, true, false}, {1111, false, true}};
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const unsigned options = fixture->seen.sets[OPTIONS_METERING_STATISTICS];
        const unsigned templates = fixture->seen.sets[2];
        synfix_error_t error;
        assert_int_equal(ipfix_session_tick(session, START + steps[i].at_s * SECOND, check_message,
                                            &fixture->seen, &error),
                         SYNFIX_OK);
        assert_int_equal(fixture->seen.sets[OPTIONS_METERING_STATISTICS] > options, steps[i].options);
        assert_int_equal(fixture->seen.sets[2] > templates, steps[i].templates);
    }
    close_session(fixture, session);
}

/* The growing intervals start again for a collector that may have missed the templates. */
static void test_hurry_restarts_the_intervals(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    synfix_error_t error;
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    for (int64_t at = 1; at < 400; at++) {
        assert_int_equal(
            ipfix_session_tick(session, START + at * SECOND, check_message, &fixture->seen, &error),
            SYNFIX_OK);
    }
    const unsigned templates = fixture->seen.sets[2];
    ipfix_session_restart_intervals(session);
    assert_int_equal(
        ipfix_session_resend(session, START + 400 * SECOND, check_message, &fixture->seen, &error),
        SYNFIX_OK);
    const unsigned resent = fixture->seen.sets[2];
    assert_true(resent > templates);
    assert_int_equal(ipfix_session_tick(session, START + 401 * SECOND, check_message, &fixture->seen, &error),
                     SYNFIX_OK);
    assert_true(fixture->seen.sets[2] > resent);
    close_session(fixture, session);
}

static void test_stamps_and_message_count(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    uint8_t message[20] = {0, 10, 0, 20};
    uint8_t header[IPFIX_HEADER_SIZE];
    for (unsigned i = 0; i < 100; i++) {
        const uint32_t sequence = ipfix_session_sequence(session);
        ipfix_session_write_header(session, message, sizeof message, 3, START + SECOND, header);
        assert_memory_equal(header, message, 4);
        assert_int_equal(read_be32(header + 4), START / SECOND + 1);
        assert_int_equal(read_be32(header + 8), sequence);
        assert_int_equal(read_be32(header + 12), DOMAIN);
        assert_int_equal(ipfix_session_sequence(session), sequence + 3);
    }
    synfix_error_t error;
    const unsigned templates = fixture->seen.sets[2];
    fixture->seen.expected = ipfix_session_sequence(session);
    assert_int_equal(ipfix_session_tick(session, START + SECOND, check_message, &fixture->seen, &error),
                     SYNFIX_OK);
    assert_true(fixture->seen.sets[2] > templates); /* 100 messages went by */
    fixture->seen.expected = 0;
    fixture->seen.records = 0;
    begin(fixture, session); /* a new connection counts from 0 */
    close_session(fixture, session);
}

static void test_failure_ends_the_call_and_the_next_begin_is_whole(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 512);
    synfix_error_t error = {.text = ""};
    fixture->seen.answer = SYNFIX_DISCONNECTED;
    assert_int_equal(ipfix_session_begin(session, START, check_message, &fixture->seen, &error),
                     SYNFIX_DISCONNECTED);
    assert_string_equal(error.text, "refused");
    assert_int_equal(fixture->seen.messages, 1);
    memset(&fixture->seen, 0, sizeof fixture->seen);
    fixture->seen.size_max = 512;
    begin(fixture, session);
    assert_int_equal(fixture->seen.records, own_elements(fixture) + 2 + 1 + IPFIX_VARIANTS);
    close_session(fixture, session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin_says_everything_in_order),
        cmocka_unit_test(test_iana_only_stays_so),
        cmocka_unit_test(test_timers),
        cmocka_unit_test(test_hurry_restarts_the_intervals),
        cmocka_unit_test(test_stamps_and_message_count),
        cmocka_unit_test(test_failure_ends_the_call_and_the_next_begin_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
