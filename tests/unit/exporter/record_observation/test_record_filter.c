/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/record_observation/record_filter.h"
#include <glib.h>
#include <string.h>

/* A template of at most eight fields and one record. */
typedef struct small_record {
    union {
        ipfix_decoder_template_t layout;
        uint8_t room[sizeof(ipfix_decoder_template_t) + 8 * sizeof(ipfix_decoder_field_t)];
    } whole;
    ipfix_decoder_value_t values[8];
} small_record_t;

static void add(small_record_t *record, const char *name, const void *data, uint32_t length)
{
    ipfix_decoder_template_t *layout = &record->whole.layout;
    g_strlcpy(layout->fields[layout->field_count].name, name, READER_NAME_SIZE);
    record->values[layout->field_count++] = (ipfix_decoder_value_t){data, length};
}

static bool pass(record_filter_t *filter, const small_record_t *record)
{
    const ipfix_decoder_record_t one = {.layout = &record->whole.layout, .values = record->values};
    record_filter_layout(filter, &record->whole.layout);
    return record_filter_pass(filter, &one);
}

static const uint8_t address[] = {10, 1, 2, 3};
static const uint8_t ms[] = {0, 0, 1, 0x84, 0x9C, 0xA5, 0xE0, 0}; /* 2022-11-21 or so */
static const uint8_t kind[] = {1};
static const uint8_t uptime[] = {3};
static const uint8_t id[] = {0, 0, 0, 9};

static void test_time(void **state)
{
    (void)state;
    small_record_t record = {.values = {{NULL, 0}}};
    int64_t time_ns = 0;
    add(&record, "flowStartMilliseconds", ms, 8);
    host_filter_t wanted = {.since_ns = INT64_C(0x1849CA5E000) * 1000000};
    record_filter_t *filter = record_filter_new(&wanted);
    const ipfix_decoder_record_t one = {.layout = &record.whole.layout, .values = record.values};
    assert_true(record_filter_time(filter, &one, &time_ns));
    assert_int_equal(time_ns, wanted.since_ns);
    assert_true(pass(filter, &record));
    wanted.since_ns++;
    assert_false(pass(filter, &record));
    wanted = (host_filter_t){.until_ns = time_ns};
    assert_false(pass(filter, &record));
    wanted.until_ns++;
    assert_true(pass(filter, &record));
    record_filter_free(filter);
}

/* The finest time counts, and times of other exporters in seconds and as of RFC 7011, section 6.1.10. */
static void test_times_of_others(void **state)
{
    static const uint8_t seconds[] = {0x60, 0, 0, 0};
    static const uint8_t ntp[] = {0xE3, 0xAA, 0x7E, 0x80,
                                  0x80, 0,    0,    0}; /* 0x60000000 s after 1970, and a half */
    (void)state;
    const host_filter_t wanted = {.since_ns = 1};
    record_filter_t *filter = record_filter_new(&wanted);
    static const struct {
        const char *name;
        const uint8_t *data;
        uint32_t length;
        int64_t ns;
    } times[] = {{"flowStartSeconds", seconds, 4, INT64_C(0x60000000) * 1000000000},
                 {"flowStartNanoseconds", ntp, 8, INT64_C(0x60000000) * 1000000000 + 500000000},
                 {"flowStartMicroseconds", ntp, 8, INT64_C(0x60000000) * 1000000000 + 500000000}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        small_record_t record = {.values = {{NULL, 0}}};
        int64_t time_ns = 0;
        add(&record, times[i].name, times[i].data, times[i].length);
        const ipfix_decoder_record_t one = {.layout = &record.whole.layout, .values = record.values};
        record_filter_layout(filter, &record.whole.layout);
        assert_true(record_filter_time(filter, &one, &time_ns));
        assert_int_equal(time_ns, times[i].ns);
    }
    record_filter_free(filter);
}

static void test_address(void **state)
{
    (void)state;
    small_record_t record = {.values = {{NULL, 0}}};
    add(&record, "sourceIPv4Address", address, 4);
    host_filter_t wanted = {.nets = {{.address = {{10}}, .ip_version = 4, .length = 8}}, .net_count = 1};
    record_filter_t *filter = record_filter_new(&wanted);
    assert_true(pass(filter, &record));
    wanted.nets[0].address.bytes[0] = 11;
    assert_false(pass(filter, &record));
    record_filter_free(filter);
}

/* A label by its number, from the label table. */
static void test_label(void **state)
{
    (void)state;
    small_record_t row = {.whole = {.layout = {.scope_count = 1}}};
    small_record_t record = {.values = {{NULL, 0}}};
    small_record_t other = {.values = {{NULL, 0}}};
    add(&row, "osLabelId", id, 4);
    add(&row, "osLabel", "Linux 4.x", 9);
    add(&record, "observationKind", kind, 1);
    add(&record, "osLabelId", id, 4);
    add(&other, "observationKind", uptime, 1);
    add(&other, "osLabelId", id, 4);
    host_filter_t wanted = {.os = "linux"};
    record_filter_t *filter = record_filter_new(&wanted);
    assert_false(pass(filter, &record));
    assert_true(pass(filter, &row));
    assert_true(pass(filter, &record));
    assert_false(pass(filter, &other)); /* an uptime has no label */
    wanted = (host_filter_t){.unknown = true};
    assert_false(pass(filter, &record));
    record_filter_free(filter);
}

static void test_lacking_elements(void **state)
{
    (void)state;
    small_record_t record = {.values = {{NULL, 0}}};
    record_filter_stats_t stats;
    add(&record, "sourceIPv4Address", address, 3); /* no IPv4 address */
    host_filter_t wanted = {.net_count = 1};
    record_filter_t *filter = record_filter_new(&wanted);
    assert_false(pass(filter, &record));
    wanted = (host_filter_t){.since_ns = 1};
    assert_false(pass(filter, &record));
    wanted = (host_filter_t){.os = "x"};
    assert_false(pass(filter, &record));
    record_filter_get_stats(filter, &stats);
    assert_int_equal(stats.without_element, 3);
    assert_string_equal(stats.element, "sourceIPv4Address");
    record_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),  cmocka_unit_test(test_times_of_others),  cmocka_unit_test(test_address),
        cmocka_unit_test(test_label), cmocka_unit_test(test_lacking_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
