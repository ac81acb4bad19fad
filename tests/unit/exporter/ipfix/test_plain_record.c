/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Plain observations and the same observations with decoded headers lead to the same messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix/plain_record.h"
#include "support/sample_observation.h"
#include <string.h>
#include <synfix/decode.h>

#define ROUNDS       2000u
#define GROUP        7u /* observations of one call */
#define CAPACITY     3000u
#define FINGERPRINTS 5u

static uint32_t seed = 1;

static void fill_randomly(void *at, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525u + 1013904223u;
        ((uint8_t *)at)[i] = (uint8_t)(seed >> 24);
    }
}

/* A frame whose options are NOPs, and what synfix_decode makes of it. */
typedef struct packet {
    uint8_t frame[SYNFIX_PLAIN_HEADERS + 40];
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    synfix_observation_t observation;
    synfix_plain_observation_t plain;
} packet_t;

static void make_packet(packet_t *packet, const synfix_fingerprint_t *fingerprint)
{
    *packet = (packet_t){.options = {.layout = {1, 1}, .layout_count = 2}};
    fill_randomly(packet->frame, sizeof packet->frame);
    uint8_t *ip = packet->frame + PLAIN_LINK_LENGTH;
    write_be16(ip - 2, 0x0800);
    ip[0] = 0x45;
    write_be16(ip + 2, (uint16_t)(60 + 20 * (seed % 3)));
    write_be16(ip + 6, (uint16_t)(seed % 2 << 14));
    ip[9] = 6;
    ip[FILL_IPV4_MIN + 12] = (uint8_t)(5 + seed % 6) << 4;
    ip[FILL_IPV4_MIN + 13] = (uint8_t)(seed % 4 < 2 ? SYNFIX_TCP_SYN : SYNFIX_TCP_SYN | SYNFIX_TCP_ACK);
    const synfix_packet_t captured = {.data = packet->frame,
                                      .captured_length = sizeof packet->frame,
                                      .original_length = sizeof packet->frame,
                                      .link_type = PLAIN_LINK_TYPE};
    const synfix_verdict_t verdict = synfix_decode(&captured, &packet->headers);
    assert_true(verdict <= SYNFIX_VERDICT_SYN_ACK);
    packet->headers.encapsulation.details = SYNFIX_DETAIL_LINK;
    memcpy(packet->headers.details.link_addresses, packet->frame, 12);
    packet->plain = (synfix_plain_observation_t){
        .kind = verdict == SYNFIX_VERDICT_SYN ? SYNFIX_OBSERVATION_SYN : SYNFIX_OBSERVATION_SYN_ACK,
        .time_ns = (int64_t)seed << 30,
        .packet_number = seed,
        .flow_id = ~(uint64_t)seed,
        .interface_id = seed % 4,
        .flags = packet->headers.truncated ? SYNFIX_FLAG_TRUNCATED : 0u,
        .fingerprint = fingerprint,
        .options = &packet->options,
        .timestamp_value = seed * 3,
        .timestamp_echo = seed * 5,
    };
    memcpy(packet->plain.headers, packet->frame, sizeof packet->plain.headers);
}

/* The observation that encode receives in place of the plain one; the options have the timestamps. */
static void decode_packet(packet_t *packet)
{
    const synfix_plain_observation_t *plain = &packet->plain;
    packet->options.timestamp_value = plain->timestamp_value;
    packet->options.timestamp_echo = plain->timestamp_echo;
    packet->observation = (synfix_observation_t){
        .kind = plain->kind,
        .from_server = plain->kind == SYNFIX_OBSERVATION_SYN_ACK,
        .flags = plain->flags,
        .time_ns = plain->time_ns,
        .packet_number = plain->packet_number,
        .flow_id = plain->flow_id,
        .interface_id = plain->interface_id,
        .headers = &packet->headers,
        .options = &packet->options,
        .fingerprint = plain->fingerprint,
    };
}

typedef struct output {
    void *encoder;
    uint8_t data[CAPACITY];
    synfix_block_t block;
    uint32_t ended; /* blocks */
    uint32_t check; /* of their bytes */
} output_t;

static void begin_block(output_t *output)
{
    output->block = (synfix_block_t){.data = output->data, .capacity = CAPACITY};
}

static void end_block(output_t *output)
{
    ipfix_encoding.seal(output->encoder, &output->block);
    for (uint32_t i = 0; i < output->block.length; i++) {
        output->check = output->check * 31 + output->data[i];
    }
    output->ended++;
    begin_block(output);
}

static void encode_decoded(output_t *output, packet_t *packet)
{
    decode_packet(packet);
    if (ipfix_encoding.encode(output->encoder, &packet->observation, &output->block) == SYNFIX_AGAIN) {
        end_block(output);
        assert_int_equal(ipfix_encoding.encode(output->encoder, &packet->observation, &output->block),
                         SYNFIX_OK);
    }
}

