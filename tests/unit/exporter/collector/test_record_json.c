/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/json_plan.h"
#include "exporter/collector/record_json.h"
#include "exporter/information_model/information_model.h"
#include "support/tests_message.h"
#include <string.h>

static ipfix_model_t *model;
static json_plans_t *plans; /* of one decoder; each record is made in both ways */

static int set_up(void **state)
{
    (void)state;
    return ipfix_model_load(SYNFIX_SOURCE_DIR "/ipfix-templates", IPFIX_PEN_DEFAULT, &model, NULL) ==
                   SYNFIX_OK
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    ipfix_model_free(model);
    return 0;
}

/* The object without a plan: each name, and its value. */
static void append_by_values(GString *text, const ipfix_decoder_record_t *record)
{
    for (uint16_t i = 0; i < record->layout->field_count; i++) {
        g_string_append_printf(text, "%c\"%s\":", i == 0 ? '{' : ',', record->layout->fields[i].name);
        record_json_append_value(text, record, i);
    }
    g_string_append_c(text, '}');
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    (void)error;
    GString *const text = user;
    if (record->layout->scope_count == 0) {
        const gsize before = text->len;
        g_autoptr(GString) planned = g_string_new(NULL);
        append_by_values(text, record);
        json_plans_append(plans, planned, record);
        assert_string_equal(planned->str, text->str + before);
        for (uint16_t i = 0; i < record->layout->field_count; i++) {
            g_autoptr(GString) plain = g_string_new(NULL);
            record_text_append(plain, record, i);
            assert_int_equal(strlen(plain->str), plain->len);
        }
    }
    return SYNFIX_OK;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    (void)user;
    json_plans_layout(plans, layout);
}

/* JSON of the data records of the message whose sets are @p hex; spaces are skipped. */
static GString *json_of(const char *hex)
{
    GString *const text = g_string_new(NULL);
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = model};
    const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = text};
    plans = json_plans_new();
    ipfix_decoder_t *const decoder = ipfix_decoder_new(&names, NULL, &events);
    g_autoptr(GByteArray) message = message_begin(7);
    for (const char *at = hex; *at != '\0'; at += 2) {
        at += *at == ' ';
        put8(message, (uint8_t)(g_ascii_xdigit_value(at[0]) << 4 | g_ascii_xdigit_value(at[1])));
    }
    message_end(message);
    synfix_error_t error = {.text = ""};
    if (ipfix_decoder_message(decoder, message->data, message->len, &error) < 0) {
        fail_msg("%s", error.text);
    }
    ipfix_decoder_free(decoder);
    json_plans_free(plans);
    return text;
}

/* Template 302: one variable field of element 291 (basicList), 292 or 293. */
#define TEMPLATE_OF(id) "0002000c 012e0001" id "ffff "
/* Template 303: sourceTransportPort and ipTTL. */
#define TEMPLATE_303 "00020010 012f0002 00070002 00c00001 "

