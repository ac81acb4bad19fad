/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <string.h>

static const ipfix_element_t port = {.name = "port", .id = 7, .type = IPFIX_UNSIGNED16};

static const ipfix_element_t *find(const void *user, uint32_t pen, uint16_t id)
{
    (void)user;
    return pen == 0 && id == 7 ? &port : NULL;
}

static void names_types_and_repeats(void **state)
{
    (void)state;
    static const struct {
        uint32_t pen;
        uint16_t id;
        const char *name;
        uint8_t type;
    } table[] = {
        {0, 7, "port", IPFIX_UNSIGNED16},   {0, 8, "0/8", IPFIX_OCTET_ARRAY},
        {0, 7, "port#2", IPFIX_UNSIGNED16}, {4294967295, 32767, "4294967295/32767", IPFIX_OCTET_ARRAY},
        {0, 8, "0/8#2", IPFIX_OCTET_ARRAY}, {0, 7, "port#3", IPFIX_UNSIGNED16},
    };
    const ipfix_decoder_names_t names = {.find = find};
    type_information_t *types = type_information_new(4);
    ipfix_decoder_template_t *layout = template_new(G_N_ELEMENTS(table));
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        layout->fields[i].pen = table[i].pen;
        layout->fields[i].id = table[i].id;
    }
    field_names_set(layout, &names, types);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        assert_string_equal(layout->fields[i].name, table[i].name);
        assert_int_equal(layout->fields[i].type, table[i].type);
    }
    assert_int_equal(layout->types_seen, 0);
    g_free(layout);
    type_information_free(types);
}

static const ipfix_element_t *find_long(const void *user, uint32_t pen, uint16_t id)
{
    (void)pen, (void)id;
    return user;
}

/* The number of a repeat fits behind the longest name. */
static void long_names(void **state)
{
    (void)state;
    char text[2 * READER_NAME_SIZE];
    memset(text, 'n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const ipfix_element_t element = {.name = text, .type = IPFIX_STRING};
    const ipfix_decoder_names_t names = {.find = find_long, .user = &element};
    ipfix_decoder_template_t *layout = template_new(12);
    type_information_t *types = type_information_new(0);
    field_names_set(layout, &names, types);
    assert_int_equal(strlen(layout->fields[0].name), READER_NAME_SIZE - 1);
    for (unsigned i = 1; i < 12; i++) {
        g_autofree char *end = g_strdup_printf("#%u", i + 1);
        assert_true(g_str_has_suffix(layout->fields[i].name, end));
        assert_true(strlen(layout->fields[i].name) < READER_NAME_SIZE);
    }
    g_free(layout);
    type_information_free(types);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_types_and_repeats),
        cmocka_unit_test(long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
