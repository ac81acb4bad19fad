/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/host_sightings.h"
#include "support/sample_observation.h"

static uint64_t count_hosts(const host_model_t *model)
{
    host_model_stats_t stats;
    host_model_stats(model, &stats);
    return stats.hosts;
}

static void a_host_is_known_by_its_observations(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (int i = 0; i < 5; i++) {
        assert_false(sighting_add(model, 1, LINUX_TEXT, &linux_label, i, NULL));
    }
    assert_false(sighting_add(model, 1, LINUX_STRIPPED, NULL, 5, NULL));
    const host_row_t row = row_of(model, 1);
    assert_int_equal(row.observations, 6);
    assert_int_equal(row.first_ns, TEST_START_NS);
    assert_int_equal(row.last_ns, TEST_START_NS + 5 * SECOND_NS);
    assert_string_equal(row.label->text, "Linux 5.x");
    assert_int_equal(row.label_count, 2);
    assert_int_equal(row.labels[0].count, 5);
    assert_string_equal(row.labels[1].label->text, "?");
    assert_int_equal(row.signature_count, 2);
    assert_int_equal(row.signatures[0].count, 5);
    assert_int_equal(row.link_mtu, 1500);
    assert_int_equal(row.score, 0);
    assert_int_equal(row.change_count, 0);
    host_model_free(model);
}

static void an_observation_becomes_a_row(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    host_row_t row;
    sample_t sample;
    sample_syn(&sample);
    sample.headers.encapsulation = (synfix_encapsulation_t){.vlan_count = 1, .vlan_id = 7};
    host_sighting_t sighting;
    assert_true(host_sighting_read(&sighting, &sample.observation));
    sighting.label = host_labels_add(host_model_labels(model), sample.observation.fingerprint->match.label);
    sighting.link =
        host_labels_add_text(host_model_labels(model), sample.observation.fingerprint->link_label);
    assert_false(host_model_add(model, &sighting, NULL));
    assert_int_equal(host_model_find(model, &sample.headers.source, 4, keep_row, &row), 1);
    assert_int_equal(row.key.vlan_id, 7);
    assert_int_equal(row.key.customer_vlan_id, HOST_NO_VLAN);
    assert_string_equal(row.label->text, "Windows XP");
    assert_string_equal(row.link_label, "DSL");
    assert_int_equal(row.distance, 8);
    host_model_free(model);
}

static void roles_and_tags_are_hosts_of_their_own(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    host_row_t row;
    host_sighting_t sighting = sighting_of(model, 1, LINUX_TEXT, &linux_label, 0);
    (void)host_model_add(model, &sighting, NULL);
    sighting.key.role = HOST_SERVER;
    (void)host_model_add(model, &sighting, NULL);
    sighting.key.vlan_id = 0;
    (void)host_model_add(model, &sighting, NULL);
    assert_int_equal(count_hosts(model), 3);
    assert_int_equal(host_model_find(model, &sighting.key.address, 4, keep_row, &row), 3);
    assert_int_equal(host_model_find(model, &sighting.key.address, 6, keep_row, &row), 0);
    host_model_free(model);
}

static void the_number_of_hosts_is_bounded(void **state)
{
    (void)state;
    host_model_t *model = test_model(100);
    host_model_stats_t stats;
    for (uint32_t i = 0; i < 5000; i++) {
        host_sighting_t sighting = sighting_of(model, 1, LINUX_TEXT, &linux_label, i);
        sighting.key.address.bytes[0] = (uint8_t)(i >> 8);
        sighting.key.address.bytes[1] = (uint8_t)i;
        (void)host_model_add(model, &sighting, NULL);
    }
    host_model_stats(model, &stats);
    assert_int_equal(stats.hosts, 100);
    assert_int_equal(stats.evicted, 4900);
    assert_int_equal(stats.lost, 0);
    host_row_t row;
    const synfix_address_t newest = {{4999 >> 8, 4999 & 255, 2, 1}};
    assert_int_equal(host_model_find(model, &newest, 4, keep_row, &row), 1);
    host_model_free(model);
}

static void old_hosts_expire(void **state)
{
    (void)state;
    const host_model_config_t config = {.lifetime_ns = 60 * SECOND_NS, .evidence = true};
    host_model_t *model = host_model_new(&config);
    (void)sighting_add(model, 1, LINUX_TEXT, &linux_label, 0, NULL);
    (void)sighting_add(model, 2, LINUX_TEXT, &linux_label, 61, NULL);
    host_model_expire(model);
    assert_int_equal(count_hosts(model), 1);
    assert_int_equal(row_of(model, 1).observations, 0);
    (void)sighting_add(model, 1, LINUX_TEXT, &linux_label, 62, NULL);
    assert_int_equal(row_of(model, 1).observations, 1);
    host_model_free(model);
}

static bool add_host(const host_row_t *row, void *user)
{
    *(unsigned *)user |= 1u << row->key.address.bytes[3];
    return true;
}

