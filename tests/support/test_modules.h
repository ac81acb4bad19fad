/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file test_modules.h
 * For tests that run a pipeline of modules of their own: SYNs to read, and descriptors of modules.
 */
#ifndef SUPPORT_TEST_MODULES_H
#define SUPPORT_TEST_MODULES_H

#include <string.h>
#include <synfix/module.h>
#include <synfix/packet.h>

#define SYN_BYTES 44u

/** A SYN over raw IPv4 from the client 10.x.y.z that @p number names, which also is its number and its time;
 * its bytes are written to @p bytes. */
static inline synfix_packet_t syn_of(uint32_t number, uint8_t bytes[SYN_BYTES])
{
    static const uint8_t frame[SYN_BYTES] = {0x45, 0,   0,    44, 0, 1,    0x40, 0, 64, 6, 0, 0, 10, 0,   0,
                                             0,    192, 0,    2,  1, 0x40, 0,    0, 80, 0, 0, 0, 1,  0,   0,
                                             0,    0,   0x60, 2,  4, 0,    0,    0, 0,  0, 2, 4, 5,  0xB4};
    memcpy(bytes, frame, SYN_BYTES);
    bytes[13] = (uint8_t)(number >> 16);
    bytes[14] = (uint8_t)(number >> 8);
    bytes[15] = (uint8_t)number;
    return (synfix_packet_t){.data = bytes,
                             .captured_length = SYN_BYTES,
                             .original_length = SYN_BYTES,
                             .time_ns = number,
                             .number = number,
                             .link_type = 101};
}

/** Initialisers of synfix_module_t around a table of functions. */
#define SOURCE_MODULE(label, functions)                                                                      \
    {                                                                                                        \
        .abi = SYNFIX_MODULE_ABI, .size = sizeof(synfix_module_t), .kind = SYNFIX_MODULE_SOURCE,             \
        .name = label, .summary = label, .source = (functions)                                               \
    }
#define ENRICHER_MODULE(label, functions)                                                                    \
    {                                                                                                        \
        .abi = SYNFIX_MODULE_ABI, .size = sizeof(synfix_module_t), .kind = SYNFIX_MODULE_ENRICHER,           \
        .name = label, .summary = label, .enricher = (functions)                                             \
    }
#define SINK_MODULE(label, functions)                                                                        \
    {                                                                                                        \
        .abi = SYNFIX_MODULE_ABI, .size = sizeof(synfix_module_t), .kind = SYNFIX_MODULE_SINK,               \
        .name = label, .summary = label, .sink = (functions)                                                 \
    }

/** synfix_encoding_t.encode: the packet number, 4 bytes in host order. */
static inline synfix_status_t encode_packet_number(void *encoder, const synfix_observation_t *observation,
                                                   synfix_block_t *block)
{
    (void)encoder;
    const uint32_t number = (uint32_t)observation->packet_number;
    if (block->capacity - block->length < sizeof number) {
        return SYNFIX_AGAIN;
    }
    memcpy(block->data + block->length, &number, sizeof number);
    block->length += (uint32_t)sizeof number;
    return SYNFIX_OK;
}

#endif
