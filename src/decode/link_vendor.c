/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Headers and trailers of frames from switches, routers and capture hardware. */
#include "decode/link_steps.h"

void step_netanalyzer(decoder_t *d)
{
    if (decoder_has_link(d, 4)) {
        decoder_continue(d, 4, step_ethernet);
    }
}

void step_netanalyzer_transparent(decoder_t *d)
{
    if (decoder_has_link(d, 12)) {
        decoder_continue(d, 12, step_ethernet);
    }
}

void step_preamble(decoder_t *d)
{
    if (decoder_has_link(d, 8)) {
        decoder_continue(d, 8, step_ethernet);
    }
}

/* Tags of Ethernet switch chips: after the addresses (4 or 8 bytes), or before the frame. */
void step_switch_tag(decoder_t *d)
{
    if (decoder_has_link(d, 18)) {
        decoder_ethertype(d, 18, read_be16(d->at + 16));
    }
}

void step_switch_tag_long(decoder_t *d)
{
    if (decoder_has_link(d, 22)) {
        decoder_ethertype(d, 22, read_be16(d->at + 20));
    }
}

void step_switch_tag_before(decoder_t *d)
{
    if (decoder_has_link(d, 4)) {
        decoder_continue(d, 4, step_ethernet);
    }
}

void step_symantec(decoder_t *d)
{
    if (decoder_has_link(d, 44)) {
        decoder_ethertype(d, 44, read_be16(d->at + 6));
    }
}

/*
 * Juniper: `MGC`, flags, with flag 0x80 a block of extensions after its length. With flag 0x02 there is no
 * link header: a word of the routing engine stands instead, and @p link is not used.
 */
static void go_juniper(decoder_t *d, size_t cookie, decoder_step_t *link)
{
    enum { EXTENSIONS = 0x80, NO_LINK_HEADER = 0x02, ENGINE_IPV4 = 2, ENGINE_IPV6 = 6 };

    if (!decoder_has_link(d, 6)) {
        return;
    }
    if (d->at[0] != 0x4D || d->at[1] != 0x47 || d->at[2] != 0x43) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    const uint8_t flags = d->at[3];
    const size_t length = (flags & EXTENSIONS) != 0 ? 6u + read_be16(d->at + 4) : 4u;
    if (!decoder_has_link(d, length + 4)) {
        return;
    }
    if ((flags & NO_LINK_HEADER) != 0) {
        const uint8_t protocol = d->at[length];
        if (protocol == ENGINE_IPV4 || protocol == ENGINE_IPV6) {
            decoder_continue(d, length + 4, step_ip);
        } else {
            decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        }
    } else if (link == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if (decoder_has_link(d, length + cookie)) {
        decoder_continue(d, length + cookie, link);
    }
}

void step_juniper(decoder_t *d)
{
    go_juniper(d, 0, NULL);
}

void step_juniper_ether(decoder_t *d)
{
    go_juniper(d, 0, step_ethernet);
}

void step_juniper_ppp(decoder_t *d)
{
    go_juniper(d, 0, step_ppp);
}

void step_juniper_frame_relay(decoder_t *d)
{
    go_juniper(d, 0, step_frame_relay);
}

void step_juniper_chdlc(decoder_t *d)
{
    go_juniper(d, 0, step_chdlc);
}

void step_juniper_atm1(decoder_t *d)
{
    go_juniper(d, 4, step_atm_rfc1483);
}

void step_juniper_atm2(decoder_t *d)
{
    go_juniper(d, 8, step_atm_rfc1483);
}

/* Cable modems: frame control, length of an extended header when its lowest bit is set, check sequence. */
void step_docsis(decoder_t *d)
{
    if (!decoder_has_link(d, 6)) {
        return;
    }
    const size_t length = (d->at[0] & 1) != 0 ? 6u + d->at[1] : 6u;
    if (d->at[0] >> 6 != 0) { /* ATM, reserved, management */
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if (decoder_has_link(d, length)) {
        decoder_continue(d, length, step_ethernet);
    }
}

/* Endace: 16 bytes with the type in the ninth, extension headers of 8 while the top bit is set. */
void step_erf(decoder_t *d)
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

    if (!decoder_has_link(d, length)) {
        return;
    }
    const uint8_t type = d->at[8];
    for (uint8_t more = type; (more & MORE) != 0; length += 8) {
        if (!decoder_has_link(d, length + 8)) {
            return;
        }
        more = d->at[length];
    }
    switch (type & ~MORE) {
    case ETHERNET:
    case COLOR_ETHERNET:
    case DSM_ETHERNET:
    case COLOR_HASH_ETHERNET: /* offset and padding of one byte each */
        if (decoder_has_link(d, length + 2)) {
            decoder_continue(d, length + 2, step_ethernet);
        }
        break;
    case HDLC:
    case COLOR_HDLC:
    case DSM_HDLC:
    case COLOR_HASH_HDLC:
        decoder_continue(d, length, step_ppp);
        break;
    case IPV4:
    case IPV6:
        decoder_continue(d, length, step_ip);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}
