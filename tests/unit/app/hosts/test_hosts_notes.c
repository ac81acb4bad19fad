/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/exit_codes.h"
#include "app/hosts/hosts_notes.h"

#define HOSTS_MAX 64u

static hosts_input_t input_of(void)
{
    const host_model_config_t config = {.hosts = HOSTS_MAX, .evidence = true};
    return (hosts_input_t){.model = host_model_new(&config)};
}

static void see(const hosts_input_t *input, uint8_t last_byte, uint16_t mss)
{
    const host_sighting_t sighting = {
        .key = {.address = {{10, 0, 0, last_byte}},
                .vlan_id = HOST_NO_VLAN,
                .customer_vlan_id = HOST_NO_VLAN,
                .ip_version = 4,
                .role = HOST_CLIENT},
        .time_ns = 1000000000,
        .kind = SYNFIX_OBSERVATION_SYN,
        .facts.signature = {.mss = mss},
    };
    host_model_add(input->model, &sighting, NULL);
}

static void assert_notes(const hosts_input_t *input, const char *first, bool rows_missing)
{
    bool missing = !rows_missing;
    g_autoptr(GPtrArray) notes = hosts_notes_losses(input, &missing);
    assert_int_equal(missing, rows_missing);
    assert_int_equal(hosts_notes_print(input, APP_EXIT_OK), rows_missing ? APP_EXIT_INPUT : APP_EXIT_OK);
    assert_int_equal(hosts_notes_print(input, APP_EXIT_USAGE), APP_EXIT_USAGE);
    if (first == NULL) {
        assert_int_equal(notes->len, 0);
    } else {
        assert_true(notes->len > 0);
        assert_non_null(strstr(g_ptr_array_index(notes, 0), first));
    }
}

static void a_complete_list_has_no_note(void **state)
{
    (void)state;
    hosts_input_t input = input_of();
    for (uint8_t i = 0; i < HOSTS_MAX; i++) {
        see(&input, i, 1460);
    }
    assert_notes(&input, NULL, false);
    hosts_input_clear(&input);
}

static void evicted_hosts_are_stated_and_fail(void **state)
{
    (void)state;
    hosts_input_t input = input_of();
    for (uint8_t i = 0; i < HOSTS_MAX + 3; i++) {
        see(&input, i, 1460);
    }
    assert_notes(&input, "the list holds 64 rows (those seen last): 3;", true);
    hosts_input_clear(&input);
}

/* The pool of signatures is as large as that of hosts: two hosts with many of them leave none for the others.
 */
static void left_out_signatures_are_stated(void **state)
{
    (void)state;
    hosts_input_t input = input_of();
    for (uint8_t i = 0; i < HOSTS_MAX; i++) {
        see(&input, i, 1460);
        see(&input, i, 1400);
        see(&input, i, 1300);
    }
    assert_notes(&input, "signatures and changes of hosts omitted", false);
    hosts_input_clear(&input);
}

static void evicted_clocks_are_stated(void **state)
{
    (void)state;
    hosts_input_t input = input_of();
    input.counters.hosts_evicted = 5;
    assert_notes(&input, "clocks of hosts evicted: uptimes and restarts may be missing: 5;", false);
    hosts_input_clear(&input);
}

static void reasons_of_an_empty_list(void **state)
{
    (void)state;
    hosts_input_t input = input_of();
    char *reason = hosts_notes_empty(&input);
    assert_string_equal(reason, "no host: no SYN and no SYN+ACK in the input");
    g_free(reason);
    input.filter.net_count = 1;
    reason = hosts_notes_empty(&input);
    assert_string_equal(reason, "no host: no SYN and no SYN+ACK passed the filters of time and address");
    g_free(reason);
    see(&input, 1, 1460);
    reason = hosts_notes_empty(&input);
    assert_string_equal(reason, "no host: none of 1 row (hosts by role) passes the filters");
    g_free(reason);
    hosts_input_clear(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_list_has_no_note), cmocka_unit_test(evicted_hosts_are_stated_and_fail),
        cmocka_unit_test(left_out_signatures_are_stated), cmocka_unit_test(evicted_clocks_are_stated),
        cmocka_unit_test(reasons_of_an_empty_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
