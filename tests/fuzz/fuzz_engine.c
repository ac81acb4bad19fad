/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First byte: how the engine is set up. Then packets of eight bytes each, between a few hosts and ports, at
 * any time: what the tables make of them must stay in balance.
 */
#include "base/byte_order.h"
#include "fuzz.h"
#include <string.h>
#include <synfix/engine.h>

#define WORD  8u
#define FRAME 64u

typedef struct seen {
    uint64_t handshakes;
    uint64_t uptimes;
} seen_t;

static void on_observation(const synfix_observation_t *observation, void *user)
{
    seen_t *seen = user;

    FUZZ_CHECK(observation->headers != NULL);
    if (observation->fingerprint == NULL) {
        FUZZ_CHECK(observation->kind == SYNFIX_OBSERVATION_UPTIME);
        seen->uptimes++;
        return;
    }
    FUZZ_CHECK(strlen(observation->fingerprint->text) == observation->fingerprint->text_length);
    seen->handshakes++;
}

/* word: hosts and ports, flags, time (2), sequence and acknowledgement, timestamp (2), window and MSS. */
static uint32_t make_frame(const uint8_t *word, uint32_t *timestamp, uint8_t *frame)
{
    const uint8_t flags = word[1];
    const bool with_mss = (word[7] & 1) != 0;
    const uint8_t options = with_mss ? 16 : 12;

    memset(frame, 0, FRAME);
    frame[0] = 0x45;
    frame[3] = (uint8_t)(40 + options);
    frame[6] = 0x40;
    frame[8] = (uint8_t)(33 + (word[7] >> 2));
    frame[9] = 6;
    write_be32(frame + 12, 0xC0000200u + (word[0] & 3u));
    write_be32(frame + 16, 0xC0000200u + ((word[0] >> 2) & 3u));
    write_be16(frame + 20, (uint16_t)(80 + ((word[0] >> 4) & 3)));
    write_be16(frame + 22, (uint16_t)(80 + (word[0] >> 6)));
    write_be32(frame + 24, word[4] & 0xFu);
    write_be32(frame + 28, (uint32_t)word[4] >> 4);
    frame[32] = (uint8_t)((20 + options) / 4 << 4);
    frame[33] = flags;
    write_be16(frame + 34, (uint16_t)(1460 * (word[7] & 3)));
    *timestamp = (uint32_t)((int64_t)*timestamp + (int16_t)read_be16(word + 5));
    memcpy(frame + 40, (uint8_t[4]){1, 1, 8, 10}, 4);
    write_be32(frame + 44, *timestamp);
    write_be32(frame + 48, word[6]);
    if (with_mss) {
        memcpy(frame + 52, (uint8_t[4]){2, 4, 0x05, 0xB4}, 4);
    }
    return 40u + options;
}

static void check_counters(const synfix_engine_t *engine, uint64_t pushed, const seen_t *seen)
{
    synfix_engine_counters_t counters;
    uint64_t sum = 0;

    synfix_engine_counters(engine, &counters);
    for (unsigned i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        sum += counters.verdicts[i];
    }
    FUZZ_CHECK(counters.packets_received == pushed && sum == pushed);
    FUZZ_CHECK(seen->handshakes ==
               counters.verdicts[SYNFIX_VERDICT_SYN] + counters.verdicts[SYNFIX_VERDICT_SYN_ACK]);
    FUZZ_CHECK(seen->uptimes == counters.uptime_observations);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 + WORD) {
        return 0;
    }
    seen_t seen = {0};
    synfix_engine_config_t config;
    synfix_engine_t *engine = NULL;
    synfix_error_t error;

    synfix_engine_config_init(&config, sizeof config);
    config.fingerprint_slots = SYNFIX_FINGERPRINT_SLOTS_MIN;
    config.handshakes = SYNFIX_HANDSHAKES_MIN;
    config.hosts = SYNFIX_HOSTS_MIN;
    config.uptime = (synfix_uptime_mode_t)(data[0] % 3);
    config.signatures = (synfix_signature_mode_t)(data[0] / 3 % 2);
    config.on_observation = on_observation;
    config.observation_user = &seen;
    FUZZ_CHECK(synfix_engine_new(&config, &engine, &error) == SYNFIX_OK);

    int64_t time_ns = data[0] >= 128 ? INT64_MAX / 2 : 0;
    uint32_t timestamp = data[0] >= 64 ? 0xFFFFFF00u : 0;
    uint64_t pushed = 0;
    for (size_t at = 1; at + WORD <= size; at += WORD) {
        uint8_t frame[FRAME];
        const uint32_t length = make_frame(data + at, &timestamp, frame);
        const int64_t step = (int16_t)read_be16(data + at + 2);
        time_ns += (step & 1) != 0 ? step * INT64_C(1000000000) : step * INT64_C(100000);
        const synfix_packet_t packet = {.data = frame,
                                        .captured_length = length,
                                        .original_length = length,
                                        .time_ns = time_ns,
                                        .number = ++pushed,
                                        .link_type = 101};
        synfix_engine_push(engine, &packet, 1);
    }
    check_counters(engine, pushed, &seen);
    synfix_engine_free(engine);
    return 0;
}
