/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/decode_message.h"

typedef struct direct_user {
    size_t length; /* of records that are used */
    unsigned used;
    unsigned others;
} direct_user_t;

static size_t use_odd_ones(void *user, const ipfix_decoder_record_t *record, size_t available)
{
    direct_user_t *direct = user;
    assert_true(available >= direct->length);
    if (record->start[3] % 2 == 0) {
        return 0;
    }
    direct->used++;
    return direct->length;
}

static synfix_status_t count_others(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    (void)error;
    assert_int_equal(record->start[3] % 2, 0);
    ((direct_user_t *)user)->others++;
    return SYNFIX_OK;
}

/* Each record is seen once: by the callback that used it, or by the other one. */
static void direct_records_are_counted(void **state)
{
    (void)state;
    direct_user_t user = {.length = 4};
    const ipfix_decoder_events_t events = {.record = count_others, .direct = use_odd_ones, .user = &user};
    const ipfix_decoder_limits_t limits = {.templates = 10, .fields = 10, .records = 5};
    g_autoptr(GByteArray) m = message_begin(7);
    size_t set = set_begin(m, 2);
    put16(m, 256), put16(m, 1), put16(m, 8), put16(m, 4);
    set_end(m, set);
    set = set_begin(m, 256);
    for (uint32_t i = 0; i < 5; i++) {
        put32(m, i);
    }
    set_end(m, set);
    message_end(m);
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, &limits, &events);
    assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
    assert_int_equal(user.used, 2);
    assert_int_equal(user.others, 3);
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(reader, &stats);
    assert_int_equal(stats.data_records, 5);
    ipfix_decoder_free(reader);
    const ipfix_decoder_limits_t few = {.templates = 10, .fields = 10, .records = 3};
    ipfix_decoder_t *const strict = ipfix_decoder_new(&names, &few, &events);
    assert_int_equal(ipfix_decoder_message(strict, m->data, m->len, NULL), SYNFIX_NO_MEMORY);
    assert_int_equal(user.used + user.others, 8);
    ipfix_decoder_free(strict);
}

static void keeps_its_limits(void **state)
{
    (void)state;
    g_autoptr(GByteArray) m = example();
    synfix_status_t status;
    const ipfix_decoder_limits_t few_fields = {.templates = 10, .fields = 4};
    free(decode(m, DUMP_JSON, &few_fields, &status, NULL));
    assert_int_equal(status, SYNFIX_NO_MEMORY);
    const ipfix_decoder_limits_t no_templates = {.templates = 0, .fields = 100};
    free(decode(m, DUMP_JSON, &no_templates, &status, NULL));
    assert_int_equal(status, SYNFIX_NO_MEMORY);
}

/* A template of @p fields fields, all but the first without a byte, and @p records records of one byte. */
static GByteArray *records_of_one_byte(uint16_t fields, uint16_t records)
{
    GByteArray *const m = message_begin(1);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, fields);
    for (uint16_t i = 0; i < fields; i++) {
        put16(m, (guint16)(i + 1)), put16(m, i == 0);
    }
    set_end(m, templates);
    const size_t data = set_begin(m, 256);
    for (uint16_t i = 0; i < records; i++) {
        put8(m, 0);
    }
    set_end(m, data);
    message_end(m);
    return m;
}

static void values_without_a_byte_are_bounded(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bad = records_of_one_byte(1000, 2000);
    g_autoptr(GByteArray) good = records_of_one_byte(4, 2000);
    synfix_status_t status;
    synfix_error_t error;
    g_autofree char *text = decode(bad, DUMP_JSON, NULL, &status, &error);
    assert_int_equal(status, SYNFIX_NO_MEMORY);
    assert_non_null(strstr(error.text, "more values without a byte"));
    assert_true(strlen(text) < 256 * bad->len);
    /* Three values for each byte are more than the message has bytes as well. */
    free(decode(good, DUMP_JSON, NULL, &status, &error));
    assert_int_equal(status, SYNFIX_NO_MEMORY);
    g_autoptr(GByteArray) few = records_of_one_byte(2, 2000);
    free(decode(few, DUMP_JSON, NULL, &status, &error));
    assert_int_equal(status, SYNFIX_OK);
}

static void records_of_a_message_are_bounded(void **state)
{
    (void)state;
    const ipfix_decoder_limits_t limits = {.templates = 10, .fields = 10, .records = 100};
    g_autoptr(GByteArray) good = records_of_one_byte(1, 100);
    g_autoptr(GByteArray) bad = records_of_one_byte(1, 101);
    synfix_status_t status;
    synfix_error_t error;
    free(decode(good, DUMP_JSON, &limits, &status, &error));
    assert_int_equal(status, SYNFIX_OK);
    free(decode(bad, DUMP_JSON, &limits, &status, &error));
    assert_int_equal(status, SYNFIX_NO_MEMORY);
    assert_non_null(strstr(error.text, "more records than the limit"));
}

/* The template of another decoder, where the set fits it. */
static const ipfix_decoder_template_t *on_missing(void *user, uint32_t domain, uint16_t id)
{
    return ipfix_decoder_template(user, domain, id);
}

static void templates_of_another_decoder(void **state)
{
    (void)state;
    uint32_t ends[CUT_RECORDS];
    static const struct {
        uint8_t padding[4];
        size_t length;
        uint64_t records;
    } cases[] = {{{0}, 0, 1}, {{0}, 3, 1}, {{0, 0, 1}, 3, 0}, {{0}, 4, 0}};
    g_autoptr(GByteArray) message = message_of_records(ends);
    const ipfix_decoder_events_t nothing = {.record = NULL};
    ipfix_decoder_t *const knowing = ipfix_decoder_new(&names, NULL, &nothing);
    assert_int_equal(ipfix_decoder_message(knowing, message->data, message->len, NULL), SYNFIX_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ipfix_decoder_events_t events = {.missing = on_missing, .user = knowing};
        ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
        ipfix_decoder_stats_t stats;
        g_autoptr(GByteArray) m = message_begin(7);
        const size_t set = set_begin(m, 256);
        put32(m, 1), put8(m, 1), put8(m, 'y');
        g_byte_array_append(m, cases[i].padding, (guint)cases[i].length);
        set_end(m, set);
        message_end(m);
        assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
        ipfix_decoder_get_stats(reader, &stats);
        assert_int_equal(stats.data_records, cases[i].records);
        assert_int_equal(stats.adopted, cases[i].records);
        assert_int_equal(stats.sets_without_template, 1 - cases[i].records);
        ipfix_decoder_free(reader);
    }
    ipfix_decoder_free(knowing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(direct_records_are_counted),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(values_without_a_byte_are_bounded),
        cmocka_unit_test(records_of_a_message_are_bounded),
        cmocka_unit_test(templates_of_another_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