static void updates_are_given_out_once(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    unsigned hosts = 0;
    for (uint8_t i = 1; i <= 3; i++) {
        (void)sighting_add(model, i, LINUX_TEXT, &linux_label, i, NULL);
    }
    assert_int_equal(host_model_updated(model, 2, add_host, &hosts), 2);
    host_model_restore_updated(model);
    hosts = 0;
    assert_int_equal(host_model_updated(model, 10, add_host, &hosts), 3);
    assert_int_equal(hosts, 14);
    assert_int_equal(host_model_updated(model, 10, add_host, &hosts), 0);
    (void)sighting_add(model, 2, LINUX_TEXT, &linux_label, 9, NULL);
    hosts = 0;
    assert_int_equal(host_model_updated(model, 10, add_host, &hosts), 1);
    assert_int_equal(hosts, 4);
    (void)sighting_add(model, 2, LINUX_TEXT, &linux_label, 10, NULL);
    hosts = 0;
    host_model_update_all(model);
    assert_int_equal(host_model_updated(model, 10, add_host, &hosts), 3);
    assert_int_equal(hosts, 14);
    assert_int_equal(host_model_updated(model, 10, add_host, &hosts), 0);
    host_model_free(model);
}

static void two_systems_in_turn_share_an_address(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    synfix_host_change_t change;
    unsigned changes = 0;
    for (int i = 0; i < 10; i++) {
        changes += sighting_add(model, 1, i % 2 ? WINDOWS_TEXT : LINUX_TEXT,
                                i % 2 ? &windows_label : &linux_label, i * 20, &change);
    }
    assert_int_equal(changes, 1);
    assert_true(change.reasons & SYNFIX_HOST_SHARED);
    assert_true(change.reasons & SYNFIX_HOST_LAYOUT);
    assert_true(change.reasons & SYNFIX_HOST_TTL);
    const host_row_t row = row_of(model, 1);
    assert_true(host_row_shared(&row));
    assert_int_equal(row.score, 100);
    host_model_free(model);
}

static void no_label_is_needed_to_see_sharing(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (int i = 0; i < 10; i++) {
        (void)sighting_add(model, 1, i % 2 ? MACOS_TEXT : LINUX_TEXT, NULL, i * 20, NULL);
    }
    const host_row_t row = row_of(model, 1);
    assert_true(host_row_shared(&row));
    host_model_free(model);
}

static void ordinary_changes_are_no_sharing(void **state)
{
    (void)state;
    static const char *const coming_and_going[] = {LINUX_STRIPPED, LINUX_BY_VPN, LINUX_ECN};
    for (size_t k = 0; k < 3; k++) {
        host_model_t *model = test_model(0);
        for (int i = 0; i < 30; i++) {
            (void)sighting_add(model, 1, i % 3 ? LINUX_TEXT : coming_and_going[k],
                               i % 3 || k > 0 ? &linux_label : &macos_label, i * 5, NULL);
        }
        const host_row_t row = row_of(model, 1);
        assert_false(host_row_shared(&row));
        host_model_free(model);
    }
}

static void a_tool_is_no_second_host(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (int i = 0; i < 30; i++) {
        (void)sighting_add(model, 1, i % 2 ? "4:50+14:0:1460:1024,0:mss::0" : WINDOWS_TEXT,
                           i % 2 ? &tool_label : &windows_label, i, NULL);
    }
    const host_row_t row = row_of(model, 1);
    assert_false(host_row_shared(&row));
    assert_true(row.tool);
    assert_string_equal(row.label->text, "Windows 10");
    host_model_free(model);
}

static void an_update_is_a_change(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    synfix_host_change_t change = {.reasons = 0};
    for (int i = 0; i < 5; i++) {
        assert_false(sighting_add(model, 1, LINUX_TEXT, &linux_old_label, i, NULL));
    }
    assert_false(sighting_add(model, 1, LINUX_TEXT, &linux_label, 100, &change));
    assert_true(sighting_add(model, 1, LINUX_TEXT, &linux_label, 101, &change));
    assert_int_equal(change.reasons, SYNFIX_HOST_VERSION);
    assert_string_equal(change.before, "Linux 3.x");
    assert_string_equal(change.after, "Linux 5.x");
    for (int i = 0; i < 9; i++) {
        assert_false(sighting_add(model, 1, WINDOWS_TEXT, &windows_label, 200, NULL) && i != 1);
    }
    const host_row_t row = row_of(model, 1);
    assert_int_equal(row.change_count, 2);
    assert_int_equal(row.changes[0].reasons, SYNFIX_HOST_SYSTEM);
    assert_int_equal(row.changes[1].reasons, SYNFIX_HOST_VERSION);
    assert_false(host_row_shared(&row));
    host_model_free(model);
}

