/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/engine.h>

#include "base/byte_order.h"

static void test_flow_hash(void **state)
{
    (void)state;
    synfix_headers_t headers;
    memset(&headers, 0, sizeof headers);
    unsigned shards[SYNFIX_FLOW_SHARDS] = {0};
    for (uint32_t i = 0; i < 64000; i++) {
        write_be32(headers.source.bytes, 0x0A000000 + i % 250);
        write_be32(headers.destination.bytes, 0xC0000200);
        headers.source_port = (uint16_t)(1024 + i / 250);
        headers.destination_port = 443;
        headers.ip_version = 4;
        const uint32_t hash = synfix_flow_hash(&headers);
        shards[hash % SYNFIX_FLOW_SHARDS]++;
        synfix_headers_t back = headers;
        back.source = headers.destination;
        back.destination = headers.source;
        back.source_port = headers.destination_port;
        back.destination_port = headers.source_port;
        assert_int_equal(synfix_flow_hash(&back), hash);
    }
    for (unsigned i = 0; i < SYNFIX_FLOW_SHARDS; i++) {
        assert_in_range(shards[i], 800, 1200);
    }
}

/* Flows whose ends have the same bits in another arrangement, as those between two subnets, differ. */
static void test_between_subnets(void **state)
{
    (void)state;
    enum { HOSTS = 256, SETS = 4096 };
    static unsigned sets[SETS];
    synfix_headers_t headers;
    memset(&headers, 0, sizeof headers);
    headers.ip_version = 4;
    headers.source_port = headers.destination_port = 179;
    for (uint32_t i = 0; i < HOSTS * HOSTS; i++) {
        write_be32(headers.source.bytes, 0x0A000000 + i % HOSTS);
        write_be32(headers.destination.bytes, 0x0A000100 + i / HOSTS);
        sets[synfix_flow_hash(&headers) % SETS]++;
    }
    for (unsigned i = 0; i < SETS; i++) {
        assert_in_range(sets[i], 1, 48); /* 16 on average */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flow_hash),
        cmocka_unit_test(test_between_subnets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
