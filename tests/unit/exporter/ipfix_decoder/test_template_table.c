/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/decoder_state.h"
#include "exporter/ipfix_decoder/template_table.h"
#include "support/decode_message.h"
#include <string.h>

static const ipfix_decoder_names_t nameless = {.find = NULL};
static unsigned announced;

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    assert_ptr_equal(user, &announced);
    assert_non_null(layout);
    announced++;
}

static ipfix_decoder_t *decoder_with(uint32_t templates, uint32_t fields)
{
    const ipfix_decoder_limits_t limits = {.templates = templates, .fields = fields, .types = 1};
    const ipfix_decoder_events_t events = {.layout = on_layout, .user = &announced};
    announced = 0;
    return ipfix_decoder_new(&nameless, &limits, &events);
}

static synfix_status_t add(ipfix_decoder_t *decoder, uint32_t domain, uint16_t id, uint16_t fields,
                           uint16_t scope)
{
    static const uint8_t byte;
    const decoder_message_t message = {.reader = decoder, .data = &byte, .domain = domain};
    ipfix_decoder_template_t *layout = template_new(fields);
    assert_int_equal(layout->field_count, fields);
    layout->domain = domain;
    layout->id = id;
    layout->scope_count = scope;
    for (uint16_t i = 0; i < fields; i++) { /* room for each field and value */
        layout->fields[i].id = (uint16_t)(i + 1);
        layout->values[i] = (ipfix_decoder_value_t){.data = NULL, .length = i};
    }
    return template_add(&message, layout, &byte);
}

static void by_domain_and_id(void **state)
{
    (void)state;
    ipfix_decoder_t *decoder = decoder_with(10, 100);
    assert_int_equal(add(decoder, 1, 256, 3, 0), SYNFIX_OK);
    assert_int_equal(add(decoder, 2, 256, 4, 0), SYNFIX_OK);
    assert_int_equal(add(decoder, UINT32_MAX, UINT16_MAX, 5, 1), SYNFIX_OK);
    assert_int_equal(announced, 3);
    assert_int_equal(template_find(decoder, 1, 256)->field_count, 3);
    assert_int_equal(template_find(decoder, 2, 256)->field_count, 4);
    assert_int_equal(template_find(decoder, UINT32_MAX, UINT16_MAX)->field_count, 5);
    assert_null(template_find(decoder, 1, 257));
    template_remove(decoder, 1, 256);
    template_remove(decoder, 1, 256); /* none is left */
    assert_null(template_find(decoder, 1, 256));
    assert_int_equal(decoder->fields, 9);
    ipfix_decoder_free(decoder);
}

static void all_of_one_kind_of_a_domain(void **state)
{
    (void)state;
    ipfix_decoder_t *decoder = decoder_with(10, 100);
    assert_int_equal(add(decoder, 1, 256, 1, 0) | add(decoder, 1, 257, 1, 0) | add(decoder, 1, 258, 1, 1) |
                         add(decoder, 2, 256, 1, 0),
                     SYNFIX_OK);
    template_remove_all(decoder, 1, false);
    assert_null(template_find(decoder, 1, 256));
    assert_null(template_find(decoder, 1, 257));
    assert_non_null(template_find(decoder, 1, 258));
    assert_non_null(template_find(decoder, 2, 256));
    assert_int_equal(decoder->fields, 2);
    template_remove_all(decoder, 1, true);
    assert_null(template_find(decoder, 1, 258));
    ipfix_decoder_free(decoder);
}

static void limits_of_templates_and_fields(void **state)
{
    (void)state;
    ipfix_decoder_t *decoder = decoder_with(2, 5);
    assert_int_equal(add(decoder, 1, 256, 4, 0), SYNFIX_OK);
    assert_int_equal(add(decoder, 1, 257, 2, 0), SYNFIX_NO_MEMORY);
    assert_int_equal(add(decoder, 1, 257, 1, 0), SYNFIX_OK);
    assert_int_equal(add(decoder, 1, 258, 0, 0), SYNFIX_NO_MEMORY);
    assert_int_equal(announced, 2);
    template_remove(decoder, 1, 256);
    assert_int_equal(add(decoder, 1, 258, 4, 0), SYNFIX_OK);
    ipfix_decoder_free(decoder);
}

static void count_layouts(void *user, const ipfix_decoder_template_t *layout)
{
    (void)layout;
    ++*(unsigned *)user;
}

/* Users keep what they made of a template: the same one again is no news, another one is. */
static void repeated_templates_stay(void **state)
{
    (void)state;
    unsigned layouts = 0;
    const ipfix_decoder_events_t events = {.layout = count_layouts, .user = &layouts};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    const ipfix_decoder_template_t *first = NULL;
    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(GByteArray) m = message_begin(7);
        const size_t set = set_begin(m, 2);
        put16(m, 256), put16(m, 1), put16(m, 8), put16(m, i < 2 ? 4 : IPFIX_VARIABLE);
        set_end(m, set);
        message_end(m);
        assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
        assert_int_equal(layouts, i < 2 ? 1 : 2);
        first = i == 0 ? ipfix_decoder_template(reader, 7, 256) : first;
        assert_true(i != 1 || ipfix_decoder_template(reader, 7, 256) == first);
    }
    ipfix_decoder_stats_t stats;
    ipfix_decoder_usage_t usage;
    ipfix_decoder_get_stats(reader, &stats);
    ipfix_decoder_get_usage(reader, &usage);
    assert_int_equal(stats.templates, 3);
    assert_int_equal(usage.templates, 1);
    assert_int_equal(usage.fields, 1);
    ipfix_decoder_free(reader);
}

static void usage_follows_templates(void **state)
{
    (void)state;
    static const ipfix_decoder_events_t none = {0};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &none);
    g_autoptr(GByteArray) m = example();
    ipfix_decoder_usage_t before, after;
    ipfix_decoder_get_usage(reader, &before);
    assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
    ipfix_decoder_get_usage(reader, &after);
    assert_int_equal(after.templates, 1);
    assert_int_equal(after.fields, 5);
    assert_true(after.bytes >= before.bytes + 5 * sizeof(ipfix_decoder_field_t));
    ipfix_decoder_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_domain_and_id),
        cmocka_unit_test(all_of_one_kind_of_a_domain),
        cmocka_unit_test(limits_of_templates_and_fields),
        cmocka_unit_test(repeated_templates_stay),
        cmocka_unit_test(usage_follows_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
