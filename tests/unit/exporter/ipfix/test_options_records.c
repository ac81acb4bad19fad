/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/ipfix/session_fixture.h"
#include <net/if.h>

/* Packets that were not analysed and records that were not delivered, wherever they were lost. */
static void test_losses_are_reported(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    synfix_error_t error = {.text = ""};
    live_context = true;
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    live_context = false;
    begin(fixture, session);
    assert_int_equal(fixture->seen.ignored, 5 + 7);
    assert_int_equal(fixture->seen.not_sent, 30);
    fixture->lost = 4;
    assert_int_equal(ipfix_session_end(session, START + SECOND, check_message, &fixture->seen, &error),
                     SYNFIX_OK);
    assert_int_equal(fixture->seen.not_sent, 34);
    close_session(fixture, session);
}

/* How far the workers are before the first record depends on the threads. A rotated file states the counts.
 */
static void test_first_options_over_files_state_no_packets(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    assert_int_equal(fixture->seen.sets[OPTIONS_METERING_RELIABILITY], 1);
    assert_int_equal(fixture->seen.ignored, 0);
    fixture->seen.expected = 0;
    fixture->seen.records = 0;
    begin(fixture, session);
    assert_int_equal(fixture->seen.ignored, 5 + 7);
    close_session(fixture, session);
}

typedef struct groups {
    seen_messages_t seen;
    unsigned together;        /* options templates that another one follows in the set */
    unsigned repeats;         /* options templates that name an element twice */
    unsigned interface_index; /* of the newest interface record */
    char interface_name[16];
} groups_t;

/* The template at @p at: its length, and whether it names an element twice. */
static size_t read_template(const uint8_t *at, bool *repeats)
{
    const unsigned count = read_be16(at + 2);
    size_t place = 6;
    uint16_t ids[64];
    *repeats = false;
    for (unsigned i = 0; i < count && i < 64; i++) {
        ids[i] = read_be16(at + place);
        for (unsigned j = 0; j < i; j++) {
            *repeats |= ids[j] == ids[i];
        }
        const bool own = (ids[i] & 0x8000) != 0;
        place += own ? 8 : 4;
    }
    return place;
}

static synfix_status_t take_groups(void *user, const uint8_t *message, size_t length, uint32_t records,
                                   synfix_error_t *error)
{
    groups_t *groups = user;
    for (size_t at = 16; at < length; at += read_be16(message + at + 2)) {
        const size_t end = at + read_be16(message + at + 2);
        if (read_be16(message + at) == OPTIONS_INTERFACE) {
            groups->interface_index = read_be32(message + at + 4);
            memcpy(groups->interface_name, message + at + 9, MIN(message[at + 8], 15));
        }
        for (size_t place = at + 4; read_be16(message + at) == OPTIONS_SET && place < end;) {
            bool repeats;
            const size_t size = read_template(message + place, &repeats);
            groups->repeats += repeats;
            groups->together += place + size < end;
            place += size;
        }
    }
    return check_message(&groups->seen, message, length, records, error);
}

/* The form that nfacctd and Logstash accept, with each profile and message size. */
static void test_groups_of_options_templates(void **state)
{
    (void)state;
    static const char *const profiles[] = {"full", "compact", "iana"};
    static const uint32_t sizes[] = {512, 1400, 65535};
    for (size_t i = 0; i < G_N_ELEMENTS(profiles) * G_N_ELEMENTS(sizes); i++) {
        session_fixture_t *fixture = g_new0(session_fixture_t, 1);
        groups_t *groups = g_new0(groups_t, 1);
        synfix_error_t error = {.text = ""};
        live_context = true;
        ipfix_session_t *session = open_session(fixture, profiles[i / 3], sizes[i % 3]);
        live_context = false;
        groups->seen.size_max = sizes[i % 3];
        assert_int_equal(ipfix_session_begin(session, START, take_groups, groups, &error), SYNFIX_OK);
        assert_int_equal(groups->together, 0);
        assert_int_equal(groups->repeats, 0);
        assert_int_equal(groups->interface_index, if_nametoindex("lo"));
        assert_string_equal(groups->interface_name, "lo");
        g_free(groups);
        close_session(fixture, session);
    }
}

/* Without options records there are templates of data alone, also at a tick with a new database. */
static void test_choice_of_options_records(void **state)
{
    (void)state;
    for (options_choice_t choice = OPTIONS_TYPES; choice <= OPTIONS_NONE; choice++) {
        session_fixture_t *fixture = g_new0(session_fixture_t, 1);
        fixture->sigdb = small_database();
        chosen_options = choice;
        ipfix_session_t *session = open_session(fixture, "compact", 1400);
        chosen_options = OPTIONS_ALL;
        begin(fixture, session);
        synfix_error_t error;
        assert_int_equal(
            ipfix_session_tick(session, START + 100 * SECOND, check_message, &fixture->seen, &error),
            SYNFIX_OK);
        assert_int_equal(
            ipfix_session_end(session, START + 101 * SECOND, check_message, &fixture->seen, &error),
            SYNFIX_OK);
        assert_true(fixture->seen.sets[2] > 0);
        assert_int_equal(fixture->seen.sets[OPTIONS_TYPE] > 0, choice == OPTIONS_TYPES);
        assert_int_equal(fixture->seen.sets[OPTIONS_SET] > 0, choice == OPTIONS_TYPES);
        for (unsigned id = OPTIONS_METERING_STATISTICS; id <= OPTIONS_INTERFACE; id++) {
            assert_int_equal(fixture->seen.sets[id], 0);
        }
        const unsigned messages = fixture->seen.messages;
        assert_int_equal(
            ipfix_session_tick(session, START + 101 * SECOND, check_message, &fixture->seen, &error),
            SYNFIX_OK);
        assert_int_equal(fixture->seen.messages, messages);
        close_session(fixture, session);
    }
}

/* A new database brings its labels at the next tick. */
static void test_new_database_is_reported(void **state)
{
    (void)state;
    session_fixture_t *fixture = g_new0(session_fixture_t, 1);
    fixture->sigdb = small_database();
    ipfix_session_t *session = open_session(fixture, "compact", 1400);
    begin(fixture, session);
    synfix_sigdb_unref(fixture->sigdb);
    fixture->sigdb = small_database();
    const unsigned labels = fixture->seen.sets[OPTIONS_LABEL];
    synfix_error_t error;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(ipfix_session_tick(session, START + SECOND, check_message, &fixture->seen, &error),
                         SYNFIX_OK);
        assert_int_equal(fixture->seen.sets[OPTIONS_LABEL], labels + 1);
    }
    close_session(fixture, session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_losses_are_reported),
        cmocka_unit_test(test_first_options_over_files_state_no_packets),
        cmocka_unit_test(test_groups_of_options_templates),
        cmocka_unit_test(test_choice_of_options_records),
        cmocka_unit_test(test_new_database_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