static void add_uptime(host_model_t *model, int64_t after_s, uint64_t seconds, synfix_host_change_t *change,
                       bool expected)
{
    host_sighting_t sighting = {
        .key = sighting_key(1),
        .time_ns = TEST_START_NS + after_s * SECOND_NS,
        .kind = SYNFIX_OBSERVATION_UPTIME,
        .facts.uptime = {.frequency = 1000,
                         .uptime_seconds = seconds,
                         .modulus_seconds = 4294967,
                         .reliability = SYNFIX_UPTIME_ONE_LINE},
    };
    assert_int_equal(host_model_add(model, &sighting, change), expected);
}

static void a_restart_is_a_change(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    synfix_host_change_t change = {.reasons = 0};
    (void)sighting_add(model, 1, LINUX_TEXT, &linux_label, 0, NULL);
    add_uptime(model, 1, 5000, &change, false);
    add_uptime(model, 500, 5498, &change, false);
    add_uptime(model, 1000, 120, &change, true);
    assert_int_equal(change.reasons, SYNFIX_HOST_RESTART);
    const host_row_t row = row_of(model, 1);
    assert_int_equal(row.uptime.restarts, 1);
    assert_int_equal(row.uptime.seconds, 120);
    assert_int_equal(row.observations, 1);
    host_model_free(model);
}

static bool merge_row(const host_row_t *row, void *user)
{
    return host_model_merge(user, row);
}

static void a_row_merges_into_another_model(void **state)
{
    (void)state;
    host_model_t *from = test_model(0);
    host_model_t *into = test_model(0);
    for (int i = 0; i < 10; i++) {
        (void)sighting_add(from, 1, i % 2 ? WINDOWS_TEXT : LINUX_TEXT, i % 2 ? &windows_label : &linux_label,
                           i * 20, NULL);
    }
    for (int i = 0; i < 4; i++) {
        (void)sighting_add(into, 1, LINUX_TEXT, &linux_label, 1000 + i, NULL);
    }
    assert_true(host_model_each(from, merge_row, into));
    const host_row_t row = row_of(into, 1);
    assert_int_equal(row.observations, 14);
    assert_int_equal(row.first_ns, TEST_START_NS);
    assert_int_equal(row.last_ns, TEST_START_NS + 1003 * SECOND_NS);
    assert_int_equal(row.labels[0].count, 9);
    assert_int_equal(row.labels[1].count, 5);
    assert_int_equal(row.signatures[0].count, 9);
    assert_int_equal(row.change_count, 1);
    assert_true(host_row_shared(&row));
    host_model_free(from);
    host_model_free(into);
}

static bool add_with_mtu(host_model_t *model, uint16_t mtu, bool repeated, int64_t after_s)
{
    host_sighting_t sighting = sighting_of(model, 1, LINUX_TEXT, &linux_label, after_s);
    sighting.link_mtu = mtu;
    sighting.repeated = repeated;
    return host_model_add(model, &sighting, NULL);
}

/* The first SYN came in another VLAN, which is another host: the repeated one has the only MTU, until a SYN
 * that is not repeated has another one. */
static void a_repeated_syn_has_an_mtu(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    assert_false(add_with_mtu(model, 1500, true, 0));
    assert_int_equal(row_of(model, 1).link_mtu, 1500);
    assert_false(
        add_with_mtu(model, 1300, true, 1)); /* a repeated SYN may be smaller, for a path that loses */
    assert_int_equal(row_of(model, 1).link_mtu, 1500);
    assert_false(add_with_mtu(model, 1492, false, 2));
    assert_int_equal(row_of(model, 1).link_mtu, 1492);
    assert_false(add_with_mtu(model, 1300, true, 3));
    assert_int_equal(row_of(model, 1).link_mtu, 1492);
    for (int64_t i = 0; i < 10; i++) { /* a change has to be confirmed */
        (void)add_with_mtu(model, 1400, false, 4 + i);
        assert_int_equal(row_of(model, 1).link_mtu, i == 0 ? 1492 : row_of(model, 1).link_mtu);
    }
    assert_int_equal(row_of(model, 1).link_mtu, 1400);
    host_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_known_by_its_observations),
        cmocka_unit_test(an_observation_becomes_a_row),
        cmocka_unit_test(roles_and_tags_are_hosts_of_their_own),
        cmocka_unit_test(the_number_of_hosts_is_bounded),
        cmocka_unit_test(old_hosts_expire),
        cmocka_unit_test(updates_are_given_out_once),
        cmocka_unit_test(two_systems_in_turn_share_an_address),
        cmocka_unit_test(no_label_is_needed_to_see_sharing),
        cmocka_unit_test(ordinary_changes_are_no_sharing),
        cmocka_unit_test(a_tool_is_no_second_host),
        cmocka_unit_test(an_update_is_a_change),
        cmocka_unit_test(a_restart_is_a_change),
        cmocka_unit_test(a_row_merges_into_another_model),
        cmocka_unit_test(a_repeated_syn_has_an_mtu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
