/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/observation_columns.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static void fields_of_the_schema(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_syn(&sample);
    assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_memory_equal(text, "{\"@timestamp\":\"2022-10-28T09:46:19.123456789Z\",\"ecs\":{\"version\":", 64);
    assert_non_null(strstr(text, "\"source\":{\"address\":\"1.2.3.4\",\"ip\":\"1.2.3.4\",\"port\":1524},"
                                 "\"destination\":{\"address\":\"4.3.2.1\",\"ip\":\"4.3.2.1\",\"port\":80}"));
    assert_non_null(
        strstr(text, "\"host\":{\"ip\":[\"1.2.3.4\"],\"os\":{\"name\":\"Windows\",\"full\":\"Windows XP\","
                     "\"family\":\"win\",\"version\":\"XP\",\"type\":\"windows\"}}"));
    sample.label.tool = true; /* a tool is no operating system */
    assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_non_null(strstr(text, "\"host\":{\"ip\":[\"1.2.3.4\"]}"));
}

static void an_uptime(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_uptime(&sample);
    assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_non_null(strstr(text, "\"dataset\":\"synfix.tcp_uptime\""));
    assert_non_null(strstr(text, "\"host\":{\"ip\":[\"1.2.3.4\"],\"uptime\":40560}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_of_the_schema), cmocka_unit_test(an_uptime)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
