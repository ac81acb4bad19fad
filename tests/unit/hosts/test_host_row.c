/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "hosts/host_row.h"
#include "hosts/slot_pool.h"
#include "support/sample_observation.h"

static void a_key_has_tags_and_network(void **state)
{
    (void)state;
    sample_t sample;
    host_key_t key;
    char text[HOST_KEY_TEXT_SIZE];
    sample_syn(&sample);
    host_key_read(&key, &sample.headers, false);
    (void)host_key_format(&key, text);
    assert_string_equal(text, "1.2.3.4");
    assert_int_equal(key.role, HOST_CLIENT);
    sample.headers.encapsulation = (synfix_encapsulation_t){.kind = SYNFIX_ENCAPSULATION_VXLAN,
                                                            .depth = 1,
                                                            .vlan_count = 2,
                                                            .vlan_id = 7,
                                                            .customer_vlan_id = 9,
                                                            .id = 4097};
    host_key_read(&key, &sample.headers, true);
    (void)host_key_format(&key, text);
    assert_string_equal(text, "1.2.3.4 vlan 7.9 vxlan 4097");
    sample.headers.encapsulation.kind = SYNFIX_ENCAPSULATION_GTP_U; /* an id of a session, not of a network */
    host_key_read(&key, &sample.headers, true);
    assert_int_equal(key.tunnel_id, 0);
    assert_int_equal(key.tunnel_kind, 0);
}

static void reasons_have_names(void **state)
{
    (void)state;
    char text[HOST_REASONS_TEXT_SIZE];
    const uint32_t some = SYNFIX_HOST_FAMILY | SYNFIX_HOST_CLOCK | SYNFIX_HOST_SHARED;
    const size_t length = host_reasons_format(some, text);
    assert_int_equal(length, strlen(text));
    assert_string_equal(text, "families,clocks,shared");
    assert_int_equal(host_reasons_parse(text), some);
    assert_int_equal(host_reasons_parse("clocks,of the future,shared"),
                     SYNFIX_HOST_CLOCK | SYNFIX_HOST_SHARED);
    assert_int_equal(host_reasons_parse(""), 0);
    (void)host_reasons_format(UINT32_MAX, text);
    assert_true(strlen(text) < sizeof text);
    assert_string_not_equal(host_reason_text(SYNFIX_HOST_CLOCK), "");
    assert_string_equal(host_reason_text(1u << 31), "");
}

static void labels_are_kept_once(void **state)
{
    (void)state;
    host_labels_t *labels = host_labels_new();
    sample_t sample;
    sample_syn(&sample);
    synfix_label_t other = sample.label;
    other.flavor = "7";
    other.text = "Windows 7";
    const uint32_t number = host_labels_add(labels, &sample.label);
    const uint32_t second = host_labels_add(labels, &other);
    assert_int_not_equal(number, HOST_LABEL_UNKNOWN);
    assert_int_not_equal(number, second);
    assert_int_equal(host_labels_add(labels, &sample.label), number);
    assert_string_equal(host_labels_at(labels, number)->text, "Windows XP");
    assert_int_equal(host_labels_at(labels, number)->family_number,
                     host_labels_at(labels, second)->family_number);
    assert_int_not_equal(host_labels_at(labels, number)->family_number, 0);
    assert_int_equal(host_labels_add(labels, NULL), HOST_LABEL_UNKNOWN);
    assert_string_equal(host_labels_at(labels, host_labels_add_text(labels, "DSL"))->text, "DSL");
    host_labels_free(labels);
}

static void a_full_table_of_labels_knows_no_more(void **state)
{
    (void)state;
    host_labels_t *labels = host_labels_new();
    char text[32];
    for (unsigned i = 0; i < HOST_LABELS_LIMIT + 10; i++) {
        (void)snprintf(text, sizeof text, "%u", i);
        (void)host_labels_add_text(labels, text);
    }
    assert_int_equal(host_labels_add_text(labels, "one more"), HOST_LABEL_UNKNOWN);
    assert_int_not_equal(host_labels_add_text(labels, "5"), HOST_LABEL_UNKNOWN);
    host_labels_free(labels);
}

static void slots_are_used_again(void **state)
{
    (void)state;
    slot_pool_t pool;
    assert_true(slot_pool_init(&pool, 24, 2000));
    for (uint32_t i = 1; i <= 2000; i++) {
        assert_int_equal(slot_take(&pool), i);
        memset(slot_at(&pool, i), 0xFF, 24);
    }
    assert_int_equal(slot_take(&pool), 0);
    slot_release(&pool, 7);
    slot_release(&pool, 1500);
    assert_int_equal(slot_take(&pool), 1500);
    assert_int_equal(*(uint64_t *)slot_at(&pool, 1500), 0);
    assert_int_equal(slot_take(&pool), 7);
    assert_int_equal(slot_take(&pool), 0);
    assert_int_equal(pool.live, 2000);
    slot_pool_clear(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_tags_and_network), cmocka_unit_test(reasons_have_names),
        cmocka_unit_test(labels_are_kept_once),       cmocka_unit_test(a_full_table_of_labels_knows_no_more),
        cmocka_unit_test(slots_are_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
