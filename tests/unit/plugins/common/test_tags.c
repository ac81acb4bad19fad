/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plugins/common/tags.h"

static synfix_headers_t with_tags(unsigned count, uint16_t outer, uint16_t customer)
{
    synfix_headers_t headers = {0};
    headers.encapsulation.vlan_count = (uint8_t)count;
    headers.encapsulation.vlan_id = outer;
    headers.encapsulation.customer_vlan_id = customer;
    return headers;
}

static void expect(const synfix_headers_t *headers, unsigned count, uint16_t outer, uint16_t customer)
{
    assert_int_equal(headers->encapsulation.vlan_count, count);
    assert_int_equal(headers->encapsulation.vlan_id, outer);
    assert_int_equal(headers->encapsulation.customer_vlan_id, customer);
}

static void nothing_is_added_to_a_complete_frame(void **state)
{
    (void)state;
    const plugin_tags_t none = {.count = 0};
    const plugin_tags_t one = {.ids = {7}, .count = 1};
    const plugin_tags_t two = {.ids = {7, 8}, .count = 2};
    synfix_headers_t headers = with_tags(0, 0, 0);
    plugin_tags_add(&none, &headers);
    expect(&headers, 0, 0, 0);
    headers = with_tags(1, 7, 0);
    plugin_tags_add(&one, &headers);
    expect(&headers, 1, 7, 0);
    headers = with_tags(3, 7, 8); /* the host program counts two at most */
    plugin_tags_add(&two, &headers);
    expect(&headers, 3, 7, 8);
}

static void a_removed_tag_comes_back(void **state)
{
    (void)state;
    const plugin_tags_t one = {.ids = {7}, .count = 1};
    synfix_headers_t headers = with_tags(0, 0, 0);
    plugin_tags_add(&one, &headers);
    expect(&headers, 1, 7, 0);
}

static void a_removed_outer_tag_moves_the_tag_of_the_frame(void **state)
{
    (void)state;
    const plugin_tags_t two = {.ids = {7, 8}, .count = 2};
    synfix_headers_t headers = with_tags(1, 8, 0);
    plugin_tags_add(&two, &headers);
    expect(&headers, 2, 7, 8);
    headers = with_tags(0, 0, 0);
    plugin_tags_add(&two, &headers);
    expect(&headers, 2, 7, 8);
}

/* [7] of the frame, 7 and 9 of the host program: 9 stands behind the header of a backbone bridge. */
static void a_tag_behind_other_headers_is_not_added(void **state)
{
    (void)state;
    const plugin_tags_t two = {.ids = {7, 9}, .count = 2};
    synfix_headers_t headers = with_tags(1, 7, 0);
    plugin_tags_add(&two, &headers);
    expect(&headers, 1, 7, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_added_to_a_complete_frame),
        cmocka_unit_test(a_removed_tag_comes_back),
        cmocka_unit_test(a_removed_outer_tag_moves_the_tag_of_the_frame),
        cmocka_unit_test(a_tag_behind_other_headers_is_not_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
