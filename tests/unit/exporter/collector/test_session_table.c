/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/session_table.h"
#include <stdio.h>
#include <string.h>

#define SESSIONS   16
#define CANDIDATES 40

typedef struct fixture {
    session_table_t *table;
    char ended[64]; /* the peer that was ended last */
    unsigned ends;
    session_entry_t *entries[256];
    unsigned count;
} fixture_t;

static void on_end(session_entry_t *entry, const char *reason, void *user)
{
    fixture_t *const fixture = user;
    assert_non_null(reason);
    g_strlcpy(fixture->ended, entry->peer, sizeof fixture->ended);
    fixture->ends++;
    g_free(entry->peer);
    entry->peer = NULL;
}

static int set_up(void **state)
{
    static const session_limits_t limits = {.sessions = SESSIONS,
                                            .candidates = CANDIDATES,
                                            .sessions_of_host = 12,
                                            .total = {.templates = 1000, .fields = 1000, .bytes = 100000}};
    fixture_t *const fixture = g_new0(fixture_t, 1);
    fixture->table = session_table_new(&limits, on_end, fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    for (unsigned i = 0; i < fixture->count; i++) {
        if (fixture->entries[i]->host) {
            session_table_remove(fixture->table, fixture->entries[i]);
        }
        g_free(fixture->entries[i]);
    }
    session_table_free(fixture->table);
    g_free(fixture);
    return 0;
}

/* A session of @p peer if there is room. NULL: refused. */
static session_entry_t *add(fixture_t *fixture, session_kind_t kind, const char *peer, const char *host,
                            int64_t now)
{
    if (!session_table_admit(fixture->table, kind, host, now)) {
        return NULL;
    }
    session_entry_t *const entry = g_new0(session_entry_t, 1);
    fixture->entries[fixture->count++] = entry;
    session_table_add(fixture->table, entry, kind, peer, host, now);
    return entry;
}

static void add_many(fixture_t *fixture, session_kind_t kind, session_rank_t rank, unsigned count,
                     const char *host, int64_t now)
{
    for (unsigned i = 0; i < count; i++) {
        char peer[32], own[32];
        snprintf(peer, sizeof peer, "%s-%u-%u", host ? host : "h", fixture->count, rank);
        snprintf(own, sizeof own, "%s", host ? host : peer);
        session_entry_t *const entry = add(fixture, kind, peer, own, now);
        assert_non_null(entry);
        if (rank > SESSION_SILENT) {
            assert_true(session_table_touch(fixture->table, entry, rank, now));
        }
    }
}

static void finds_sessions_by_name(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const entry = add(fixture, SESSION_DATAGRAMS, "a", "host", 0);
    assert_ptr_equal(session_table_find(fixture->table, "a"), entry);
    assert_null(session_table_find(fixture->table, "b"));
    session_table_remove(fixture->table, entry);
    assert_null(session_table_find(fixture->table, "a"));
    assert_int_equal(session_table_count(fixture->table), 0);
}

static void sessions_without_records_have_limits(void **state)
{
    fixture_t *const fixture = *state;
    session_table_limit(fixture->table, 8); /* of descriptors */
    add_many(fixture, SESSION_DATAGRAMS, SESSION_KNOWN, 100, NULL, 0);
    assert_int_equal(session_table_count(fixture->table), CANDIDATES);
    assert_int_equal(fixture->ends, 100 - CANDIDATES);
    add_many(fixture, SESSION_CONNECTION, SESSION_SILENT, 100, NULL, 0);
    assert_int_equal(session_table_count(fixture->table), CANDIDATES + 8 / 4);
}

/* A session over UDP needs a place when it delivers: a connection without records makes room. */
static void records_need_a_place(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const first = add(fixture, SESSION_DATAGRAMS, "first", "first", 0);
    session_entry_t *const second = add(fixture, SESSION_DATAGRAMS, "second", "second", 0);
    assert_true(session_table_touch(fixture->table, first, SESSION_KNOWN, 0));
    assert_non_null(add(fixture, SESSION_CONNECTION, "silent", "silent", 0));
    add_many(fixture, SESSION_DATAGRAMS, SESSION_DELIVERING, SESSIONS - 1, NULL, 0);
    assert_int_equal(fixture->ends, 0);
    assert_true(session_table_touch(fixture->table, first, SESSION_DELIVERING, 1));
    assert_string_equal(fixture->ended, "silent");
    assert_false(session_table_touch(fixture->table, second, SESSION_DELIVERING, 1));
    assert_int_equal(second->rank, SESSION_SILENT);
    assert_true(session_table_touch(fixture->table, first, SESSION_DELIVERING, 2));
    assert_true(session_table_touch(fixture->table, second, SESSION_DELIVERING, DELIVERED_SAFE_US));
    assert_int_equal(fixture->ends, 2);
}

static void the_host_with_the_most_sessions_gives_way(void **state)
{
    fixture_t *const fixture = *state;
    assert_non_null(add(fixture, SESSION_CONNECTION, "good", "good", 0));
    add_many(fixture, SESSION_CONNECTION, SESSION_SILENT, 100, "bad", 1);
    assert_non_null(session_table_find(fixture->table, "good"));
}

static void a_delivering_session_stays(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const good = add(fixture, SESSION_DATAGRAMS, "good", "good", 0);
    assert_true(session_table_touch(fixture->table, good, SESSION_DELIVERING, 0));
    add_many(fixture, SESSION_DATAGRAMS, SESSION_KNOWN, 200, NULL, 1);
    assert_non_null(session_table_find(fixture->table, "good"));
}

static void refuses_when_all_deliver(void **state)
{
    fixture_t *const fixture = *state;
    add_many(fixture, SESSION_DATAGRAMS, SESSION_DELIVERING, SESSIONS, NULL, 5);
    assert_null(add(fixture, SESSION_CONNECTION, "late", "late", DELIVERED_SAFE_US));
    assert_int_equal(fixture->ends, 0);
    /* One that has been silent for long enough makes room. */
    assert_non_null(add(fixture, SESSION_CONNECTION, "late", "late", DELIVERED_SAFE_US + 5));
    assert_int_equal(fixture->ends, 1);
}

static void a_host_has_its_own_limit(void **state)
{
    fixture_t *const fixture = *state;
    add_many(fixture, SESSION_DATAGRAMS, SESSION_DELIVERING, 12, "host", 0);
    assert_null(add(fixture, SESSION_DATAGRAMS, "more", "host", 1));
    assert_non_null(add(fixture, SESSION_DATAGRAMS, "other", "other", 1));
}

static void the_largest_makes_room_in_memory(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const small = add(fixture, SESSION_CONNECTION, "small", "a", 0);
    session_entry_t *const large = add(fixture, SESSION_DATAGRAMS, "large", "b", 0);
    session_entry_t *const third = add(fixture, SESSION_DATAGRAMS, "third", "c", 0);
    const session_usage_t kib = {.templates = 1, .fields = 10, .bytes = 1000};
    const session_usage_t half = {.templates = 1, .fields = 10, .bytes = 60000};
    const session_usage_t rest = {.templates = 1, .fields = 10, .bytes = 50000};
    assert_true(session_table_account(fixture->table, small, &kib));
    assert_true(session_table_account(fixture->table, large, &half));
    assert_true(session_table_account(fixture->table, third, &rest));
    assert_string_equal(fixture->ended, "large");
    /* The memory of the ended one is free: 51,000 bytes and 20 fields are in use. */
    const session_usage_t full = {.templates = 1, .fields = 990, .bytes = 99000};
    assert_true(session_table_account(fixture->table, third, &full));
    assert_int_equal(fixture->ends, 1);
    /* The heaviest may be the one that asks. */
    const session_usage_t all = {.templates = 1, .fields = 10, .bytes = 99001};
    assert_false(session_table_account(fixture->table, third, &all));
    assert_int_equal(fixture->ends, 1);
}

static void memory_of_delivering_sessions_weighs_less(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const good = add(fixture, SESSION_CONNECTION, "good", "a", 0);
    session_entry_t *const bad = add(fixture, SESSION_CONNECTION, "bad", "b", 0);
    const session_usage_t large = {.bytes = 60000}, less = {.bytes = 45000};
    assert_true(session_table_touch(fixture->table, good, SESSION_DELIVERING, 0));
    assert_true(session_table_account(fixture->table, good, &large));
    assert_false(session_table_account(fixture->table, bad, &less));
    assert_non_null(session_table_find(fixture->table, "good"));
}

/* Many small sessions over UDP fill the memory: not the handshake that is larger than each of them ends. */
static void candidates_make_room_for_connections(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const handshake = add(fixture, SESSION_CONNECTION, "handshake", "a", 0);
    session_entry_t *const exporter = add(fixture, SESSION_DATAGRAMS, "exporter", "b", 0);
    const session_usage_t usage = {.bytes = 40000}, small = {.bytes = 20000}, half = {.bytes = 50000};
    assert_true(session_table_account(fixture->table, handshake, &usage));
    assert_true(session_table_account(fixture->table, exporter, &small));
    assert_true(session_table_account(fixture->table, add(fixture, SESSION_DATAGRAMS, "c", "c", 0), &small));
    assert_true(session_table_account(fixture->table, add(fixture, SESSION_DATAGRAMS, "d", "d", 0), &small));
    assert_true(session_table_account(fixture->table, handshake, &half));
    assert_string_equal(fixture->ended, "exporter");
    /* They hold less than a quarter: the largest of all ends. */
    session_entry_t *const large = add(fixture, SESSION_CONNECTION, "large", "e", 0);
    session_table_remove(fixture->table, session_table_find(fixture->table, "c"));
    assert_true(session_table_account(fixture->table, large, &usage));
    assert_string_equal(fixture->ended, "handshake");
}

static void templates_and_fields_have_totals(void **state)
{
    fixture_t *const fixture = *state;
    session_entry_t *const entry = add(fixture, SESSION_CONNECTION, "a", "a", 0);
    const session_usage_t templates = {.templates = 1001, .bytes = 1}, fields = {.fields = 1001, .bytes = 1};
    assert_false(session_table_account(fixture->table, entry, &templates));
    assert_false(session_table_account(fixture->table, entry, &fields));
}

static void a_smaller_limit_counts_at_once(void **state)
{
    fixture_t *const fixture = *state;
    session_table_limit(fixture->table, 8);
    add_many(fixture, SESSION_DATAGRAMS, SESSION_DELIVERING, 8, NULL, 0);
    assert_null(add(fixture, SESSION_CONNECTION, "late", "late", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_sessions_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sessions_without_records_have_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_need_a_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_host_with_the_most_sessions_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_delivering_session_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_when_all_deliver, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_host_has_its_own_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_largest_makes_room_in_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_of_delivering_sessions_weighs_less, set_up, tear_down),
        cmocka_unit_test_setup_teardown(candidates_make_room_for_connections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(templates_and_fields_have_totals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_smaller_limit_counts_at_once, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
