/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels that are IP protocols: GRE with its payloads, ERSPAN, EtherIP. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"

#define GRE_HEADER 4u /* flags and version, type */

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080, /* version 1 */
    GRE_VERSION = 0x0007,
    GRE_PPP = ETHERTYPE_PPP,
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
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_GRE, read_le16(d->at + 6));
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
    decoder_skip_link(d, length, frame_type == 2 ? step_ip : step_ethernet);
}

/* Moves @p length past the routes (RFC 1701): address family, offset, length of each entry; one of length 0
 * ends the list. False: the parser has ended. */
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
        } else {
            decoder_only_ethertype(d, length, type);
        }
    }
}

/* Versions 0 (RFC 2890) and 1, which carries PPP (RFC 2637). */
static bool gre_is_known(uint16_t flags, uint16_t type)
{
    const unsigned version = flags & GRE_VERSION;
    return version == 0 || (version == 1 && type == GRE_PPP);
}

/* Reads the key at byte @p length and moves past it. Version 1 has a length in the upper half of the key. */
static bool read_key(decoder_t *d, uint16_t flags, size_t *length, uint32_t *key)
{
    if (!decoder_has_link(d, *length + 4)) {
        return false;
    }
    *key = (flags & GRE_VERSION) == 1 ? read_be16(d->at + *length + 2) : read_be32(d->at + *length);
    *length += 4;
    return true;
}

/* Sets @p length to that of the header, and @p key to its key or 0. False: the parser has ended. */
static bool measure_gre(decoder_t *d, uint16_t flags, size_t *length, uint32_t *key)
{
    const bool version_1 = (flags & GRE_VERSION) == 1;

    *key = 0;
    *length = GRE_HEADER;
    if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0) { /* each of the two flags adds both fields */
        *length += 4;
    }
    if ((flags & GRE_KEY) != 0 && !read_key(d, flags, length, key)) {
        return false;
    }
    if ((flags & GRE_SEQUENCE) != 0) {
        *length += 4;
    }
    if (version_1 && (flags & GRE_ACKNOWLEDGEMENT) != 0) {
        *length += 4;
    }
    return version_1 || (flags & GRE_ROUTING) == 0 || skip_routing(d, length);
}

void step_gre(decoder_t *d)
{
    if (!decoder_has_link(d, GRE_HEADER)) {
        return;
    }
    const uint16_t flags = read_be16(d->at);
    const uint16_t type = read_be16(d->at + 2);
    size_t length;
    uint32_t key;

    if (flags == (GRE_KEY | 1) && type == GRE_EOIP) {
        d->next = step_eoip;
    } else if (!gre_is_known(flags, type)) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else if (measure_gre(d, flags, &length, &key) && decoder_has_link(d, length)) {
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
