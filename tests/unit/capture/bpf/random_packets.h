/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file random_packets.h
 * Packets by chance: TCP and other protocols inside tags and tunnels of any kind, some of them damaged.
 */
#ifndef TESTS_RANDOM_PACKETS_H
#define TESTS_RANDOM_PACKETS_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ROOM 512u

typedef struct maker {
    uint64_t state;
    uint8_t bytes[ROOM];
    size_t length;
} maker_t;

static inline uint32_t chance(maker_t *maker, uint32_t below)
{
    maker->state ^= maker->state << 13;
    maker->state ^= maker->state >> 7;
    maker->state ^= maker->state << 17;
    return (uint32_t)(maker->state >> 32) % below;
}

static inline void add(maker_t *maker, const void *bytes, size_t length)
{
    assert_true(maker->length + length <= ROOM);
    memcpy(maker->bytes + maker->length, bytes, length);
    maker->length += length;
}

#define ADD(maker, ...) add(maker, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

#define BIG_ENDIAN_16(number) (uint8_t)((number) >> 8), (uint8_t)(number)

/* Few hosts and ports, so that SYNs meet their SYN+ACKs, and segments their connections. */
static inline void add_tcp(maker_t *maker)
{
    static const uint8_t flags[] = {2, 18, 2, 18, 16, 17, 4, 24, 194, 82, 3, 0, 0x7f};
    static const uint8_t linux_options[] = {2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7};
    static const uint8_t stamps[] = {1, 1, 8, 10, 1, 2, 3, 4, 9, 9, 9, 9};
    const uint8_t what = flags[chance(maker, sizeof flags)];
    const uint8_t *options = (what & 2) != 0 ? linux_options : stamps;
    const size_t length = chance(maker, 4) == 0 ? 0 : (what & 2) != 0 ? sizeof linux_options : sizeof stamps;
    const uint8_t port = (uint8_t)chance(maker, 3);
    const bool back = chance(maker, 2) != 0;
    ADD(maker, 4, back ? 80 : port, 4, back ? port : 80, 0, 0, 0, (uint8_t)chance(maker, 9), 0, 0, 0,
        (uint8_t)chance(maker, 9), (uint8_t)((20 + length) << 2), what, 250, 240, 0, 0, 0, 0);
    add(maker, options, length);
    for (uint32_t payload = chance(maker, 12); payload > 0; payload--) {
        ADD(maker, (uint8_t)chance(maker, 256));
    }
}

static inline void add_packet(maker_t *maker, int depth);

static inline void add_ethernet(maker_t *maker, int depth)
{
    ADD(maker, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2);
    for (uint32_t tags = chance(maker, 6); tags < 2; tags++) {
        ADD(maker, 0x81, 0, 0, (uint8_t)chance(maker, 9));
    }
    const size_t type = maker->length;
    ADD(maker, 8, 0);
    if (chance(maker, 12) == 0) {
        memcpy(maker->bytes + type, (const uint8_t[]){0x88, 0x47}, 2);
        ADD(maker, 0, 1, (uint8_t)(chance(maker, 4) != 0), 64);
    } else if (chance(maker, 12) == 0) {
        memcpy(maker->bytes + type, (const uint8_t[]){0x88, 0x64}, 2);
        ADD(maker, 0x11, 0, 0, 7, 1, 0, 0, 0x21);
    }
    const size_t ip = maker->length;
    add_packet(maker, depth);
    if (maker->length > ip && maker->bytes[ip] >> 4 == 6) {
        if (maker->bytes[type] == 8) {
            memcpy(maker->bytes + type, (const uint8_t[]){0x86, 0xdd}, 2);
        } else if (maker->bytes[type + 1] == 0x64) {
            maker->bytes[ip - 1] = 0x57;
        }
    }
}

