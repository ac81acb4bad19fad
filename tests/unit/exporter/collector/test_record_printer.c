/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/decode_message.h"

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

/* U+009B begins a control sequence; U+00E9 is a letter. */
static void values_control_no_terminal(void **state)
{
    (void)state;
    static const struct {
        dump_format_t format;
        const char *text;
    } cases[] = {
        {DUMP_JSON, "{\"interfaceName\":\"\xC3\xA9\\u009b2J\\u001b\"}\n"},
        {DUMP_CSV, "interfaceName\n\xC3\xA9\\xc2\\x9b2J\\x1b\n"},
        {DUMP_TEXT, "[Record] domain 1, template 256\n  interfaceName: \xC3\xA9\\xc2\\x9b2J\\x1b\n"},
    };
    static const uint8_t name[] = {0xC3, 0xA9, 0xC2, 0x9B, '2', 'J', 0x1B};
    g_autoptr(GByteArray) m = message_begin(1);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 1);
    put16(m, 82), put16(m, IPFIX_VARIABLE);
    set_end(m, templates);
    const size_t data = set_begin(m, 256);
    put8(m, sizeof name);
    g_byte_array_append(m, name, sizeof name);
    set_end(m, data);
    message_end(m);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_status_t status;
        char *const text = decode(m, cases[i].format, NULL, &status, NULL);
        assert_int_equal(status, SYNFIX_OK);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_values),
        cmocka_unit_test(values_control_no_terminal),
        cmocka_unit_test(csv_begins_a_new_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
