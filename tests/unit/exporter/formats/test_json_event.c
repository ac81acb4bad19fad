/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static char text[4096];

static const char *encode(const synfix_observation_t *observation)
{
    assert_int_equal(sample_sink(&json_module, NULL, observation, text, sizeof text), SYNFIX_OK);
    return text;
}

static void a_syn(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    sample.observation.community_id = "1:abc=";
    const synfix_annotation_t annotations[] = {{"source_country", "N\"L"}, {"x", "y"}};
    sample.observation.annotations = annotations;
    sample.observation.annotation_count = 2;
    assert_string_equal(
        encode(&sample.observation),
        "{\"timestamp\":\"2022-10-28T09:46:19.123456+0000\",\"pcap_cnt\":17,\"event_type\":\"tcp_fp\","
        "\"src_ip\":\"1.2.3.4\",\"src_port\":1524,\"dest_ip\":\"4.3.2.1\",\"dest_port\":80,\"proto\":\"TCP\","
        "\"ip_v\":4,\"community_id\":\"1:abc=\",\"tcp_fp\":{\"kind\":\"syn\","
        "\"signature\":\"4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0\",\"os\":\"Windows XP\","
        "\"class\":\"win\",\"family\":\"Windows\",\"flavor\":\"XP\",\"label_id\":99,\"match\":\"exact\","
        "\"quality\":95,\"family_quality\":0,\"candidates\":1,\"distance\":8,\"initial_ttl\":128,\"params\":"
        "\"none\","
        "\"options\":\"mss,nop,nop,sok\",\"quirks\":\"df,id+\",\"quirk_bits\":3,\"mtu\":1492,\"link\":"
        "\"DSL\","
        "\"ttl\":120,\"tos\":0,\"ip_length\":48,\"ip_id\":7,\"flow_label\":0,\"tcp_flags\":2,\"seq\":1000,"
        "\"ack\":0,\"window\":65535,\"urgent_pointer\":0,\"payload_length\":0,\"mss\":1452,\"flags\":[]},"
        "\"enrichment\":{\"source_country\":\"N\\\"L\",\"x\":\"y\"}}\n");
}

static void a_syn_ack_in_a_tunnel(void **state)
{
    (void)state;
    sample_t sample;
    sample_ipv6(&sample);
    encode(&sample.observation);
    assert_non_null(strstr(text, "\"src_ip\":\"2001:db8:10::10\""));
    assert_non_null(strstr(text, "\"os\":\"?\",\"class\":\"?\",\"family\":\"?\",\"flavor\":\"?\""));
    assert_non_null(strstr(text, "\"vlan\":[5,6],\"tunnel\":{\"kind\":\"vxlan\",\"depth\":1,\"id\":77,"
                                 "\"src_ip\":\"9.9.9.9\",\"dest_ip\":\"8.8.8.8\"}"));
    assert_non_null(strstr(text, "\"flags\":[\"tunnelled\",\"syn_not_seen\"]"));
}

static void an_uptime(void **state)
{
    (void)state;
    sample_t sample;
    sample_uptime(&sample);
    encode(&sample.observation);
    assert_non_null(strstr(text, "\"event_type\":\"tcp_uptime\""));
    assert_non_null(strstr(text,
                           "\"tcp_uptime\":{\"role\":\"client\",\"frequency\":250,"
                           "\"frequency_measured\":250.00,\"uptime\":40560,\"modulus\":17179869,"
                           "\"reliability\":\"one line\",\"ts_value\":10140000,\"ts_echo\":5,\"flags\":[]}"));
}

/* With any room left in a block: a whole record, or none. */
static void no_half_records(void **state)
{
    (void)state;
    sample_t sample;
    sample_ipv6(&sample);
    encode(&sample.observation);
    const uint32_t whole = (uint32_t)strlen(text);
    for (uint32_t room = 1; room <= whole; room++) {
        const synfix_status_t status = sample_sink(&json_module, NULL, &sample.observation, text, room + 1);
        assert_int_equal(status, room < whole ? SYNFIX_INVALID : SYNFIX_OK);
        assert_int_equal(strlen(text), room < whole ? 0 : whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn),
        cmocka_unit_test(a_syn_ack_in_a_tunnel),
        cmocka_unit_test(an_uptime),
        cmocka_unit_test(no_half_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
