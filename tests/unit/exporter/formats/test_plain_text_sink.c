/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"
#include <string.h>

static char text[4096];

static const char *encode(const synfix_observation_t *observation)
{
    assert_int_equal(sample_sink(&text_module, NULL, observation, text, sizeof text), SYNFIX_OK);
    return text;
}

static void a_syn(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    assert_string_equal(encode(&sample.observation),
                        "[TCP SYN] 1.2.3.4:1524 → 4.3.2.1:80\n"
                        "  Time:   2022-10-28 09:46:19.123456\n"
                        "  OS:     Windows XP\n"
                        "  Dist:   8\n"
                        "  Params: none\n"
                        "  Sig:    4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0\n"
                        "[TCP MTU] 1.2.3.4:1524 → 4.3.2.1:80\n"
                        "  Link:   DSL\n"
                        "  MTU:    1492\n");
}

static void a_syn_ack_over_ipv6(void **state)
{
    (void)state;
    sample_t sample;
    sample_ipv6(&sample);
    sample.fingerprint.match.random_ttl = true;
    sample.observation.flags |= SYNFIX_FLAG_RANDOM_TTL;
    assert_string_equal(encode(&sample.observation),
                        "[TCP SYN+ACK] [2001:db8:10::10]:443 → [2001:db8::20]:50000\n"
                        "  Time:   2022-10-28 09:46:19.123456\n"
                        "  VLAN:   5.6\n"
                        "  Tunnel: vxlan 77, 9.9.9.9 → 8.8.8.8\n"
                        "  OS:     ???\n"
                        "  Dist:   <= 3\n"
                        "  Params: random_ttl\n"
                        "  Sig:    6:61+3:0:0:0,0:::0\n");
}

static void an_uptime(void **state)
{
    (void)state;
    sample_t sample;
    sample_uptime(&sample);
    assert_string_equal(encode(&sample.observation), "[TCP Uptime - Client] 1.2.3.4:1524 → 4.3.2.1:80\n"
                                                     "  Time:   2022-10-28 09:46:19.123456\n"
                                                     "  Uptime: 0 days, 11 hrs, 16 min (modulo 198 days)\n"
                                                     "  Freq:   250.00 Hz\n");
    sample.observation.uptime.reliability = SYNFIX_UPTIME_SINGLE_CONNECTION;
    assert_non_null(
        strstr(encode(&sample.observation), "(modulo 198 days), unreliable: from one connection\n"));
    sample.observation.from_server = true;
    sample.observation.uptime.reliability = SYNFIX_UPTIME_RANDOMISED;
    assert_string_equal(encode(&sample.observation), "[TCP Uptime - Server] 1.2.3.4:1524 → 4.3.2.1:80\n"
                                                     "  Time:   2022-10-28 09:46:19.123456\n"
                                                     "  Uptime: unknown (timestamps are randomised)\n"
                                                     "  Freq:   250.00 Hz\n");
}

/* Tags and tunnels distinguish copies of one packet; outer addresses name the endpoints of the tunnel. */
static void encapsulations(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    sample.headers.encapsulation = (synfix_encapsulation_t){
        .vlan_count = 2, .vlan_id = 7, .customer_vlan_id = 9, .mpls_count = 1, .mpls_label = 16};
    assert_non_null(strstr(encode(&sample.observation), ".123456\n"
                                                        "  VLAN:   7.9\n"
                                                        "  MPLS:   16\n"
                                                        "  OS:     Windows XP\n"));
    sample.headers.encapsulation = (synfix_encapsulation_t){.kind = SYNFIX_ENCAPSULATION_VXLAN,
                                                            .id = 4711,
                                                            .outer_version = 4,
                                                            .outer_source = {{192, 0, 2, 1}},
                                                            .outer_destination = {{192, 0, 2, 2}}};
    assert_non_null(strstr(encode(&sample.observation), ".123456\n"
                                                        "  Tunnel: vxlan 4711, 192.0.2.1 → 192.0.2.2\n"
                                                        "  OS:     Windows XP\n"));
    sample.headers.encapsulation.outer_version = 0;
    sample.headers.encapsulation.details = SYNFIX_DETAIL_OUTER;
    sample.headers.details.outer_kind = SYNFIX_ENCAPSULATION_GRE;
    assert_non_null(strstr(encode(&sample.observation), "  Tunnel: vxlan 4711 in gre\n"));
}

static void coloured(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    assert_int_equal(sample_sink(&text_module, "colour=yes", &sample.observation, text, sizeof text),
                     SYNFIX_OK);
    assert_non_null(strstr(text, "\033[1m[TCP SYN] 1.2.3.4:1524 → 4.3.2.1:80\033[0m\n"));
    assert_non_null(strstr(text, "OS:     \033[32mWindows XP\033[0m\n"));
    assert_null(strchr(encode(&sample.observation), '\033'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn),     cmocka_unit_test(a_syn_ack_over_ipv6),
        cmocka_unit_test(an_uptime), cmocka_unit_test(encapsulations),
        cmocka_unit_test(coloured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
