/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/decoder_state.h"
#include "exporter/ipfix_decoder/template_record.h"
#include "support/decode_message.h"
#include <string.h>

static const ipfix_decoder_names_t nameless = {.find = NULL};
static const ipfix_decoder_limits_t limits = {.templates = 4, .fields = 12, .types = 4};

static synfix_status_t read_one(ipfix_decoder_t *decoder, const uint8_t *bytes, size_t length, bool options,
                                synfix_error_t *error)
{
    const decoder_message_t message = {.reader = decoder, .data = bytes, .domain = 7, .error = error};
    ipfix_cursor_t cursor = {.at = bytes, .end = bytes + length};
    return template_read(&message, &cursor, options);
}

static ipfix_decoder_t *decoder_new(void)
{
    return ipfix_decoder_new(&nameless, &limits, &(const ipfix_decoder_events_t){.record = NULL});
}

/* Fixed fields, an element of an enterprise, a variable field, then a fixed one again. */
static void offsets_and_lengths(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1,    0,   0,    4,                      /* 256: four fields */
                                    0,    7,   0,    2,                      /* sourceTransportPort */
                                    0x80, 9,   0,    4,    0, 0, 0x1A, 0xD7, /* 6871/9 */
                                    0,    82,  0xFF, 0xFF,                   /* interfaceName */
                                    0,    160, 0,    8};                     /* systemInitTimeMilliseconds */
    ipfix_decoder_t *decoder = decoder_new();
    assert_int_equal(read_one(decoder, bytes, sizeof bytes, false, NULL), SYNFIX_OK);
    const ipfix_decoder_template_t *layout = ipfix_decoder_template(decoder, 7, 256);
    assert_non_null(layout);
    assert_int_equal(layout->field_count, 4);
    assert_int_equal(layout->scope_count, 0);
    assert_int_equal(layout->fixed_count, 2);
    assert_int_equal(layout->fixed_length, 6);
    assert_int_equal(layout->minimum_length, 2 + 4 + 1 + 8);
    assert_int_equal(layout->init_time_field, 3);
    assert_false(layout->variable_tail);
    assert_int_equal(layout->fields[1].pen, 6871);
    assert_int_equal(layout->fields[1].id, 9);
    assert_int_equal(layout->fields[1].offset, 2);
    assert_string_equal(layout->fields[1].name, "6871/9");
    assert_null(ipfix_decoder_template(decoder, 8, 256)); /* another domain */
    ipfix_decoder_free(decoder);
}

static void refusals_remove_the_earlier_template(void **state)
{
    (void)state;
    static const uint8_t good[] = {1, 0, 0, 1, 0, 7, 0, 2};
    static const struct {
        uint8_t bytes[16];
        size_t length;
        bool options;
        synfix_status_t status;
        const char *reason;
        bool removes;
    } table[] = {
        {{0, 255, 0, 1, 0, 7, 0, 2}, 8, false, SYNFIX_INVALID, "template id below 256", false},
        {{1, 0, 8, 1, 0, 7, 0, 2}, 8, false, SYNFIX_INVALID, "template with more than 2,048 fields", true},
        {{1, 0, 0, 2, 0, 7, 0, 2},
         8,
         false,
         SYNFIX_INVALID,
         "template with more fields than its set holds",
         true},
        {{1, 0, 0, 1, 0x80, 7, 0, 2}, 8, false, SYNFIX_INVALID, "template longer than its set", true},
        {{1, 0, 0, 1, 0, 7, 0, 0}, 8, false, SYNFIX_INVALID, "template of records without a byte", true},
        {{1, 0, 0, 1, 0, 0, 0, 7, 0, 2},
         10,
         true,
         SYNFIX_INVALID,
         "options template with an impossible number of scope fields",
         true},
        {{1, 0, 0, 1, 0, 2, 0, 7, 0, 2},
         10,
         true,
         SYNFIX_INVALID,
         "options template with an impossible number of scope fields",
         true},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        ipfix_decoder_t *decoder = decoder_new();
        synfix_error_t error = {.text = ""};
        assert_int_equal(read_one(decoder, good, sizeof good, false, NULL), SYNFIX_OK);
        assert_int_equal(read_one(decoder, table[i].bytes, table[i].length, table[i].options, &error),
                         table[i].status);
        if (strstr(error.text, table[i].reason) == NULL) {
            fail_msg("row %zu: %s", i, error.text);
        }
        assert_int_equal(ipfix_decoder_template(decoder, 7, 256) == NULL, table[i].removes);
        ipfix_decoder_free(decoder);
    }
}