static void lists(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        const char *json;
    } cases[] = {
        /* values of one byte, all of them */
        {TEMPLATE_OF("0123") "012e000d 08 03 00c0 0001 403f3e",
         "{\"basicList\":[64,63,62],\"basicList.element\":\"ipTTL\"}"},
        /* strings of their own length, none of them; an enterprise's element */
        {TEMPLATE_OF("0123") "012e0013 0e 00 8024 ffff 00001ad7 0161 026263",
         "{\"basicList\":[\"a\",\"bc\"],\"basicList.element\":\"osName\",\"basicList.semantic\":\"noneOf\"}"},
        {TEMPLATE_OF("0123") "012e000a 05 ff 00c0 0001",
         "{\"basicList\":[],\"basicList.element\":\"ipTTL\"}"},
        /* an element that is a list by itself needs no name of its values */
        {TEMPLATE_OF("01e4") "012e000e 09 04 01e3 0004 00010002",
         "{\"bgpSourceCommunityList\":[65538],"
         "\"bgpSourceCommunityList.semantic\":\"ordered\"}"},
        {TEMPLATE_303 TEMPLATE_OF("0124") "012e000e 09 03 012f 005040 01bb80",
         "{\"subTemplateList\":[{\"sourceTransportPort\":80,\"ipTTL\":64},"
         "{\"sourceTransportPort\":443,\"ipTTL\":128}]}"},
        {TEMPLATE_303 TEMPLATE_OF("0125") "012e0014 0f ff 012f0007 005040 012f0007 01bb80",
         "{\"subTemplateMultiList\":[{\"sourceTransportPort\":80,\"ipTTL\":64},"
         "{\"sourceTransportPort\":443,\"ipTTL\":128}]}"},
        /* a list of lists */
        {TEMPLATE_OF("0123") "012e0011 0c 03 0123 ffff 06 03 00c0 0001 40",
         "{\"basicList\":[[64]],\"basicList.element\":\"basicList\"}"},
        /* a value that ends inside, an element without a byte, a template that was not announced: bytes */
        {TEMPLATE_OF("0123") "012e000c 07 03 0007 0002 0050", "{\"basicList\":[80],\"basicList.element\":"
                                                              "\"sourceTransportPort\"}"},
        {TEMPLATE_OF("0123") "012e000d 08 03 0007 0002 005001",
         "{\"basicList\":\"0300070002005001\","
         "\"basicList.element\":\"sourceTransportPort\",\"basicList.undecoded\":true}"},
        {TEMPLATE_OF("0123") "012e000b 06 03 0007 0000 01",
         "{\"basicList\":\"030007000001\",\"basicList.undecoded\":true}"},
        {TEMPLATE_OF("0123") "012e0005 00", "{\"basicList\":\"\",\"basicList.undecoded\":true}"},
        {TEMPLATE_OF("0124") "012e000b 06 03 0190 005040",
         "{\"subTemplateList\":\"030190005040\",\"subTemplateList.undecoded\":true}"},
        {TEMPLATE_303 TEMPLATE_OF("0125") "012e000d 08 ff 012f0003 005040",
         "{\"subTemplateMultiList\":\"ff012f0003005040\",\"subTemplateMultiList.undecoded\":true}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *const text = json_of(cases[i].hex);
        assert_string_equal(text->str, cases[i].json);
        g_string_free(text, TRUE);
    }
}

/* Lists in lists end: the innermost are bytes. */
static void deep_lists(void **state)
{
    (void)state;
    GString *const hex = g_string_new("");
    g_string_append(hex, "0300c0000140");
    for (int depth = 0; depth < 12; depth++) {
        g_autofree char *inner = g_strdup_printf("0301230%s%02x%s", "00ff", (unsigned)hex->len / 2, hex->str);
        g_string_assign(hex, inner);
        hex->str[7] = 'f', hex->str[6] = 'f', hex->str[8] = 'f', hex->str[9] = 'f';
        g_string_erase(hex, 10, 1);
    }
    g_autofree char *message = g_strdup_printf(TEMPLATE_OF("0123") "012e%04x%02x%s",
                                               (unsigned)hex->len / 2 + 5, (unsigned)hex->len / 2, hex->str);
    GString *const text = json_of(message);
    assert_true(g_str_has_prefix(text->str, "{\"basicList\":[[[[[[[[\"0301"));
    g_string_free(text, TRUE);
    g_string_free(hex, TRUE);
}

static void relative_times(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        const char *json;
    } cases[] = {
        /* no start of the exporter is known: the number as it is */
        {"00020010 012e0002 00160004 00150004 012e000c 000003e8 000009c4",
         "{\"flowStartSysUpTime\":1000,\"flowEndSysUpTime\":2500}"},
        /* the start is in the record: 2019-05-28T00:00:00Z */
        {"00020010 012e0002 00160004 00a00008 012e0010 000003e8 0000016afbbc9000",
         "{\"flowStartSysUpTime\":\"2019-05-28T00:00:01.000Z\","
         "\"systemInitTimeMilliseconds\":\"2019-05-28T00:00:00.000Z\"}"},
        /* an options record of the domain tells it; sysUpTime began again once (2^32 ms) */
        {"00030012 01900002 0001 00950004 00a00008"
         " 0190 0010 00000007 00000169fbcdf400 0002000c 012e0001 00160004 012e0008 000003e8",
         "{\"flowStartSysUpTime\":\"2019-05-28T00:19:00.712Z\"}"},
        /* microseconds before the export time, 2019-05-28T16:07:33Z */
        {"0002000c 012e0001 009e0004 012e0008 000f4241", "{\"flowStartDeltaMicroseconds\":"
                                                         "\"2019-05-28T16:07:31.999999Z\"}"},
        {"0002000c 012e0001 02080020 012e0024"
         " 0000000000000000000000000000000000000000000000000000000000000114",
         "{\"tcpOptionsFull\":\"0x0114\"}"},
        {"0002000c 012e0001 00980008 012e000c ffffffffffffffff",
         "{\"flowStartMilliseconds\":\"out of range: 18446744073709551.615 s\"}"},
        {"0002000c 012e0001 00520006 012e000a 657468300000", "{\"interfaceName\":\"eth0\"}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *const text = json_of(cases[i].hex);
        assert_string_equal(text->str, cases[i].json);
        g_string_free(text, TRUE);
    }
}

