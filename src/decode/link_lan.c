/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Local networks other than Ethernet, and LAN encapsulations of ATM and Fibre Channel. */
#include "decode/link_steps.h"

/* IEEE 802.5: access control, frame control, addresses, with the top bit of the source set a route. */
void step_token_ring(decoder_t *d)
{
    if (!decoder_has_link(d, 16)) {
        return;
    }
    if ((d->at[1] & 0xC0) != 0x40) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        return;
    }
    const size_t length = (d->at[8] & 0x80) != 0 ? 14u + (d->at[14] & 0x1Fu) : 14u;
    decoder_skip_link(d, length, step_llc);
}

void step_fddi(decoder_t *d)
{
    if (!decoder_has_link(d, 13)) {
        return;
    }
    if ((d->at[0] & 0xF0) != 0x50) { /* asynchronous LLC frame */
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else {
        decoder_continue(d, 13, step_llc);
    }
}

/* RFC 1201 (fragmented, with flag and sequence number) and RFC 1051 (bare). Only reassembled frames. */
static void go_arcnet(decoder_t *d, size_t type_at, bool linux_header)
{
    enum { ARCNET_IP_OLD = 240, ARCNET_IP = 212, ARCNET_IPV6 = 196 };

    if (!decoder_has_link(d, type_at + 4)) {
        return;
    }
    const uint8_t type = d->at[type_at];
    if (type == ARCNET_IP_OLD) {
        decoder_continue(d, type_at + 1, step_ip);
    } else if (type != ARCNET_IP && type != ARCNET_IPV6) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if (linux_header) { /* the kernel reassembles packets before it delivers them */
        decoder_continue(d, type_at + 4, step_ip);
    } else {
        const uint8_t flag = d->at[type_at + 1];
        const size_t length = flag == 0xFF ? type_at + 8 : type_at + 4; /* exception frames are padded */
        if (flag != 0xFF && flag != 0 && (flag & 1) == 0) {
            decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
        } else {
            decoder_skip_link(d, length, step_ip);
        }
    }
}

void step_arcnet(decoder_t *d)
{
    go_arcnet(d, 2, false);
}

void step_arcnet_linux(decoder_t *d)
{
    go_arcnet(d, 4, true);
}

/* Global routing header or hardware address in 40 bytes, then RFC 4391's ethertype and 2 reserved. */
void step_ipoib(decoder_t *d)
{
    decoder_ethertype_at(d, 44, 40);
}

/* Two EUI-64 and an ethertype. */
void step_ieee1394(decoder_t *d)
{
    decoder_ethertype_at(d, 18, 16);
}

/* RFC 2625: two network addresses of 8 bytes, then LLC. */
void step_ip_over_fc(decoder_t *d)
{
    decoder_skip_link(d, 16, step_llc);
}

/* LLC encapsulation, or (VC multiplexing, classical IP of Linux) IP at once. */
void step_atm_rfc1483(decoder_t *d)
{
    if (!decoder_has_link(d, 1)) {
        return;
    }
    d->next = d->at[0] >> 4 == 4 || d->at[0] >> 4 == 6 ? step_ip : step_llc;
}

/* Direction and traffic type, path, channel; then LLC, or with LANE 2 bytes and an Ethernet frame. */
void step_sunatm(decoder_t *d)
{
    enum { SUNATM_LANE = 1, SUNATM_LLC = 2 };

    if (!decoder_has_link(d, 6)) {
        return;
    }
    switch (d->at[0] & 0x0F) {
    case SUNATM_LANE:
        decoder_continue(d, 6, step_ethernet);
        break;
    case SUNATM_LLC:
        decoder_continue(d, 4, step_atm_rfc1483);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}
