/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file session_fixture.h
 * For tests of transport sessions: a session with a module context, and counts of its messages.
 */
#ifndef TESTS_SESSION_FIXTURE_H
#define TESTS_SESSION_FIXTURE_H

#include "base/byte_order.h"
#include "exporter/ipfix/options_records.h"
#include "exporter/ipfix/transport_session.h"
#include <glib.h>
#include <string.h>

#define SECOND      1000000000ll
#define START       (1700000000ll * SECOND)
#define DOMAIN      77u
#define OPTIONS_SET 3u

/* The messages of a session. */
typedef struct seen_messages {
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
} seen_messages_t;

static inline synfix_status_t check_message(void *user, const uint8_t *message, size_t length,
                                            uint32_t records, synfix_error_t *error)
{
    seen_messages_t *seen = user;
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

typedef struct session_fixture {
    ipfix_settings_t settings;
    synfix_module_context_t context;
    synfix_sigdb_t *sigdb;
    uint64_t lost;
    seen_messages_t seen;
} session_fixture_t;

static inline void context_counters(void *user, synfix_engine_counters_t *counters)
{
    (void)user;
    memset(counters, 0, sizeof *counters);
    counters->verdicts[SYNFIX_VERDICT_SEGMENT] = 1000; /* no loss */
    counters->verdicts[SYNFIX_VERDICT_BAD_TCP] = 5;
}

static inline uint64_t context_dropped(void *user)
{
    (void)user;
    return 7;
}

/* Records that the queue of this sink dropped. */
static inline uint64_t context_records_dropped(void *user, const void *instance)
{
    return user == instance ? 30 : 0;
}

static inline synfix_sigdb_t *context_sigdb(void *user)
{
    const session_fixture_t *fixture = user;
    return fixture->sigdb != NULL ? synfix_sigdb_ref(fixture->sigdb) : NULL;
}

static inline void sink_stats(void *user, synfix_sink_stats_t *stats)
{
    const session_fixture_t *fixture = user;
    *stats = (synfix_sink_stats_t){.lost = fixture->lost};
}

static inline synfix_sigdb_t *small_database(void)
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

static bool live_context; /* kind of the context that open_session makes */
static options_choice_t chosen_options;

static const char *context_interface(void *user, size_t position)
{
    (void)user;
    return position == 0 ? "lo" : NULL;
}

static inline void set_live(session_fixture_t *fixture)
{
    fixture->context.live = true;
    fixture->context.interface = context_interface;
}

static inline ipfix_session_t *open_session(session_fixture_t *fixture, const char *profile, uint32_t size)
{
    static const char directory[] = SYNFIX_SOURCE_DIR "/ipfix-templates";
    synfix_error_t error = {.text = ""};
    ipfix_settings_t *settings = &fixture->settings;
    *settings = (ipfix_settings_t){.message_size = size, .domain = DOMAIN, .options = chosen_options};
    fixture->context = (synfix_module_context_t){.struct_size = sizeof(synfix_module_context_t),
                                                 .user = fixture,
                                                 .counters = context_counters,
                                                 .packets_dropped = context_dropped,
                                                 .sigdb = context_sigdb,
                                                 .records_dropped = context_records_dropped};
    if (live_context) {
        set_live(fixture);
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

static inline void close_session(session_fixture_t *fixture, ipfix_session_t *session)
{
    ipfix_session_free(session);
    ipfix_settings_clear(&fixture->settings);
    if (fixture->sigdb != NULL) {
        synfix_sigdb_unref(fixture->sigdb);
    }
    g_free(fixture);
}

static inline void begin(session_fixture_t *fixture, ipfix_session_t *session)
{
    synfix_error_t error = {.text = ""};
    if (ipfix_session_begin(session, START, check_message, &fixture->seen, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(ipfix_session_sequence(session), fixture->seen.records);
}

/* One type record (RFC 5610) for each. */
static inline unsigned own_elements(const session_fixture_t *fixture)
{
    unsigned count = 0;
    for (size_t i = 0; i < ipfix_model_count(fixture->settings.model); i++) {
        count += ipfix_model_at(fixture->settings.model, i)->own;
    }
    return count;
}

#endif
