/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Local networks that are not Ethernet, and ATM and Fibre Channel made to look like one. */
#include "decode/link_steps.h"

/* IEEE 802.5: access control, frame control, addresses, with the top bit of the source set a route. */
void step_token_ring(walk_t *w)
{
    if (!walk_has_link(w, 16)) {
        return;
    }
    if ((w->at[1] & 0xC0) != 0x40) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
        return;
    }
    const size_t length = (w->at[8] & 0x80) != 0 ? 14u + (w->at[14] & 0x1Fu) : 14u;
    if (walk_has_link(w, length)) {
        walk_go(w, length, step_llc);
    }
}

void step_fddi(walk_t *w)
{
    if (!walk_has_link(w, 13)) {
        return;
    }
    if ((w->at[0] & 0xF0) != 0x50) { /* asynchronous LLC frame */
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else {
        walk_go(w, 13, step_llc);
    }
}

/* RFC 1201 (fragmented, with flag and sequence number) and RFC 1051 (bare). Frames put together only. */
static void go_arcnet(walk_t *w, size_t type_at, bool linux_header)
{
    enum { ARCNET_IP_OLD = 240, ARCNET_IP = 212, ARCNET_IPV6 = 196 };

    if (!walk_has_link(w, type_at + 4)) {
        return;
    }
    const uint8_t type = w->at[type_at];
    if (type == ARCNET_IP_OLD) {
        walk_go(w, type_at + 1, step_ip);
    } else if (type != ARCNET_IP && type != ARCNET_IPV6) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else if (linux_header) { /* the kernel puts split packets together before it shows them */
        walk_go(w, type_at + 4, step_ip);
    } else {
        const uint8_t flag = w->at[type_at + 1];
        const size_t length = flag == 0xFF ? type_at + 8 : type_at + 4; /* exception frames are padded */
        if (flag != 0xFF && flag != 0 && (flag & 1) == 0) {
            walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
        } else if (walk_has_link(w, length)) {
            walk_go(w, length, step_ip);
        }
    }
}

void step_arcnet(walk_t *w)
{
    go_arcnet(w, 2, false);
}

void step_arcnet_linux(walk_t *w)
{
    go_arcnet(w, 4, true);
}

/* Global routing header or hardware address in 40 bytes, then RFC 4391's ethertype and 2 reserved. */
void step_ipoib(walk_t *w)
{
    if (walk_has_link(w, 44)) {
        walk_ethertype(w, 44, read_be16(w->at + 40));
    }
}

/* Two EUI-64 and an ethertype. */
void step_ieee1394(walk_t *w)
{
    if (walk_has_link(w, 18)) {
        walk_ethertype(w, 18, read_be16(w->at + 16));
    }
}

/* RFC 2625: two network addresses of 8 bytes, then LLC. */
void step_ip_over_fc(walk_t *w)
{
    if (walk_has_link(w, 16)) {
        walk_go(w, 16, step_llc);
    }
}

/* LLC encapsulation, or (VC multiplexing, classical IP of Linux) IP at once. */
void step_atm_rfc1483(walk_t *w)
{
    if (!walk_has_link(w, 1)) {
        return;
    }
    w->next = w->at[0] >> 4 == 4 || w->at[0] >> 4 == 6 ? step_ip : step_llc;
}

/* Direction and traffic type, path, channel; then LLC, or with LANE 2 bytes and an Ethernet frame. */
void step_sunatm(walk_t *w)
{
    enum { SUNATM_LANE = 1, SUNATM_LLC = 2 };

    if (!walk_has_link(w, 6)) {
        return;
    }
    switch (w->at[0] & 0x0F) {
    case SUNATM_LANE:
        walk_go(w, 6, step_ethernet);
        break;
    case SUNATM_LLC:
        walk_go(w, 4, step_atm_rfc1483);
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    }
}
