/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels that are IP protocols: GRE with all that it carries, ERSPAN, EtherIP. */
#include "decode/decoder.h"

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080, /* version 1 */
    GRE_VERSION = 0x0007,
    GRE_PPP = 0x880B,
    GRE_ERSPAN = 0x88BE,
    GRE_ERSPAN_III = 0x22EB,
    GRE_EOIP = 0x6400,        /* MikroTik, with version 1 */
    GRE_ARUBA_FIRST = 0x8200, /* Aruba controllers: 802.11 frames; the type is the queue */
    GRE_ARUBA_LAST = 0x83FF,
};

/* Instead of the key: length, and a tunnel identifier in little endian. */
static void step_eoip(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_GRE, __builtin_bswap16(read_be16(d->at + 6)));
    decoder_continue(d, 8, step_ethernet);
}

/* Types I (no header at all) and II share an ethertype: II has GRE's sequence number. */
static void step_erspan_ii(decoder_t *d)
{
    if (!decoder_has_link(d, 8)) {
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ERSPAN, read_be16(d->at + 2) & 0x3FFu);
    decoder_continue(d, 8, step_ethernet);
}

/* The lowest bit states whether 8 platform-specific bytes follow the 12; above hardware id, granularity and
 * direction stands the kind of frame. */
static void step_erspan_iii(decoder_t *d)
{
    if (!decoder_has_link(d, 12)) {
        return;
    }
    const size_t length = (d->at[11] & 1) != 0 ? 20 : 12;
    const unsigned frame_type = (d->at[10] >> 2) & 0x1Fu;
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ERSPAN, read_be16(d->at + 2) & 0x3FFu);
    if (decoder_has_link(d, length)) {
        decoder_continue(d, length, frame_type == 2 ? step_ip : step_ethernet);
    }
}

/* RFC 1701: address family, offset, length of each entry; one of length 0 ends the list. */
static bool skip_routing(decoder_t *d, size_t *length)
{
    for (;;) {
        if (!decoder_has_link(d, *length + 4)) {
            return false;
        }
        const uint16_t family = read_be16(d->at + *length);
        const uint8_t entry = d->at[*length + 3];
        *length += 4u + entry;
        if (entry == 0 && family == 0) {
            return true;
        }
    }
}

/* Continues with the payload after the header of @p length bytes; its protocol is @p type. */
static void go_gre_payload(decoder_t *d, size_t length, uint16_t flags, uint16_t type, uint32_t key)
{
    if (type == GRE_ERSPAN_III) {
        decoder_continue(d, length, step_erspan_iii);
    } else if (type == GRE_ERSPAN && (flags & GRE_SEQUENCE) != 0) {
        decoder_continue(d, length, step_erspan_ii);
    } else if (type == GRE_ERSPAN) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ERSPAN, 0);
        decoder_continue(d, length, step_ethernet);
    } else {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_GRE, key);
        if (type >= GRE_ARUBA_FIRST && type <= GRE_ARUBA_LAST) {
            decoder_continue(d, length, step_ieee80211);
        } else if (type < 0x600) {
            decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        } else {
            decoder_ethertype(d, length, type);
        }
    }
}

void step_gre(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    const uint16_t flags = read_be16(d->at);
    const uint16_t type = read_be16(d->at + 2);
    const unsigned version = flags & GRE_VERSION;
    size_t length = 4;
    uint32_t key = 0;

    if (flags == (GRE_KEY | 1) && type == GRE_EOIP) {
        d->next = step_eoip;
        return;
    }
    if (version > 1 || (version == 1 && type != GRE_PPP)) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0) {
        length += 4;
    }
    if ((flags & GRE_KEY) != 0) {
        if (!decoder_has_link(d, length + 4)) {
            return;
        }
        key = version == 1 ? read_be16(d->at + length + 2) : read_be32(d->at + length);
        length += 4;
    }
    if ((flags & GRE_SEQUENCE) != 0) {
        length += 4;
    }
    if (version == 1 && (flags & GRE_ACKNOWLEDGEMENT) != 0) {
        length += 4;
    }
    if (version == 0 && (flags & GRE_ROUTING) != 0 && !skip_routing(d, &length)) {
        return;
    }
    if (decoder_has_link(d, length)) {
        go_gre_payload(d, length, flags, type, key);
    }
}

/* RFC 3378. */
void step_etherip(decoder_t *d)
{
    if (!decoder_has_link(d, 2)) {
        return;
    }
    if (d->at[0] >> 4 != 3) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, 0);
    decoder_continue(d, 2, step_ethernet);
}

void step_mpls_in_ip(decoder_t *d)
{
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_MPLS_IN_IP, 0);
    d->next = step_mpls;
}