static void encode_plain(output_t *output, const synfix_plain_observation_t *const *plain, size_t count)
{
    for (size_t done = 0; done < count;) {
        synfix_status_t status;
        done +=
            ipfix_encoding.encode_plain(output->encoder, plain + done, count - done, &output->block, &status);
        assert_int_equal(status, done < count ? SYNFIX_AGAIN : SYNFIX_OK);
        if (done < count) {
            end_block(output);
        }
    }
}

/* Now and then a record of another template stands between. */
static void encode_other(output_t *decoded, output_t *plain)
{
    sample_t sample;
    sample_ipv6(&sample);
    output_t *const both[2] = {decoded, plain};
    for (unsigned i = 0; i < 2; i++) {
        if (ipfix_encoding.encode(both[i]->encoder, &sample.observation, &both[i]->block) == SYNFIX_AGAIN) {
            end_block(both[i]);
            (void)ipfix_encoding.encode(both[i]->encoder, &sample.observation, &both[i]->block);
        }
    }
}

static void compare_profile(const char *name)
{
    ipfix_settings_t settings = {.message_size = CAPACITY, .domain = 1};
    synfix_error_t error = {.text = ""};
    const char *directory = SYNFIX_SOURCE_DIR "/ipfix-templates";
    if (ipfix_model_load(directory, 4242, &settings.model, &error) != SYNFIX_OK ||
        ipfix_profile_load(settings.model, directory, name, false, &settings.profile, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    output_t decoded = {.ended = 0};
    output_t plain = {.ended = 0};
    assert_int_equal(ipfix_encoding.create(&settings, 0, &decoded.encoder, &error), SYNFIX_OK);
    assert_int_equal(ipfix_encoding.create(&settings, 0, &plain.encoder, &error), SYNFIX_OK);
    begin_block(&decoded);
    begin_block(&plain);
    sample_t samples[FINGERPRINTS];
    for (unsigned i = 0; i < FINGERPRINTS; i++) {
        sample_syn(&samples[i]);
        samples[i].fingerprint.slot = i;
        samples[i].fingerprint.stamp = i + 1;
        samples[i].fingerprint.match.quality = (uint8_t)(50 + i);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        packet_t packets[GROUP];
        const synfix_plain_observation_t *list[GROUP];
        for (unsigned i = 0; i < GROUP; i++) {
            make_packet(&packets[i], &samples[(round + i) % FINGERPRINTS].fingerprint);
            list[i] = &packets[i].plain;
        }
        encode_plain(&plain, list, 1 + round % GROUP);
        for (unsigned i = 0; i <= round % GROUP; i++) {
            encode_decoded(&decoded, &packets[i]);
        }
        if (round % 5 == 0) {
            encode_other(&decoded, &plain);
        }
        assert_int_equal(plain.block.length, decoded.block.length);
        assert_memory_equal(plain.data, decoded.data, plain.block.length);
        assert_int_equal(ipfix_block_records(&plain.block), ipfix_block_records(&decoded.block));
    }
    assert_true(plain.ended > 10);
    assert_int_equal(plain.ended, decoded.ended);
    assert_int_equal(plain.check, decoded.check);
    ipfix_encoding.destroy(decoded.encoder);
    ipfix_encoding.destroy(plain.encoder);
    ipfix_settings_clear(&settings);
}

static void test_equals_decoded(void **state)
{
    (void)state;
    compare_profile("compact");
    compare_profile("full");
    compare_profile("iana");
}

/* A block too small for one record: the same status as for a decoded observation, nothing written. */
static void test_does_not_fit(void **state)
{
    (void)state;
    ipfix_settings_t settings = {.message_size = 512, .domain = 1};
    synfix_error_t error = {.text = ""};
    void *encoder = NULL;
    sample_t sample;
    packet_t packet;
    uint8_t data[100];
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    synfix_status_t status;
    const char *directory = SYNFIX_SOURCE_DIR "/ipfix-templates";
    assert_int_equal(ipfix_model_load(directory, 4242, &settings.model, &error), SYNFIX_OK);
    assert_int_equal(ipfix_profile_load(settings.model, directory, "full", false, &settings.profile, &error),
                     SYNFIX_OK);
    assert_int_equal(ipfix_encoding.create(&settings, 0, &encoder, &error), SYNFIX_OK);
    sample_syn(&sample);
    make_packet(&packet, &sample.fingerprint);
    const synfix_plain_observation_t *plain = &packet.plain;
    assert_int_equal(ipfix_encoding.encode_plain(encoder, &plain, 1, &block, &status), 0);
    assert_int_equal(status, SYNFIX_INVALID);
    assert_int_equal(block.length, 0);
    ipfix_encoding.destroy(encoder);
    ipfix_settings_clear(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_equals_decoded),
                                       cmocka_unit_test(test_does_not_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
