/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/record_printer.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "support/tests_message.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const ipfix_element_t elements[] = {
    {.name = "sourceIPv4Address", .id = 8, .length = 4, .type = IPFIX_IPV4_ADDRESS},
    {.name = "flowStartMilliseconds", .id = 152, .length = 8, .type = IPFIX_MILLISECONDS},
    {.name = "flowId", .id = 148, .length = 8, .type = IPFIX_UNSIGNED64},
    {.name = "interfaceName", .id = 82, .length = IPFIX_VARIABLE, .type = IPFIX_STRING},
};

static const ipfix_element_t *find(const void *user, uint32_t pen, uint16_t id)
{
    (void)user;
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (elements[i].pen == pen && elements[i].id == id) {
            return &elements[i];
        }
    }
    return NULL;
}

static const ipfix_decoder_names_t names = {.find = find};

/* Decodes @p message with @p limits and gives what is printed; @p status what ipfix_decoder_message said
 * last. */
static char *decode(const GByteArray *message, dump_format_t format, const ipfix_decoder_limits_t *limits,
                    synfix_status_t *status, synfix_error_t *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    dump_t *const dump = dump_new(format, true, out);
    const ipfix_decoder_events_t events = {.record = dump_record, .layout = dump_layout, .user = dump};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, limits, &events);
    *status = ipfix_decoder_message(reader, message->data, message->len, error);
    ipfix_decoder_free(reader);
    dump_free(dump);
    fclose(out);
    return text;
}

static GByteArray *example(void)
{
    GByteArray *const m = message_begin(7);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 5);
    put16(m, 8), put16(m, 4);
    put16(m, 152), put16(m, 8);
    put16(m, 148), put16(m, 3); /* reduced */
    put16(m, 82), put16(m, IPFIX_VARIABLE);
    put16(m, 0x8001), put16(m, 2), put32(m, 4242);
    set_end(m, templates);
    const size_t data = set_begin(m, 256);
    put32(m, 0x01020304);
    put32(m, 0x0000016B), put32(m, 0x1A01E240); /* 1559509459520 ms */
    put8(m, 1), put8(m, 0), put8(m, 0);
    put8(m, 3), put8(m, 'a'), put8(m, '"'), put8(m, '\n');
    put16(m, 0xBEEF);
    put8(m, 0), put8(m, 0); /* padding */
    set_end(m, data);
    message_end(m);
    return m;
}

