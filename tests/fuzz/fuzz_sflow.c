/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* First byte: bytes that the capture did not keep. The rest: the payload of a datagram to the port of sFlow.
 * All samples lie inside of it, and the engine counts as many packets. */
#include "base/byte_order.h"
#include "decode/sflow.h"
#include "fuzz.h"
#include <string.h>
#include <synfix/engine.h>

#define HEADERS     28u /* IPv4, UDP */
#define SIZE_MAX_IN 4096u

static void ignore(const synfix_observation_t *observation, void *user)
{
    (void)observation;
    (void)user;
}

static uint64_t count_samples(const synfix_packet_t *packet)
{
    sflow_reader_t reader;
    sflow_sample_t sample;
    uint64_t packets = 1;
    if (!sflow_begin(&reader, packet)) {
        return packets;
    }
    while (sflow_next(&reader, &sample)) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = sflow_decode(&reader, &sample, SYNFIX_ENCAPSULATIONS_ALL, &headers);
        FUZZ_CHECK(sample.packet.data >= packet->data);
        FUZZ_CHECK(sample.packet.data + sample.packet.captured_length <=
                   packet->data + packet->captured_length);
        FUZZ_CHECK(sample.packet.captured_length <= sample.packet.original_length);
        FUZZ_CHECK((unsigned)verdict < SYNFIX_VERDICT_COUNT && verdict != SYNFIX_VERDICT_SFLOW);
        FUZZ_CHECK(verdict > SYNFIX_VERDICT_BAD_FLAGS || headers.encapsulation.depth >= 1);
        packets++;
    }
    return packets + (sflow_rest(&reader) != SYNFIX_VERDICT_SFLOW);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static synfix_engine_t *engine;
    static uint8_t bytes[HEADERS + SIZE_MAX_IN];
    static const uint8_t fixed[HEADERS] = {0x45, [6] = 0x40, [8] = 64, [9] = 17, [12] = 10, 0,
                                           0,    1,          10,       0,        0,         2};
    if (size < 1 || size - 1 > SIZE_MAX_IN) {
        return 0;
    }
    if (engine == NULL) {
        synfix_engine_config_t config;
        synfix_error_t error;
        synfix_engine_config_init(&config, sizeof config);
        config.on_observation = ignore;
        FUZZ_CHECK(synfix_engine_new(&config, &engine, &error) == SYNFIX_OK);
    }
    memcpy(bytes, fixed, sizeof fixed);
    write_be16(bytes + 20, 50000);
    write_be16(bytes + 22, 6343);
    write_be16(bytes + 2, (uint16_t)(HEADERS + size - 1 + data[0]));
    write_be16(bytes + 24, (uint16_t)(8 + size - 1 + data[0]));
    memcpy(bytes + HEADERS, data + 1, size - 1);
    const synfix_packet_t packet = {.data = bytes,
                                    .captured_length = (uint32_t)(HEADERS + size - 1),
                                    .original_length = (uint32_t)(HEADERS + size - 1 + data[0]),
                                    .link_type = 101};
    synfix_engine_counters_t before;
    synfix_engine_counters_t after;
    synfix_engine_counters(engine, &before);
    synfix_engine_push(engine, &packet, 1);
    synfix_engine_counters(engine, &after);
    FUZZ_CHECK(after.packets_received - before.packets_received == count_samples(&packet));
    return 0;
}
