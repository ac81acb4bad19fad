/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What makers of switches, routers and capture hardware put around a frame. */
#include "decode/link_steps.h"

void step_netanalyzer(walk_t *w)
{
    if (walk_has_link(w, 4)) {
        walk_go(w, 4, step_ethernet);
    }
}

void step_netanalyzer_transparent(walk_t *w)
{
    if (walk_has_link(w, 12)) {
        walk_go(w, 12, step_ethernet);
    }
}

void step_preamble(walk_t *w)
{
    if (walk_has_link(w, 8)) {
        walk_go(w, 8, step_ethernet);
    }
}

/* Tags of Ethernet switch chips: behind the addresses (4 or 8 bytes), or before the frame. */
void step_switch_tag(walk_t *w)
{
    if (walk_has_link(w, 18)) {
        walk_ethertype(w, 18, read_be16(w->at + 16));
    }
}

void step_switch_tag_long(walk_t *w)
{
    if (walk_has_link(w, 22)) {
        walk_ethertype(w, 22, read_be16(w->at + 20));
    }
}

void step_switch_tag_before(walk_t *w)
{
    if (walk_has_link(w, 4)) {
        walk_go(w, 4, step_ethernet);
    }
}

void step_symantec(walk_t *w)
{
    if (walk_has_link(w, 44)) {
        walk_ethertype(w, 44, read_be16(w->at + 6));
    }
}

/*
 * Juniper: `MGC`, flags, with flag 0x80 a block of extensions behind its length. With flag 0x02 there is no
 * link header: a word of the routing engine stands instead, and @p link is not used.
 */
static void go_juniper(walk_t *w, size_t cookie, walk_step_t *link)
{
    enum { EXTENSIONS = 0x80, NO_LINK_HEADER = 0x02, ENGINE_IPV4 = 2, ENGINE_IPV6 = 6 };

    if (!walk_has_link(w, 6)) {
        return;
    }
    if (w->at[0] != 0x4D || w->at[1] != 0x47 || w->at[2] != 0x43) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    const uint8_t flags = w->at[3];
    const size_t length = (flags & EXTENSIONS) != 0 ? 6u + read_be16(w->at + 4) : 4u;
    if (!walk_has_link(w, length + 4)) {
        return;
    }
    if ((flags & NO_LINK_HEADER) != 0) {
        const uint8_t protocol = w->at[length];
        if (protocol == ENGINE_IPV4 || protocol == ENGINE_IPV6) {
            walk_go(w, length + 4, step_ip);
        } else {
            walk_stop(w, SYNFIX_VERDICT_NOT_IP);
        }
    } else if (link == NULL) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else if (walk_has_link(w, length + cookie)) {
        walk_go(w, length + cookie, link);
    }
}

void step_juniper(walk_t *w)
{
    go_juniper(w, 0, NULL);
}

void step_juniper_ether(walk_t *w)
{
    go_juniper(w, 0, step_ethernet);
}

void step_juniper_ppp(walk_t *w)
{
    go_juniper(w, 0, step_ppp);
}

void step_juniper_frame_relay(walk_t *w)
{
    go_juniper(w, 0, step_frame_relay);
}

void step_juniper_chdlc(walk_t *w)
{
    go_juniper(w, 0, step_chdlc);
}

void step_juniper_atm1(walk_t *w)
{
    go_juniper(w, 4, step_atm_rfc1483);
}

void step_juniper_atm2(walk_t *w)
{
    go_juniper(w, 8, step_atm_rfc1483);
}

/* Cable modems: frame control, length of an extended header when its lowest bit is set, check sequence. */
void step_docsis(walk_t *w)
{
    if (!walk_has_link(w, 6)) {
        return;
    }
    const size_t length = (w->at[0] & 1) != 0 ? 6u + w->at[1] : 6u;
    if (w->at[0] >> 6 != 0) { /* ATM, reserved, management */
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else if (walk_has_link(w, length)) {
        walk_go(w, length, step_ethernet);
    }
}

/* Endace: 16 bytes with the type in the ninth, extension headers of 8 while the top bit says more. */
void step_erf(walk_t *w)
{
    enum {
        MORE = 0x80,
        HDLC = 1,
        ETHERNET = 2,
        COLOR_HDLC = 10,
        COLOR_ETHERNET = 11,
        DSM_HDLC = 15,
        DSM_ETHERNET = 16,
        COLOR_HASH_HDLC = 19,
        COLOR_HASH_ETHERNET = 20,
        IPV4 = 22,
        IPV6 = 23
    };
    size_t length = 16;

    if (!walk_has_link(w, length)) {
        return;
    }
    const uint8_t type = w->at[8];
    for (uint8_t more = type; (more & MORE) != 0; length += 8) {
        if (!walk_has_link(w, length + 8)) {
            return;
        }
        more = w->at[length];
    }
    switch (type & ~MORE) {
    case ETHERNET:
    case COLOR_ETHERNET:
    case DSM_ETHERNET:
    case COLOR_HASH_ETHERNET: /* offset and padding of one byte each */
        if (walk_has_link(w, length + 2)) {
            walk_go(w, length + 2, step_ethernet);
        }
        break;
    case HDLC:
    case COLOR_HDLC:
    case DSM_HDLC:
    case COLOR_HASH_HDLC:
        walk_go(w, length, step_ppp);
        break;
    case IPV4:
    case IPV6:
        walk_go(w, length, step_ip);
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    }
}
