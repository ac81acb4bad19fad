/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/ipfix/options_records.h"
#include "exporter/ipfix/transport_session.h"
#include <glib.h>
#include <net/if.h>
#include <string.h>

#define SECOND      1000000000ll
#define START       (1700000000ll * SECOND)
#define DOMAIN      77u
#define OPTIONS_SET 3u

/* What came out of a session, message by message. */
typedef struct record {
    unsigned messages;
    uint32_t records;  /* as the session reported them */
    uint32_t expected; /* sequence of the next message */
    uint32_t size_max;
    uint32_t export_time;  /* of the newest */
    unsigned sets[65536];  /* by set id */
    uint32_t first[65536]; /* position of the first set of an id; 0 before */
    uint32_t position;
    uint64_t ignored;  /* of the newest record of metering reliability */
    uint64_t not_sent; /* of the newest record of exporting reliability */
    synfix_status_t answer;
} record_t;

static synfix_status_t take(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    record_t *seen = user;
    assert_int_equal(read_be16(message), 10);
    assert_int_equal(read_be16(message + 2), length);
    assert_true(length <= seen->size_max);
    assert_int_equal(read_be32(message + 8), seen->expected);
    assert_int_equal(read_be32(message + 12), DOMAIN);
    seen->export_time = read_be32(message + 4);
    seen->expected += records;
    seen->records += records;
    seen->messages++;
    for (size_t at = 16; at < length; at += read_be16(message + at + 2)) {
        const uint16_t id = read_be16(message + at);
        seen->sets[id]++;
        if (id == OPTIONS_METERING_RELIABILITY) {
            seen->ignored = read_be64(message + at + 12); /* behind the set's header, domain and process */
        } else if (id == OPTIONS_EXPORTING_RELIABILITY) {
            seen->not_sent = read_be64(message + at + 8);
        }
        seen->first[id] = seen->first[id] != 0 ? seen->first[id] : ++seen->position;
    }
    return seen->answer != SYNFIX_OK ? synfix_fail(error, seen->answer, "refused") : SYNFIX_OK;
}

typedef struct fixture {
    ipfix_settings_t settings;
    synfix_module_context_t context;
    synfix_sigdb_t *sigdb;
    uint64_t lost;
    record_t seen;
} fixture_t;

static void host_counters(void *user, synfix_engine_counters_t *counters)
{
    (void)user;
    memset(counters, 0, sizeof *counters);
    counters->verdicts[SYNFIX_VERDICT_SEGMENT] = 1000; /* no loss */
    counters->verdicts[SYNFIX_VERDICT_BAD_TCP] = 5;
}

static uint64_t host_dropped(void *user)
{
    (void)user;
    return 7;
}

/* What the queue before this sink had no room for. */
static uint64_t host_records_dropped(void *user, const void *instance)
{
    return user == instance ? 30 : 0;
}

static synfix_sigdb_t *host_sigdb(void *user)
{
    const fixture_t *fixture = user;
    return fixture->sigdb != NULL ? synfix_sigdb_ref(fixture->sigdb) : NULL;
}

static void sink_stats(void *user, synfix_sink_stats_t *stats)
{
    const fixture_t *fixture = user;
    *stats = (synfix_sink_stats_t){.lost = fixture->lost};
}