static void prints_values(void **state)
{
    (void)state;
    static const struct {
        dump_format_t format;
        const char *text;
    } cases[] = {
        {DUMP_JSON,
         "{\"sourceIPv4Address\":\"1.2.3.4\",\"flowStartMilliseconds\":\"2019-06-02T21:04:19.520Z\","
         "\"flowId\":65536,\"interfaceName\":\"a\\\"\\u000a\",\"4242/1\":\"beef\"}\n"},
        {DUMP_CSV, "sourceIPv4Address,flowStartMilliseconds,flowId,interfaceName,4242/1\n"
                   "1.2.3.4,2019-06-02T21:04:19.520Z,65536,\"a\"\"\n\",beef\n"},
        {DUMP_TEXT, "[Record] domain 7, template 256\n  sourceIPv4Address: 1.2.3.4\n"
                    "  flowStartMilliseconds: 2019-06-02T21:04:19.520Z\n  flowId: 65536\n"
                    "  interfaceName: a\"\\x0a\n  4242/1: beef\n"},
    };
    g_autoptr(GByteArray) message = example();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_status_t status;
        char *const text = decode(message, cases[i].format, NULL, &status, NULL);
        assert_int_equal(status, SYNFIX_OK);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

static void type_records_name_elements(void **state)
{
    (void)state;
    g_autoptr(GByteArray) m = message_begin(1);
    size_t set = set_begin(m, 3);
    put16(m, 300), put16(m, 4), put16(m, 2);
    put16(m, 346), put16(m, 4);
    put16(m, 303), put16(m, 2);
    put16(m, 339), put16(m, 1);
    put16(m, 341), put16(m, IPFIX_VARIABLE);
    set_end(m, set);
    set = set_begin(m, 2); /* the template comes before its names */
    put16(m, 301), put16(m, 1), put16(m, 0x8001), put16(m, 2), put32(m, 4242);
    set_end(m, set);
    set = set_begin(m, 300);
    put32(m, 4242), put16(m, 1), put8(m, IPFIX_UNSIGNED16);
    put8(m, 4), g_byte_array_append(m, (const guint8 *)"nice", 4);
    set_end(m, set);
    set = set_begin(m, 301);
    put16(m, 513);
    set_end(m, set);
    message_end(m);
    synfix_status_t status;
    char *const text = decode(m, DUMP_JSON, NULL, &status, NULL);
    assert_int_equal(status, SYNFIX_OK);
    assert_non_null(strstr(text, "{\"nice\":513}\n"));
    free(text);
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

static void refuses_nonsense(void **state)
{
    (void)state;
    static const struct {
        const char *hex; /* sets of the message */
        const char *reason;
    } cases[] = {
        {"0002", "set with an impossible length"},
        {"00020003", "set with an impossible length"},
        {"00020009aaaa0001", "set with an impossible length"},
        {"0002000c00ff000100080004", "template id below 256"},
        {"0002000c0100000200080004", "more fields than its set holds"},
        {"0002000c010000018008ffff", "template longer than its set"},
        {"0002000c0100000100080000", "without a byte"},
        {"0003000e01000001000000080004", "number of scope fields"},
        {"0002000c010000010052ffff01000006ff10", "record longer than its set"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) m = message_begin(1);
        for (const char *at = cases[i].hex; *at; at += 2) {
            put8(m, (uint8_t)(g_ascii_xdigit_value(at[0]) << 4 | g_ascii_xdigit_value(at[1])));
        }
        message_end(m);
        synfix_status_t status;
        synfix_error_t error;
        free(decode(m, DUMP_JSON, NULL, &status, &error));
        assert_int_equal(status, SYNFIX_INVALID);
        assert_non_null(strstr(error.text, cases[i].reason));
    }
}

/* A set with a reserved id costs that set (RFC 7011 3.3.2): the record behind it is read. */
static void skips_reserved_sets(void **state)
{
    (void)state;
    g_autoptr(GByteArray) m = message_begin(1);
    set_end(m, set_begin(m, 5));
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 1), put16(m, 8), put16(m, 4);
    set_end(m, templates);
    const size_t data = set_begin(m, 256);
    put32(m, 0x01020304);
    set_end(m, data);
    message_end(m);
    const ipfix_decoder_events_t events = {0};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    assert_int_equal(ipfix_decoder_message(reader, m->data, m->len, NULL), SYNFIX_OK);
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(reader, &stats);
    assert_int_equal(stats.reserved_sets, 1);
    assert_int_equal(stats.data_records, 1);
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

/* Past the limit of columns a new table begins, with a line of names before its records. */
static void csv_begins_a_new_table(void **state)
{
    (void)state;
    GByteArray *const m = message_begin(1);
    for (uint16_t k = 0; k < 3; k++) {
        const size_t templates = set_begin(m, 2);
        put16(m, (guint16)(256 + k)), put16(m, 2000);
        for (uint16_t i = 0; i < 2000; i++) {
            put16(m, (guint16)(10000 + 2000 * k + i)), put16(m, 1);
        }
        set_end(m, templates);
    }
    for (uint16_t k = 0; k < 3; k++) {
        const size_t data = set_begin(m, (guint16)(256 + k));
        for (uint16_t i = 0; i < 2000; i++) {
            put8(m, (guint8)(k + 1));
        }
        set_end(m, data);
    }
    message_end(m);
    synfix_status_t status;
    g_autofree char *text = decode(m, DUMP_CSV, NULL, &status, NULL);
    assert_int_equal(status, SYNFIX_OK);
    unsigned lines = 0, headers = 0;
    for (const char *at = text; at && *at; at = strchr(at, '\n') + 1) {
        lines++;
        headers += g_ascii_strncasecmp(at, "0/1", 3) == 0;
    }
    assert_int_equal(lines - headers, 3);
    assert_in_range(headers, 1, 3);
    assert_non_null(strstr(text, "0/15999")); /* the names of the last template */
    g_byte_array_unref(m);
}

/* The same message without its end, and with its own template for sets that have none. */
static const ipfix_decoder_template_t *own_template(void *user, uint32_t domain, uint16_t id)
{
    return id % 2 == 0 ? ipfix_decoder_template(user, domain, 256) : NULL;
}

static void decode_cut(const GByteArray *message, guint length)
{
    const ipfix_decoder_events_t nothing = {.record = NULL};
    ipfix_decoder_t *const other = ipfix_decoder_new(&names, NULL, &nothing);
    const ipfix_decoder_events_t events = {.missing = own_template, .user = other};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
    g_autofree uint8_t *rest = g_malloc(length + 1);
    memcpy(rest, message->data, length);
    rest = g_realloc(rest, length > 0 ? length : 1); /* no byte more than there is */
    (void)!ipfix_decoder_message(other, message->data, message->len, NULL);
    assert_true(ipfix_decoder_cut_message(reader, rest, length, NULL) <= 0);
    ipfix_decoder_free(reader);
    ipfix_decoder_free(other);
}

/* Every message with some bytes changed ends in some status, without a crash or a hang. */
static void survives_mutations(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int i = 0; i < 20000; i++) {
        g_autoptr(GByteArray) m = example();
        for (int n = g_rand_int_range(random, 1, 6); n > 0; n--) {
            m->data[g_rand_int_range(random, 4, (gint32)m->len)] = (guint8)g_rand_int(random);
        }
        synfix_status_t status;
        free(decode(m, DUMP_JSON, NULL, &status, NULL));
        assert_true(status <= 0);
        decode_cut(m, (guint)g_rand_int_range(random, 0, (gint32)m->len + 1));
    }
}

#define CUT_RECORDS 6u

/* Two sets of records with a number and a string; @p ends has the offsets behind them. */
static GByteArray *message_of_records(uint32_t ends[CUT_RECORDS])
{
    GByteArray *const m = message_begin(7);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 2);
    put16(m, 8), put16(m, 4);
    put16(m, 82), put16(m, IPFIX_VARIABLE);
    set_end(m, templates);
    for (unsigned set = 0; set < 2; set++) {
        const size_t data = set_begin(m, 256);
        for (unsigned i = 0; i < CUT_RECORDS / 2; i++) {
            put32(m, 0x01020304 + i);
            put8(m, (uint8_t)i);
            for (unsigned byte = 0; byte < i; byte++) {
                put8(m, 'x');
            }
            ends[set * (CUT_RECORDS / 2) + i] = m->len;
        }
        set_end(m, data);
    }
    message_end(m);
    return m;
}