/* Adds a transport header. Returns its protocol number for the IP header. */
static inline uint8_t add_transport(maker_t *maker, int depth)
{
    static const uint16_t ports[] = {4789, 6081, 2152, 53, 8472};
    const uint32_t kind = depth > 0 ? chance(maker, 8) : 0;
    switch (kind) {
    case 1:
        add_packet(maker, depth - 1);
        return 4;
    case 2:
        ADD(maker, 0, 0, 8, 0);
        add_packet(maker, depth - 1);
        return 47;
    case 3: {
        const uint16_t port = ports[chance(maker, 5)];
        ADD(maker, 200, (uint8_t)chance(maker, 256), BIG_ENDIAN_16(port), 1, 0, 0, 0);
        if (port == 2152) {
            ADD(maker, 0x30, 0xff, 1, 0, 0, 0, 0, 1);
        } else {
            ADD(maker, port == 6081 ? 0 : 8, 0, port == 6081 ? 0x65 : 0, port == 6081 ? 0x58 : 0, 0, 0, 7, 0);
        }
        if (port == 2152) {
            add_packet(maker, depth - 1);
        } else {
            add_ethernet(maker, depth - 1);
        }
        return 17;
    }
    default:
        add_tcp(maker);
        return chance(maker, 50) == 0 ? 17 : 6;
    }
}

static inline void add_ipv4(maker_t *maker, int depth)
{
    const size_t start = maker->length;
    const uint8_t options = (uint8_t)(chance(maker, 8) == 0 ? 1 + chance(maker, 10) : 0);
    const uint8_t fragment = (uint8_t)(chance(maker, 15) == 0 ? chance(maker, 0x40) : 0x40);
    ADD(maker, (uint8_t)(0x45 + options), 0, 0, 0, 0, 1, fragment, 0, 64, 0, 0, 0, 10, 0, 0,
        (uint8_t)chance(maker, 3), 10, 0, 0, (uint8_t)chance(maker, 3));
    for (uint8_t i = 0; i < options; i++) {
        ADD(maker, 1, 1, 1, 1);
    }
    const uint8_t protocol = add_transport(maker, depth);
    maker->bytes[start + 9] = protocol;
    memcpy(maker->bytes + start + 2, (const uint8_t[]){BIG_ENDIAN_16(maker->length - start)}, 2);
}

static inline void add_ipv6(maker_t *maker, int depth)
{
    static const uint8_t headers[] = {0, 43, 60, 44, 51};
    const size_t start = maker->length;
    ADD(maker, 0x60, 0, 0, (uint8_t)chance(maker, 2), 0, 0, 0, 64);
    for (int i = 0; i < 2; i++) {
        ADD(maker, 0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (uint8_t)chance(maker, 3));
    }
    size_t next = start + 6;
    for (uint32_t count = chance(maker, 10); count < 3; count++) {
        const uint8_t kind = headers[chance(maker, sizeof headers)];
        maker->bytes[next] = kind;
        next = maker->length;
        ADD(maker, 0, 0, 0, 0, 0, 0, 0, 0);
        if (kind == 51) { /* its length counts words of four bytes, less two */
            maker->bytes[next + 1] = 1;
            ADD(maker, 0, 0, 0, 0);
        }
    }
    const uint8_t protocol = add_transport(maker, depth);
    maker->bytes[next] = protocol == 4 && maker->bytes[maker->length - 1] % 2 != 0 ? 41 : protocol;
    memcpy(maker->bytes + start + 4, (const uint8_t[]){BIG_ENDIAN_16(maker->length - start - 40)}, 2);
}

static inline void add_packet(maker_t *maker, int depth)
{
    if (chance(maker, 3) == 0) {
        add_ipv6(maker, depth);
    } else {
        add_ipv4(maker, depth);
    }
}

/** A packet of at most three IP headers, from time to time damaged or cut. */
static inline void make(maker_t *maker, int dlt)
{
    maker->length = 0;
    if (dlt == DLT_EN10MB) {
        add_ethernet(maker, 2);
    } else {
        add_packet(maker, 2);
    }
    if (chance(maker, 4) == 0) { /* damaged */
        for (uint32_t i = 1 + chance(maker, 3); i > 0; i--) {
            maker->bytes[chance(maker, (uint32_t)maker->length)] = (uint8_t)chance(maker, 256);
        }
    }
    if (chance(maker, 20) == 0) {
        maker->length -= chance(maker, (uint32_t)maker->length);
    }
}

#endif