static synfix_sigdb_t *small_database(void)
{
    static const char text[] =
        "classes = win,unix,other\n[tcp:request]\nlabel = s:unix:Linux:5.x\n"
        "sig = *:64:0:*:mss*20,7:mss,sok,ts,nop,ws:df,id+:0\n"
        "label = s:win:Windows:10\nsig = *:128:0:*:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0\n";
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load_text(sigdb, "small.fp", text, strlen(text), &error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return sigdb;
}

static bool live_host; /* what open_session makes */
static options_choice_t chosen_options;

static const char *host_interface(void *user, size_t position)
{
    (void)user;
    return position == 0 ? "lo" : NULL;
}

static void host_is_live(fixture_t *fixture)
{
    fixture->context.live = true;
    fixture->context.interface = host_interface;
}

static ipfix_session_t *open_session(fixture_t *fixture, const char *profile, uint32_t size)
{
    static const char directory[] = SYNFIX_SOURCE_DIR "/ipfix-templates";
    synfix_error_t error = {.text = ""};
    ipfix_settings_t *settings = &fixture->settings;
    *settings = (ipfix_settings_t){.message_size = size, .domain = DOMAIN, .options = chosen_options};
    fixture->context = (synfix_module_context_t){.struct_size = sizeof(synfix_module_context_t),
                                                 .user = fixture,
                                                 .counters = host_counters,
                                                 .packets_dropped = host_dropped,
                                                 .sigdb = host_sigdb,
                                                 .records_dropped = host_records_dropped};
    if (live_host) {
        host_is_live(fixture);
    }
    fixture->seen.size_max = size;
    const ipfix_session_config_t config = {.settings = settings,
                                           .context = &fixture->context,
                                           .options_interval_ms = 60000,
                                           .template_interval_ms = 300000,
                                           .template_messages = 100,
                                           .stats = sink_stats,
                                           .stats_user = fixture};
    ipfix_session_t *session = NULL;
    if (ipfix_model_load(directory, 4242, &settings->model, &error) != SYNFIX_OK ||
        ipfix_profile_load(settings->model, directory, profile, false, &settings->profile, &error) !=
            SYNFIX_OK ||
        ipfix_session_new(&config, &session, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return session;
}

static void close_session(fixture_t *fixture, ipfix_session_t *session)
{
    ipfix_session_free(session);
    ipfix_settings_clear(&fixture->settings);
    if (fixture->sigdb != NULL) {
        synfix_sigdb_unref(fixture->sigdb);
    }
    g_free(fixture);
}

static void begin(fixture_t *fixture, ipfix_session_t *session)
{
    synfix_error_t error = {.text = ""};
    if (ipfix_session_begin(session, START, take, &fixture->seen, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(ipfix_session_sequence(session), fixture->seen.records);
}

/* One type record (RFC 5610) for each. */
static unsigned own_elements(const fixture_t *fixture)
{
    unsigned count = 0;
    for (size_t i = 0; i < ipfix_model_count(fixture->settings.model); i++) {
        count += ipfix_model_at(fixture->settings.model, i)->own;
    }
    return count;
}

static void test_begin_says_everything_in_order(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {512, 1400, 65535};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        fixture_t *fixture = g_new0(fixture_t, 1);
        fixture->sigdb = small_database();
        ipfix_session_t *session = open_session(fixture, "compact", sizes[i]);
        begin(fixture, session);
        const record_t *seen = &fixture->seen;
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

/* Packets that were not analysed and records that were not delivered, wherever they were lost. */
static void test_losses_are_told(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
    synfix_error_t error = {.text = ""};
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    assert_int_equal(fixture->seen.ignored, 5 + 7);
    assert_int_equal(fixture->seen.not_sent, 30);
    fixture->lost = 4;
    assert_int_equal(ipfix_session_end(session, START + SECOND, take, &fixture->seen, &error), SYNFIX_OK);
    assert_int_equal(fixture->seen.not_sent, 34);
    close_session(fixture, session);
}

typedef struct groups {
    record_t seen;
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
    return take(&groups->seen, message, length, records, error);
}

/* What nfacctd and Logstash accept, with each profile and message size. */
static void test_groups_of_options_templates(void **state)
{
    (void)state;
    static const char *const profiles[] = {"full", "compact", "iana"};
    static const uint32_t sizes[] = {512, 1400, 65535};
    for (size_t i = 0; i < G_N_ELEMENTS(profiles) * G_N_ELEMENTS(sizes); i++) {
        fixture_t *fixture = g_new0(fixture_t, 1);
        groups_t *groups = g_new0(groups_t, 1);
        synfix_error_t error = {.text = ""};
        live_host = true;
        ipfix_session_t *session = open_session(fixture, profiles[i / 3], sizes[i % 3]);
        live_host = false;
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

static void test_iana_only_stays_so(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
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
    fixture_t *fixture = g_new0(fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const unsigned options = fixture->seen.sets[OPTIONS_METERING_STATISTICS];
        const unsigned templates = fixture->seen.sets[2];
        synfix_error_t error;
        assert_int_equal(
            ipfix_session_tick(session, START + steps[i].at_s * SECOND, take, &fixture->seen, &error),
            SYNFIX_OK);
        assert_int_equal(fixture->seen.sets[OPTIONS_METERING_STATISTICS] > options, steps[i].options);
        assert_int_equal(fixture->seen.sets[2] > templates, steps[i].templates);
    }
    close_session(fixture, session);
}

/* The growing intervals begin anew for a collector that may have missed the templates. */
static void test_hurry_begins_the_intervals_anew(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
    synfix_error_t error;
    ipfix_session_t *session = open_session(fixture, "full", 1400);
    begin(fixture, session);
    for (int64_t at = 1; at < 400; at++) {
        assert_int_equal(ipfix_session_tick(session, START + at * SECOND, take, &fixture->seen, &error),
                         SYNFIX_OK);
    }
    const unsigned templates = fixture->seen.sets[2];
    ipfix_session_restart_intervals(session);
    assert_int_equal(ipfix_session_resend(session, START + 400 * SECOND, take, &fixture->seen, &error),
                     SYNFIX_OK);
    const unsigned resent = fixture->seen.sets[2];
    assert_true(resent > templates);
    assert_int_equal(ipfix_session_tick(session, START + 401 * SECOND, take, &fixture->seen, &error),
                     SYNFIX_OK);
    assert_true(fixture->seen.sets[2] > resent);
    close_session(fixture, session);
}

static void test_stamps_and_message_count(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
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
    assert_int_equal(ipfix_session_tick(session, START + SECOND, take, &fixture->seen, &error), SYNFIX_OK);
    assert_true(fixture->seen.sets[2] > templates); /* 100 messages went by */
    fixture->seen.expected = 0;
    fixture->seen.records = 0;
    begin(fixture, session); /* a new connection counts from 0 */
    close_session(fixture, session);
}

static void test_failure_ends_the_call_and_the_next_begin_is_whole(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
    ipfix_session_t *session = open_session(fixture, "full", 512);
    synfix_error_t error = {.text = ""};
    fixture->seen.answer = SYNFIX_DISCONNECTED;
    assert_int_equal(ipfix_session_begin(session, START, take, &fixture->seen, &error), SYNFIX_DISCONNECTED);
    assert_string_equal(error.text, "refused");
    assert_int_equal(fixture->seen.messages, 1);
    memset(&fixture->seen, 0, sizeof fixture->seen);
    fixture->seen.size_max = 512;
    begin(fixture, session);
    assert_int_equal(fixture->seen.records, own_elements(fixture) + 2 + 1 + IPFIX_VARIANTS);
    close_session(fixture, session);
}

/* A new database brings its labels at the next tick. */
static void test_new_database_is_told(void **state)
{
    (void)state;
    fixture_t *fixture = g_new0(fixture_t, 1);
    fixture->sigdb = small_database();
    ipfix_session_t *session = open_session(fixture, "compact", 1400);
    begin(fixture, session);
    synfix_sigdb_unref(fixture->sigdb);
    fixture->sigdb = small_database();
    const unsigned labels = fixture->seen.sets[OPTIONS_LABEL];
    synfix_error_t error;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(ipfix_session_tick(session, START + SECOND, take, &fixture->seen, &error),
                         SYNFIX_OK);
        assert_int_equal(fixture->seen.sets[OPTIONS_LABEL], labels + 1);
    }
    close_session(fixture, session);
}

/* Without options records there are templates of data alone, also at a tick with a new database. */
static void test_choice_of_options_records(void **state)
{
    (void)state;
    for (options_choice_t choice = OPTIONS_TYPES; choice <= OPTIONS_NONE; choice++) {
        fixture_t *fixture = g_new0(fixture_t, 1);
        fixture->sigdb = small_database();
        chosen_options = choice;
        ipfix_session_t *session = open_session(fixture, "compact", 1400);
        chosen_options = OPTIONS_ALL;
        begin(fixture, session);
        synfix_error_t error;
        assert_int_equal(ipfix_session_tick(session, START + 100 * SECOND, take, &fixture->seen, &error),
                         SYNFIX_OK);
        assert_int_equal(ipfix_session_end(session, START + 101 * SECOND, take, &fixture->seen, &error),
                         SYNFIX_OK);
        assert_true(fixture->seen.sets[2] > 0);
        assert_int_equal(fixture->seen.sets[OPTIONS_TYPE] > 0, choice == OPTIONS_TYPES);
        assert_int_equal(fixture->seen.sets[OPTIONS_SET] > 0, choice == OPTIONS_TYPES);
        for (unsigned id = OPTIONS_METERING_STATISTICS; id <= OPTIONS_INTERFACE; id++) {
            assert_int_equal(fixture->seen.sets[id], 0);
        }
        const unsigned messages = fixture->seen.messages;
        assert_int_equal(ipfix_session_tick(session, START + 101 * SECOND, take, &fixture->seen, &error),
                         SYNFIX_OK);
        assert_int_equal(fixture->seen.messages, messages);
        close_session(fixture, session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin_says_everything_in_order),
        cmocka_unit_test(test_losses_are_told),
        cmocka_unit_test(test_groups_of_options_templates),
        cmocka_unit_test(test_iana_only_stays_so),
        cmocka_unit_test(test_timers),
        cmocka_unit_test(test_hurry_begins_the_intervals_anew),
        cmocka_unit_test(test_stamps_and_message_count),
        cmocka_unit_test(test_failure_ends_the_call_and_the_next_begin_is_whole),
        cmocka_unit_test(test_new_database_is_told),
        cmocka_unit_test(test_choice_of_options_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