/* At each length of the rest, the records that are whole are delivered. */
static void cut_messages(void **state)
{
    (void)state;
    uint32_t ends[CUT_RECORDS];
    g_autoptr(GByteArray) message = message_of_records(ends);
    for (uint32_t length = 0; length <= message->len; length++) {
        const ipfix_decoder_events_t events = {.record = NULL};
        ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
        ipfix_decoder_stats_t stats;
        uint32_t whole = 0;
        for (unsigned i = 0; i < CUT_RECORDS; i++) {
            whole += ends[i] <= length;
        }
        g_autofree uint8_t *rest = g_malloc(length > 0 ? length : 1); /* no byte more than there is */
        memcpy(rest, message->data, length);
        assert_int_equal(ipfix_decoder_cut_message(reader, rest, length, NULL), SYNFIX_OK);
        ipfix_decoder_get_stats(reader, &stats);
        assert_int_equal(stats.data_records, whole);
        assert_int_equal(stats.sets_without_record, 0);
        ipfix_decoder_free(reader);
    }
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
        cmocka_unit_test(prints_values),
        cmocka_unit_test(type_records_name_elements),
        cmocka_unit_test(refuses_nonsense),
        cmocka_unit_test(withdrawal_and_domains),
        cmocka_unit_test(survives_mutations),
        cmocka_unit_test(repeated_templates_stay),
        cmocka_unit_test(direct_records_are_counted),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(values_without_a_byte_are_bounded),
        cmocka_unit_test(records_of_a_message_are_bounded),
        cmocka_unit_test(usage_follows_templates),
        cmocka_unit_test(csv_begins_a_new_table),
        cmocka_unit_test(skips_reserved_sets),
        cmocka_unit_test(cut_messages),
        cmocka_unit_test(templates_of_another_decoder),
        cmocka_unit_test(refused_redefinition_drops_the_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
