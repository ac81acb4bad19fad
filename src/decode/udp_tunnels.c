/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels in UDP: recognised by the well-known port and a plausible header. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"
#include "decode/header_fields.h"
#include "decode/udp_tunnel_ports.h"

/* A payload of another application on the port of a tunnel. */
static void not_this_tunnel(decoder_t *d)
{
    decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
}

/* The bytes of a network identifier, a reserved one after them. */
static uint32_t read_vni(const uint8_t *at)
{
    return read_be32(at) >> 8;
}

static void step_vxlan(decoder_t *d)
{
    if (!decoder_has_tunnel(d, 8)) {
        return;
    }
    if ((d->at[0] & 0x08) == 0) { /* the identifier is valid */
        not_this_tunnel(d);
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_VXLAN, read_vni(d->at + 4));
    decoder_continue(d, 8, step_ethernet);
}

/* The next protocol, numbered alike in VXLAN-GPE and NSH (RFC 8300, section 2.2). */
static void go_next_protocol(decoder_t *d, size_t length, uint8_t protocol)
{
    switch (protocol) {
    case 1:
    case 2:
        decoder_continue(d, length, step_ip);
        break;
    case 3:
        decoder_continue(d, length, step_ethernet);
        break;
    case 4:
        decoder_continue(d, length, step_nsh);
        break;
    case 5:
        decoder_continue(d, length, step_mpls);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

void step_nsh(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_NSH);
    if (!decoder_has_link(d, 8)) {
        return;
    }
    const size_t length = (d->at[1] & 0x3Fu) * 4u;

    if (d->at[0] >> 6 != 0 || length < 8) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else if (decoder_has_link(d, length)) {
        go_next_protocol(d, length, d->at[3]);
    }
}

static void step_vxlan_gpe(decoder_t *d)
{
    if (!decoder_has_tunnel(d, 8)) {
        return;
    }
    const bool has_protocol = (d->at[0] & 0x04) != 0;
    if ((d->at[0] & 0x38) != 0x08) {
        not_this_tunnel(d);
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_VXLAN_GPE, read_vni(d->at + 4));
    go_next_protocol(d, 8, has_protocol ? d->at[3] : 3);
}

/* AWS Gateway Load Balancer: option class 0x0108, type 1 is the VPC endpoint of the packet. @p left: bytes of
 * options. */
static void note_endpoint(synfix_headers_t *headers, const uint8_t *option, size_t left)
{
    enum { CLASS_AWS = 0x0108, TYPE_ENDPOINT = 1, TYPE_MASK = 0x7F, ENDPOINT_WORDS = 2 };

    while (left >= 4) {
        const size_t words = option[3] & 0x1Fu;
        if (left < 4 + words * 4) {
            return;
        }
        if (read_be16(option) == CLASS_AWS && (option[2] & TYPE_MASK) == TYPE_ENDPOINT &&
            words == ENDPOINT_WORDS && read_be64(option + 4) != 0) {
            headers->encapsulation.details |= SYNFIX_DETAIL_ENDPOINT;
            headers->details.endpoint_id = read_be64(option + 4);
            return;
        }
        option += 4 + words * 4;
        left -= 4 + words * 4;
    }
}

static void step_geneve(decoder_t *d)
{
    if (!decoder_has_tunnel(d, 8)) {
        return;
    }
    const size_t length = 8u + (d->at[0] & 0x3Fu) * 4u;
    const uint16_t protocol = read_be16(d->at + 2);

    if (d->at[0] >> 6 != 0 || protocol < ETHERTYPE_MIN) {
        not_this_tunnel(d);
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_GENEVE, read_vni(d->at + 4));
    if (decoder_has_tunnel(d, length)) {
        note_endpoint(d->headers, d->at + 8, length - 8);
        decoder_ethertype(d, length, protocol);
    }
}

/* Sets @p length to that of the indications before the packet (RFC 4380, section 5.1.1). False: the parser
 * has ended. */
static bool measure_teredo(decoder_t *d, size_t *length)
{
    enum { AUTHENTICATION = 0x0001, AUTHENTICATION_MIN = 13, ORIGIN = 0x0000, ORIGIN_LENGTH = 8 };

    *length = 0;
    if (!decoder_has_tunnel(d, 2)) {
        return false;
    }
    if (read_be16(d->at) == AUTHENTICATION) {
        if (!decoder_has_tunnel(d, 4)) {
            return false;
        }
        *length = (size_t)AUTHENTICATION_MIN + d->at[2] + d->at[3]; /* client identifier, authenticator */
    }
    if (!decoder_has_tunnel(d, *length + 2)) {
        return false;
    }
    if (read_be16(d->at + *length) == ORIGIN) {
        *length += ORIGIN_LENGTH;
    }
    return true;
}

static void step_teredo(decoder_t *d)
{
    size_t length;

    if (!measure_teredo(d, &length) || !decoder_has_tunnel(d, length + FILL_IPV6_MIN)) {
        return;
    }
    if (d->at[length] >> 4 != 6) {
        not_this_tunnel(d);
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_TEREDO, 0);
    decoder_continue(d, length, step_ipv6);
}

/* RFC 3948: ESP, or with a zero in front IKE; a single byte keeps the mapping alive. */
static void step_esp_in_udp(decoder_t *d)
{
    if (decoder_has_tunnel(d, 4)) {
        decoder_stop(d, read_be32(d->at) != 0 ? SYNFIX_VERDICT_ENCRYPTED : SYNFIX_VERDICT_NOT_TCP);
    }
}

typedef struct udp_tunnel {
    uint16_t port;
    decoder_step_t *step;
} udp_tunnel_t;

static const udp_tunnel_t udp_tunnels[] = {
#define UDP_TUNNEL(number, step_, kind) {.port = number, .step = step_},
    UDP_TUNNELS(UDP_TUNNEL)
#undef UDP_TUNNEL
        {.port = 4500, .step = step_esp_in_udp}, /* no readable content: the kernel may drop the packet */
};

static decoder_step_t *port_step(uint16_t port)
{
    for (size_t i = 0; i < sizeof udp_tunnels / sizeof *udp_tunnels; i++) {
        if (udp_tunnels[i].port == port) {
            return udp_tunnels[i].step;
        }
    }
    return NULL;
}

void step_udp(decoder_t *d)
{
    if (!decoder_has(d, 8, SYNFIX_VERDICT_NOT_TCP)) {
        return;
    }
    const uint16_t length = read_be16(d->at + 4);
    decoder_step_t *next = port_step(read_be16(d->at + 2));

    if (next == NULL) {
        next = port_step(read_be16(d->at));
    }
    if (next == NULL || (length < 8 && length != 0)) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    if (length != 0 && length < d->left) { /* a first fragment holds less than the datagram */
        decoder_clip(d, length);
    }
    decoder_continue(d, 8, next);
}
