/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/observation_columns.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static size_t count(const char *text, char wanted)
{
    size_t found = 0;
    for (; *text != 0; text++) {
        found += *text == wanted;
    }
    return found;
}

static void tab_separated(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_syn(&sample);
    sample.label.text = "a\tb";
    assert_int_equal(sample_sink(&zeek_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_memory_equal(text, "1666950379.123456\tC", 19);
    assert_non_null(strstr(text,
                           "\t1.2.3.4\t1524\t4.3.2.1\t80\ttcp\tsyn\tF\t4:120+8:0:1452:65535,0:mss,nop,nop,"
                           "sok:df,id+:0\ta\\x09b\twin\tWindows\tXP\texact\t95\t1\t8\t128\tnone\t"));
    const size_t tabs = count(text, 9);
    sample_ipv6(&sample);
    assert_int_equal(sample_sink(&zeek_module, "format=tsv", &sample.observation, text, sizeof text),
                     SYNFIX_OK);
    assert_int_equal(count(text, 9), tabs);
    /* the client is the originator, for packets of both directions; no options is an empty vector, no label
     * unset */
    assert_non_null(strstr(text, "\t2001:db8::20\t50000\t2001:db8:10::10\t443\ttcp\tsyn+ack\tT\t"));
    assert_non_null(strstr(text, "6:61+3:0:0:0,0:::0\t-\t-\t-\t-\tnone\t"));
    assert_non_null(strstr(text, "\t(empty)\tdf,id+\t-\t-\t"));
    sample.observation.time_ns = -1250000000;
    assert_int_equal(sample_sink(&zeek_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_memory_equal(text, "-1.250000\t", 10);
}

static void json_lines(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_ipv6(&sample);
    assert_int_equal(sample_sink(&zeek_module, "format=json", &sample.observation, text, sizeof text),
                     SYNFIX_OK);
    assert_memory_equal(text, "{\"ts\":1666950379.123456,\"uid\":\"C", 31);
    assert_non_null(strstr(text, "\"id.orig_h\":\"2001:db8::20\",\"id.orig_p\":50000,"));
    assert_non_null(strstr(text, "\"is_resp\":true"));
    assert_non_null(strstr(text, "\"flags\":[\"tunnelled\",\"syn_not_seen\"]"));
    assert_null(strstr(text, "\"os\":"));
    assert_int_equal(sample_sink(&zeek_module, "format=xml", &sample.observation, text, sizeof text),
                     SYNFIX_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tab_separated), cmocka_unit_test(json_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
