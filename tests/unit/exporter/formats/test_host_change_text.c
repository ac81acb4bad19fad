/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/host_change_text.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static char text[8192];

static const char *encode(const synfix_module_t *module, const char *settings)
{
    sample_t sample;
    sample_host_change(&sample);
    assert_int_equal(sample_sink(module, settings, &sample.observation, text, sizeof text), SYNFIX_OK);
    return text;
}

static void p0f_gets_a_change_and_a_sharing_line(void **state)
{
    (void)state;
    assert_string_equal(encode(&p0f_module, NULL),
                        "[2022/10/28 09:46:19] mod=host change|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|"
                        "reason=os_diff ttl|before=Windows XP|after=Linux 5.x|score=75\n"
                        "[2022/10/28 09:46:19] mod=ip sharing|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|"
                        "reason=os_diff ttl|before=Windows XP|after=Linux 5.x|score=75\n");
}

static void json_has_an_object_of_its_own(void **state)
{
    (void)state;
    assert_non_null(strstr(encode(&json_module, NULL), "\"event_type\":\"tcp_host_change\""));
    assert_non_null(strstr(text,
                           "\"tcp_host_change\":{\"role\":\"client\",\"changes\":[\"shared\"],"
                           "\"before\":\"Windows XP\",\"after\":\"Linux 5.x\",\"sharing_score\":75,"
                           "\"sharing_reasons\":[\"families\",\"initial_ttl\"],\"reason_bits\":1048579"));
    assert_null(strstr(text, "tcp_uptime"));
    assert_non_null(strstr(encode(&ecs_module, NULL), "\"type\":[\"change\"],\"module\":\"synfix\","
                                                      "\"dataset\":\"synfix.tcp_host_change\""));
    assert_null(strstr(text, "\"uptime\""));
}

static void columns_are_the_last_ones(void **state)
{
    (void)state;
    assert_non_null(strstr(encode(&csv_module, NULL), ",host change,0,"));
    assert_non_null(strstr(text, ",shared,Windows XP,Linux 5.x,75,\"families,initial_ttl\"\n"));
    assert_non_null(
        strstr(encode(&zeek_module, NULL), "\tshared\tWindows XP\tLinux 5.x\t75\tfamilies,initial_ttl\n"));
}

static void people_get_sentences(void **state)
{
    (void)state;
    assert_string_equal(encode(&text_module, NULL),
                        "[Host Change - Client] 1.2.3.4:1524 \xE2\x86\x92 4.3.2.1:80\n"
                        "  Time:   2022-10-28 09:46:19.123456\n"
                        "  Change: several hosts share the address\n"
                        "  Before: Windows XP\n"
                        "  After:  Linux 5.x\n"
                        "  Shared: 75 of 100: different operating systems alternate; "
                        "different initial TTLs alternate\n");
}

static void each_reason_has_a_word_of_p0f(void **state)
{
    (void)state;
    char room[256];
    text_writer_t line = {.at = room, .end = room + sizeof room - 1};
    host_reasons_write_p0f(&line, UINT32_MAX & ~(uint32_t)SYNFIX_HOST_SHARED);
    *line.at = '\0';
    assert_string_equal(room, "os_diff sig_diff tstamp ttl port mtu ip_id restart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p0f_gets_a_change_and_a_sharing_line),
        cmocka_unit_test(json_has_an_object_of_its_own),
        cmocka_unit_test(columns_are_the_last_ones),
        cmocka_unit_test(people_get_sentences),
        cmocka_unit_test(each_reason_has_a_word_of_p0f),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
