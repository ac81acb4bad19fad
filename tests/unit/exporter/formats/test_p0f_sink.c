/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"
#include <stdlib.h>

static char text[4096];

static const char *encode(const synfix_observation_t *observation)
{
    assert_int_equal(sample_sink(&p0f_module, NULL, observation, text, sizeof text), SYNFIX_OK);
    return text;
}

static void a_syn(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    assert_string_equal(
        encode(&sample.observation),
        "[2022/10/28 09:46:19] mod=syn|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|os=Windows XP|"
        "dist=8|params=none|raw_sig=4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0\n"
        "[2022/10/28 09:46:19] mod=mtu|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|link=DSL|"
        "raw_mtu=1492\n");
    sample.fingerprint.match.tool = true;
    sample.fingerprint.match.random_ttl = true;
    sample.fingerprint.link_label = NULL;
    assert_string_equal(
        encode(&sample.observation),
        "[2022/10/28 09:46:19] mod=syn|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|app=Windows XP|"
        "dist=<= 8|params=random_ttl|raw_sig=4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0\n"
        "[2022/10/28 09:46:19] mod=mtu|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|link=???|"
        "raw_mtu=1492\n");
}

static void a_syn_ack_over_ipv6(void **state)
{
    (void)state;
    sample_t sample;
    sample_ipv6(&sample);
    assert_string_equal(encode(&sample.observation),
                        "[2022/10/28 09:46:19] mod=syn+ack|cli=2001:db8:0:0:0:0:0:20/50000|"
                        "srv=2001:db8:10:0:0:0:0:10/443|subj=srv|os=???|dist=3|params=none|"
                        "raw_sig=6:61+3:0:0:0,0:::0\n");
}

static void an_uptime(void **state)
{
    (void)state;
    sample_t sample;
    sample_uptime(&sample);
    assert_string_equal(encode(&sample.observation),
                        "[2022/10/28 09:46:19] mod=uptime|cli=1.2.3.4/1524|srv=4.3.2.1/80|subj=cli|"
                        "uptime=0 days 11 hrs 16 min (modulo 198 days)|raw_freq=250.00 Hz\n");
}

/* Local time, summer time included: two packets around the change of 2022-10-30 01:00 UTC in Berlin. */
static void local_time(void **state)
{
    (void)state;
    sample_t sample;
    sample_uptime(&sample);
    assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    sample.observation.time_ns = 1667091599000000000;
    assert_memory_equal(encode(&sample.observation), "[2022/10/30 02:59:59]", 21);
    sample.observation.time_ns = 1667091600000000000;
    assert_memory_equal(encode(&sample.observation), "[2022/10/30 02:00:00]", 21);
    sample.observation.time_ns = -1;
    assert_memory_equal(encode(&sample.observation), "[1970/01/01 00:59:59]", 21);
    sample.observation.time_ns = 2224756800000000000; /* time_t may have 32 bits */
    assert_memory_equal(encode(&sample.observation), "[2040/07/01 14:00:00]", 21);
}

int main(void)
{
    if (setenv("TZ", "UTC", 1) != 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn),
        cmocka_unit_test(a_syn_ack_over_ipv6),
        cmocka_unit_test(an_uptime),
        cmocka_unit_test(local_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
