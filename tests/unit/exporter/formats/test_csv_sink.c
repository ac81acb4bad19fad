/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/observation_columns.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static void one_column_for_each_name(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_syn(&sample);
    sample.label.text = "Win\"dows";
    assert_int_equal(sample_sink(&csv_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_string_equal(
        text,
        "2022-10-28T09:46:19.123456789Z,17,1.2.3.4,1524,4.3.2.1,80,syn,0,"
        "\"4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0\",\"Win\"\"dows\",win,Windows,XP,99,exact,95,1,8,"
        "128,none,\"mss,nop,nop,sok\",\"df,id+\",1492,DSL,120,0,48,2,1000,0,65535,1452,,0,,,,,,,,,,,,,,,,,,"
        "\n");
}

static void unknown_is_empty(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_ipv6(&sample);
    assert_int_equal(sample_sink(&csv_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_non_null(strstr(text, ",2001:db8:10::10,443,2001:db8::20,50000,syn+ack,1,"));
    assert_non_null(strstr(text, ",\"6:61+3:0:0:0,0:::0\",,,,,0,none,0,0,3,64,none,,"));
    assert_non_null(strstr(text, ",\"tunnelled,syn_not_seen\",5,vxlan,77,,,,,,,\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_column_for_each_name),
                                       cmocka_unit_test(unknown_is_empty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