/* RFC 7011 section 8.1: of one template, or of all of one kind. */
static void withdrawals(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 0, 0, 1, 0, 7, 0, 2}, other[] = {1, 1, 0, 1, 0, 7, 0, 2};
    static const uint8_t options[] = {1, 2, 0, 1, 0, 1, 0, 7, 0, 2};
    static const uint8_t one[] = {1, 0, 0, 0}, all[] = {0, 2, 0, 0}, all_options[] = {0, 3, 0, 0};
    ipfix_decoder_t *decoder = decoder_new();
    ipfix_decoder_usage_t usage;
    assert_int_equal(read_one(decoder, data, sizeof data, false, NULL), SYNFIX_OK);
    assert_int_equal(read_one(decoder, other, sizeof other, false, NULL), SYNFIX_OK);
    assert_int_equal(read_one(decoder, options, sizeof options, true, NULL), SYNFIX_OK);
    assert_int_equal(read_one(decoder, one, sizeof one, false, NULL), SYNFIX_OK);
    assert_null(ipfix_decoder_template(decoder, 7, 256));
    assert_non_null(ipfix_decoder_template(decoder, 7, 257));
    assert_int_equal(read_one(decoder, all, sizeof all, false, NULL), SYNFIX_OK);
    assert_null(ipfix_decoder_template(decoder, 7, 257));
    assert_non_null(ipfix_decoder_template(decoder, 7, 258));
    assert_int_equal(read_one(decoder, all_options, sizeof all_options, true, NULL), SYNFIX_OK);
    ipfix_decoder_get_usage(decoder, &usage);
    assert_int_equal(usage.templates | usage.fields, 0);
    ipfix_decoder_free(decoder);
}

static void withdrawal_and_domains(void **state)
{
    (void)state;
    g_autoptr(GByteArray) m = example();
    const ipfix_decoder_events_t events = {0};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
    g_autoptr(GByteArray) other = message_begin(8); /* another domain: the template is not its own */
    size_t set = set_begin(other, 256);
    put32(other, 0);
    set_end(other, set);
    message_end(other);
    assert_int_equal(ipfix_decoder_message(reader, other->data, other->len, NULL), SYNFIX_OK);
    g_autoptr(GByteArray) gone = message_begin(7);
    set = set_begin(gone, 2);
    put16(gone, 256), put16(gone, 0);
    set_end(gone, set);
    set = set_begin(gone, 256);
    put32(gone, 0);
    set_end(gone, set);
    message_end(gone);
    assert_int_equal(ipfix_decoder_message(reader, gone->data, gone->len, NULL), SYNFIX_OK);
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(reader, &stats);
    assert_int_equal(stats.messages, 3);
    assert_int_equal(stats.data_records, 1);
    assert_int_equal(stats.sets_without_template, 2);
    ipfix_decoder_free(reader);
}

/* The exporter has another layout for the id from now on: the old one would decode nonsense. */
static void refused_redefinition_drops_the_template(void **state)
{
    (void)state;
    g_autoptr(GByteArray) first = example();
    const ipfix_decoder_events_t events = {0};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    assert_int_equal(ipfix_decoder_message(reader, first->data, first->len, NULL), SYNFIX_OK);
    g_autoptr(GByteArray) bad = message_begin(7);
    size_t set = set_begin(bad, 2);
    put16(bad, 256), put16(bad, 9), put16(bad, 8), put16(bad, 4);
    set_end(bad, set);
    message_end(bad);
    synfix_error_t error;
    assert_int_equal(ipfix_decoder_message(reader, bad->data, bad->len, &error), SYNFIX_INVALID);
    g_autoptr(GByteArray) data = message_begin(7);
    set = set_begin(data, 256);
    put32(data, 0x01020304), put32(data, 0), put32(data, 0), put32(data, 0);
    set_end(data, set);
    message_end(data);
    assert_int_equal(ipfix_decoder_message(reader, data->data, data->len, NULL), SYNFIX_OK);
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(reader, &stats);
    assert_int_equal(stats.data_records, 1);
    assert_int_equal(stats.sets_without_template, 1);
    ipfix_decoder_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_and_lengths),
        cmocka_unit_test(refusals_remove_the_earlier_template),
        cmocka_unit_test(withdrawals),
        cmocka_unit_test(withdrawal_and_domains),
        cmocka_unit_test(refused_redefinition_drops_the_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
