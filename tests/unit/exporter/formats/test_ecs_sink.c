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
                     "\"family\":\"windows\",\"version\":\"XP\",\"type\":\"windows\"}}"));
    sample.label.tool = true; /* a tool is no operating system */
    assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_non_null(strstr(text, "\"host\":{\"ip\":[\"1.2.3.4\"]}"));
}

static void words_of_ecs(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *os_class;
        const char *os;
    } cases[] = {
        {"Linux", "unix", "\"family\":\"linux\",\"version\":\"XP\",\"type\":\"linux\"}"},
        {"FreeBSD", "unix", "\"family\":\"freebsd\",\"version\":\"XP\",\"type\":\"unix\"}"},
        {"macOS", "unix", "\"family\":\"darwin\",\"version\":\"XP\",\"type\":\"macos\"}"},
        {"Cisco IOS", "other", "\"family\":\"cisco ios\",\"version\":\"XP\"}"},
        {"F5 BIG-IP", "other", "\"host\":{\"ip\":[\"1.2.3.4\"]}"},
        {"Proxy or middlebox", "other", "\"host\":{\"ip\":[\"1.2.3.4\"]}"},
        {"FreeBSD or macOS", "unix", "\"os\":{\"name\":\"FreeBSD or macOS\",\"full\":\"Windows XP\"}"},
        {"macOS or iOS", "unix", "\"family\":\"darwin\",\"version\":\"XP\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[4096];
        sample_t sample;
        sample_syn(&sample);
        sample.label.name = cases[i].name;
        sample.label.os_class = cases[i].os_class;
        assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
        assert_non_null(strstr(text, cases[i].os));
        assert_non_null(strstr(text, ",\"tags\":[\"forwarded\"],"));
    }
}

static void tags_of_the_frame(void **state)
{
    (void)state;
    char text[4096];
    sample_t sample;
    sample_syn(&sample);
    sample.headers.encapsulation.vlan_count = 2;
    sample.headers.encapsulation.vlan_id = 10;
    sample.headers.encapsulation.customer_vlan_id = 20;
    assert_int_equal(sample_sink(&ecs_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_non_null(strstr(text, "\"vlan\":{\"id\":\"10\"},\"inner\":{\"vlan\":{\"id\":\"20\"}}}"));
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_of_the_schema), cmocka_unit_test(words_of_ecs),
                                       cmocka_unit_test(tags_of_the_frame), cmocka_unit_test(an_uptime)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
