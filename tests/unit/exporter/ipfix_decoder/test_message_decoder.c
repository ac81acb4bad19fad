/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/decode_message.h"

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

/* Other protocols on the port of a collector are named. */
static void names_other_protocols(void **state)
{
    (void)state;
    static const struct {
        uint8_t begin[4];
        const char *reason;
    } rows[] = {
        {{0, 5, 0, 30}, "no IPFIX message, but NetFlow version 5; ipfixcol2 converts it to IPFIX"},
        {{0, 9, 0, 30}, "no IPFIX message, but NetFlow version 9; ipfixcol2 converts it to IPFIX"},
        {{0, 0, 0, 5}, "no IPFIX message, but sFlow version 5; synfix capture -i sflow:// receives it"},
        {{0, 0, 0, 6}, "no IPFIX message (version 0, not 10)"},
        {{0x16, 3, 1, 2}, "no IPFIX message, but TLS; listen on tls://"},
        {{0x16, 0xFE, 0xFF, 0}, "no IPFIX message, but DTLS; listen on dtls://"},
        {{'G', 'E', 'T', ' '}, "no IPFIX message (version 18245, not 10)"},
        {{0, 10, 0, 15}, "message length 15 is shorter than its header"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = 0;
        synfix_error_t error = {.text = ""};
        assert_int_equal(ipfix_decoder_header(rows[i].begin, &length, &error), SYNFIX_INVALID);
        assert_string_equal(error.text, rows[i].reason);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_nonsense),    cmocka_unit_test(names_other_protocols),
        cmocka_unit_test(skips_reserved_sets), cmocka_unit_test(survives_mutations),
        cmocka_unit_test(cut_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
