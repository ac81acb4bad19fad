/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <synfix/embed.h>

/* Tags of a frame: their number, and the ids of the outermost two. */
typedef struct tags {
    uint8_t count;
    uint16_t outer;
    uint16_t customer;
} tags_t;

static const struct {
    const char *what;
    tags_t frame;
    uint16_t ids[3]; /* on the wire */
    size_t count;
    tags_t expected;
} cases[] = {
    {"no tags at all", {0, 0, 0}, {0}, 0, {0, 0, 0}},
    {"a complete frame", {1, 7, 0}, {7}, 1, {1, 7, 0}},
    {"a program that counts two tags at most", {3, 7, 8}, {7, 8}, 2, {3, 7, 8}},
    {"the only tag", {0, 0, 0}, {7}, 1, {1, 7, 0}},
    {"the outer tag of two", {1, 8, 0}, {7, 8}, 2, {2, 7, 8}},
    {"both tags", {0, 0, 0}, {7, 8}, 2, {2, 7, 8}},
    {"the outer tag of three", {2, 8, 9}, {7, 8, 9}, 3, {3, 7, 8}},
    {"a tag behind the header of a backbone bridge", {1, 7, 0}, {7, 9}, 2, {1, 7, 0}},
};

static synfix_headers_t headers_with(const tags_t *tags)
{
    synfix_headers_t headers = {0};
    headers.encapsulation.vlan_count = tags->count;
    headers.encapsulation.vlan_id = tags->outer;
    headers.encapsulation.customer_vlan_id = tags->customer;
    return headers;
}

static void expect(const synfix_headers_t *headers, const tags_t *tags)
{
    assert_int_equal(headers->encapsulation.vlan_count, tags->count);
    assert_int_equal(headers->encapsulation.vlan_id, tags->outer);
    assert_int_equal(headers->encapsulation.customer_vlan_id, tags->customer);
}

static void removed_tags_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("%s\n", cases[i].what);
        synfix_headers_t headers = headers_with(&cases[i].frame);
        synfix_add_removed_vlans(&headers, cases[i].ids, cases[i].count);
        expect(&headers, &cases[i].expected);
    }
}

static void more_ids_than_a_frame_can_have_are_refused(void **state)
{
    (void)state;
    static const uint16_t many[UINT8_MAX + 1] = {7};
    synfix_headers_t headers = {0};
    synfix_add_removed_vlans(&headers, many, UINT8_MAX + 1);
    expect(&headers, &(tags_t){0});
    synfix_add_removed_vlans(&headers, many, UINT8_MAX);
    expect(&headers, &(tags_t){.count = UINT8_MAX, .outer = 7});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removed_tags_come_back),
        cmocka_unit_test(more_ids_than_a_frame_can_have_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
