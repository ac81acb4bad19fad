/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels that are IP protocols: GRE with all that it carries, ERSPAN, EtherIP. */
#include "decode/walk.h"

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
    GRE_IEEE80211 = 0x0000,
};

/* Types I (no header at all) and II share an ethertype: II has GRE's sequence number. */
static void step_erspan_ii(walk_t *w)
{
    if (!walk_has_link(w, 8))
        return;
    walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_ERSPAN, read_be16(w->at + 2) & 0x3FFu);
    walk_go(w, 8, step_ethernet);
}

/* The lowest bit says whether 8 octets of a platform's own follow the 12; bits 10 to 14 of the second half
 * word from the end what kind of frame it is. */
static void step_erspan_iii(walk_t *w)
{
    if (!walk_has_link(w, 12))
        return;
    const size_t length = (w->at[11] & 1) != 0 ? 20 : 12;
    const unsigned frame_type = (w->at[10] >> 2) & 0x1Fu;
    walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_ERSPAN, read_be16(w->at + 2) & 0x3FFu);
    if (walk_has_link(w, length))
        walk_go(w, length, frame_type == 2 ? step_ip : step_ethernet);
}

/* RFC 1701: address family, offset, length of each entry; one of length 0 ends the list. */
static bool skip_routing(walk_t *w, size_t *length)
{
    for (;;) {
        if (!walk_has_link(w, *length + 4))
            return false;
        const uint16_t family = read_be16(w->at + *length);
        const uint8_t entry = w->at[*length + 3];
        *length += 4u + entry;
        if (entry == 0 && family == 0)
            return true;
    }
}

void step_gre(walk_t *w)
{
    if (!walk_has_link(w, 4))
        return;
    const uint16_t flags = read_be16(w->at);
    const uint16_t type = read_be16(w->at + 2);
    const unsigned version = flags & GRE_VERSION;
    size_t length = 4;
    uint32_t key = 0;

    if (version > 1 || (version == 1 && type != GRE_PPP)) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0)
        length += 4;
    if ((flags & GRE_KEY) != 0) {
        if (!walk_has_link(w, length + 4))
            return;
        key = version == 1 ? read_be16(w->at + length + 2) : read_be32(w->at + length);
        length += 4;
    }
    if ((flags & GRE_SEQUENCE) != 0)
        length += 4;
    if (version == 1 && (flags & GRE_ACKNOWLEDGEMENT) != 0)
        length += 4;
    if (version == 0 && (flags & GRE_ROUTING) != 0 && !skip_routing(w, &length))
        return;
    if (!walk_has_link(w, length))
        return;

    if (type == GRE_ERSPAN_III) {
        walk_go(w, length, step_erspan_iii);
    } else if (type == GRE_ERSPAN && (flags & GRE_SEQUENCE) != 0) {
        walk_go(w, length, step_erspan_ii);
    } else if (type == GRE_ERSPAN) {
        walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_ERSPAN, 0);
        walk_go(w, length, step_ethernet);
    } else if (type == GRE_IEEE80211) { /* wireless controllers */
        walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_GRE, key);
        walk_go(w, length, step_ieee80211);
    } else {
        walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_GRE, key);
        if (type < 0x600)
            walk_stop(w, SYNFIX_VERDICT_NOT_IP);
        else
            walk_ethertype(w, length, type);
    }
}

/* RFC 3378. */
void step_etherip(walk_t *w)
{
    if (!walk_has_link(w, 2))
        return;
    if (w->at[0] >> 4 != 3) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    w->tags_closed = true;
    walk_go(w, 2, step_ethernet);
}
