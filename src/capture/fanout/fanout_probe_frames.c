/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/fanout/fanout_probe_frames.h"
#include <string.h>

const uint8_t fanout_station[6] = {0x02, 0x53, 0x59, 0x4e, 0x46, 0x58};

void fanout_frame_add(fanout_frame_t *frame, const void *bytes, size_t length)
{
    if (length > sizeof frame->bytes - frame->length) {
        return;
    }
    memcpy(frame->bytes + frame->length, bytes, length);
    frame->length += length;
}

#define ADD(frame, ...)                                                                                      \
    fanout_frame_add(frame, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void add_ethernet(fanout_frame_t *frame, uint16_t type)
{
    fanout_frame_add(frame, fanout_station, sizeof fanout_station);
    ADD(frame, 2, 0, 0, 0, 0, 2, (uint8_t)(type >> 8), (uint8_t)type);
}

/* Addresses of RFC 5737. */
static void add_ipv4(fanout_frame_t *frame, uint8_t protocol, uint8_t client, bool back)
{
    const uint8_t from = back ? 1 : client;
    const uint8_t to = back ? client : 1;
    ADD(frame, 0x45, 0, 0, 120, 0, 1, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, from, 192, 0, 2, to);
}

/* Addresses of RFC 3849. */
static void add_ipv6(fanout_frame_t *frame, uint8_t client, bool back)
{
    ADD(frame, 0x60, 0, 0, 0, 0, 32, 6, 64);
    for (int i = 0; i < 2; i++) {
        ADD(frame, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (i != 0) == back ? client : 1);
    }
}

static void add_tcp(fanout_frame_t *frame, uint8_t flow, bool back)
{
    if (back) {
        ADD(frame, 0, 80, 200, flow, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 18, 1, 1, 0, 0, 0, 0);
    } else {
        ADD(frame, 200, flow, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 1, 1, 0, 0, 0, 0);
    }
}

/* A tunnel derives its source port from the inner flow, so the port differs by direction. */
static void add_tunnel_udp(fanout_frame_t *frame, uint16_t port, uint8_t flow, bool back)
{
    add_ipv4(frame, 17, 77, back);
    ADD(frame, back ? 0xc0 : 0xd0, flow, (uint8_t)(port >> 8), (uint8_t)port, 0, 100, 0, 0);
}

/* Tags and labels between Ethernet and IP. */
static void add_tags(fanout_frame_t *frame, fanout_encapsulation_t encapsulation, bool back)
{
    switch (encapsulation) {
    case FANOUT_VLAN:
        ADD(frame, 0, 5, 8, 0);
        break;
    case FANOUT_QINQ:
        ADD(frame, 0, 5, 0x81, 0, 0, 6, 8, 0);
        break;
    case FANOUT_PPPOE:
        ADD(frame, 0x11, 0, 0, 7, 0, 100, 0, 0x21);
        break;
    case FANOUT_MPLS:
        ADD(frame, 0, back ? 8 : 9, 0x10, 64, 0, 2, 0x11, 64);
        break;
    default:
        break;
    }
}

/* Headers of tunnels over IP. */
static void add_tunnel(fanout_frame_t *frame, fanout_encapsulation_t encapsulation, uint8_t flow, bool back)
{
    const uint8_t id = back ? 8 : 9;
    switch (encapsulation) {
    case FANOUT_GRE:
        add_ipv4(frame, 47, 77, back);
        ADD(frame, 0x20, 0, 8, 0, 0, 0, 0, id);
        break;
    case FANOUT_IP_IN_IP:
        add_ipv4(frame, 4, 77, back);
        break;
    case FANOUT_VXLAN:
        add_tunnel_udp(frame, 4789, flow, back);
        ADD(frame, 8, 0, 0, 0, 0, 0, 7, 0);
        add_ethernet(frame, 0x0800);
        break;
    case FANOUT_GENEVE:
        add_tunnel_udp(frame, 6081, flow, back);
        ADD(frame, 1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0);
        add_ethernet(frame, 0x0800);
        break;
    case FANOUT_GTP_U:
        add_tunnel_udp(frame, 2152, flow, back);
        ADD(frame, 0x30, 0xff, 0, 80, 0, 0, 0, id);
        break;
    default:
        break;
    }
}

void fanout_frame_build(fanout_frame_t *frame, fanout_encapsulation_t encapsulation, unsigned flow, bool back)
{
    static const uint16_t types[FANOUT_ENCAPSULATIONS] = {
        [FANOUT_IPV6] = 0x86dd,  [FANOUT_VLAN] = 0x8100, [FANOUT_QINQ] = 0x88a8,
        [FANOUT_PPPOE] = 0x8864, [FANOUT_MPLS] = 0x8847,
    };
    frame->length = 0;
    add_ethernet(frame, types[encapsulation] != 0 ? types[encapsulation] : 0x0800);
    add_tags(frame, encapsulation, back);
    add_tunnel(frame, encapsulation, (uint8_t)flow, back);
    if (encapsulation == FANOUT_IPV6) {
        add_ipv6(frame, (uint8_t)(100 + flow), back);
    } else {
        add_ipv4(frame, 6, (uint8_t)(100 + flow), back);
    }
    add_tcp(frame, (uint8_t)flow, back);
}