/* Each form of a value, at a fixed place and as a string; three records of one template. */
static void forms(void **state)
{
    (void)state;
    GString *const text =
        json_of("00020038012e000c0007000200c00001005500080001000400080004001b001000980008009a0008009c00080096"
                "0004003800060052ffff"
                "012e00dd00504000000000ffffffff0000000ac000020120010db80000000000000000000000010000016afbbc90"
                "01e096f88080000000e096f880800000005cec7a000a0b0c0d0e0f046574683000504000000000ffffffff000000"
                "0ac000020120010db80000000000000000000000010000016afbbc9001e096f88080000000e096f880800000005c"
                "ec7a000a0b0c0d0e0f0361220100504000000000ffffffff0000000ac000020120010db800000000000000000000"
                "00010000016afbbc9001e096f88080000000e096f880800000005cec7a000a0b0c0d0e0f00");
    assert_string_equal(
        text->str,
        "{\"sourceTransportPort\":80,\"ipTTL\":64,\"octetTotalCount\":4294967295,\"octetDeltaCount\":10,"
        "\"sourceIPv4Address\":\"192.0.2.1\",\"sourceIPv6Address\":\"2001:db8::1\",\"flowStartMilliseconds\":"
        "\"2019-05-28T00:00:00.001Z\",\"flowStartMicroseconds\":\"2019-05-28T00:00:00.500000Z\","
        "\"flowStartNanoseconds\":\"2019-05-28T00:00:00.500000000Z\",\"flowStartSeconds\":\"2019-05-28T00:00:"
        "00.000Z\",\"sourceMacAddress\":\"0a:0b:0c:0d:0e:0f\",\"interfaceName\":\"eth0\"}"
        "{\"sourceTransportPort\":80,\"ipTTL\":64,\"octetTotalCount\":4294967295,\"octetDeltaCount\":10,"
        "\"sourceIPv4Address\":\"192.0.2.1\",\"sourceIPv6Address\":\"2001:db8::1\",\"flowStartMilliseconds\":"
        "\"2019-05-28T00:00:00.001Z\",\"flowStartMicroseconds\":\"2019-05-28T00:00:00.500000Z\","
        "\"flowStartNanoseconds\":\"2019-05-28T00:00:00.500000000Z\",\"flowStartSeconds\":\"2019-05-28T00:00:"
        "00.000Z\",\"sourceMacAddress\":\"0a:0b:0c:0d:0e:0f\",\"interfaceName\":\"a\\\"\\u0001\"}"
        "{\"sourceTransportPort\":80,\"ipTTL\":64,\"octetTotalCount\":4294967295,\"octetDeltaCount\":10,"
        "\"sourceIPv4Address\":\"192.0.2.1\",\"sourceIPv6Address\":\"2001:db8::1\",\"flowStartMilliseconds\":"
        "\"2019-05-28T00:00:00.001Z\",\"flowStartMicroseconds\":\"2019-05-28T00:00:00.500000Z\","
        "\"flowStartNanoseconds\":\"2019-05-28T00:00:00.500000000Z\",\"flowStartSeconds\":\"2019-05-28T00:00:"
        "00.000Z\",\"sourceMacAddress\":\"0a:0b:0c:0d:0e:0f\",\"interfaceName\":\"\"}");
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists), cmocka_unit_test(deep_lists),
                                       cmocka_unit_test(relative_times), cmocka_unit_test(forms)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
