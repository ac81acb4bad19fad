/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Headers and trailers of frames from switches, routers and capture hardware. */
#include "decode/link_steps.h"

void step_netanalyzer(decoder_t *d)
{
    decoder_skip_link(d, 4, step_ethernet);
}

void step_netanalyzer_transparent(decoder_t *d)
{
    decoder_skip_link(d, 12, step_ethernet);
}

void step_preamble(decoder_t *d)
{
    decoder_skip_link(d, 8, step_ethernet);
}

/* Tags of Ethernet switch chips: after the addresses (4 or 8 bytes), or before the frame. */
void step_switch_tag(decoder_t *d)
{
    decoder_ethertype_at(d, 18, 16);
}

void step_switch_tag_long(decoder_t *d)
{
    decoder_ethertype_at(d, 22, 20);
}

void step_switch_tag_before(decoder_t *d)
{
    decoder_skip_link(d, 4, step_ethernet);
}

void step_symantec(decoder_t *d)
{
    decoder_ethertype_at(d, 44, 6);
}

/* A word of the routing engine instead of a link header: the protocol in its first byte. */
static void go_juniper_engine(decoder_t *d, size_t length)
{
    enum { ENGINE_IPV4 = 2, ENGINE_IPV6 = 6 };
    const uint8_t protocol = d->at[length];

    if (protocol == ENGINE_IPV4 || protocol == ENGINE_IPV6) {
        decoder_continue(d, length + 4, step_ip);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/*
 * Juniper: `MGC`, flags, with EXTENSIONS a block of extensions after its length; then @p cookie bytes and the
 * header of @p link, unless NO_LINK_HEADER is set. @p link NULL: not known.
 */
static void go_juniper(decoder_t *d, size_t cookie, decoder_step_t *link)
{
    enum { EXTENSIONS = 0x80, NO_LINK_HEADER = 0x02 };

    if (!decoder_has_link(d, 6)) {
        return;
    }
    if (d->at[0] != 'M' || d->at[1] != 'G' || d->at[2] != 'C') {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    const uint8_t flags = d->at[3];
    const size_t length = (flags & EXTENSIONS) != 0 ? 6u + read_be16(d->at + 4) : 4u;
    if (!decoder_has_link(d, length + 4)) {
        return;
    }
    if ((flags & NO_LINK_HEADER) != 0) {
        go_juniper_engine(d, length);
    } else if (link == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else {
        decoder_skip_link(d, length + cookie, link);
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
    } else {
        decoder_skip_link(d, length, step_ethernet);
    }
}

/* Endace ERF: types of records, without ERF_MORE. */
enum {
    ERF_MORE = 0x80, /* an extension header follows */
    ERF_HDLC = 1,
    ERF_ETHERNET = 2,
    ERF_COLOR_HDLC = 10,
    ERF_COLOR_ETHERNET = 11,
    ERF_DSM_HDLC = 15,
    ERF_DSM_ETHERNET = 16,
    ERF_COLOR_HASH_HDLC = 19,
    ERF_COLOR_HASH_ETHERNET = 20,
    ERF_IPV4 = 22,
    ERF_IPV6 = 23,
};

static void go_erf_payload(decoder_t *d, size_t length, unsigned type)
{
    switch (type) {
    case ERF_ETHERNET:
    case ERF_COLOR_ETHERNET:
    case ERF_DSM_ETHERNET:
    case ERF_COLOR_HASH_ETHERNET: /* offset and padding of one byte each */
        decoder_skip_link(d, length + 2, step_ethernet);
        break;
    case ERF_HDLC:
    case ERF_COLOR_HDLC:
    case ERF_DSM_HDLC:
    case ERF_COLOR_HASH_HDLC:
        decoder_continue(d, length, step_ppp);
        break;
    case ERF_IPV4:
    case ERF_IPV6:
        decoder_continue(d, length, step_ip);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* 16 bytes with the type in the ninth, extension headers of 8. */
void step_erf(decoder_t *d)
{
    size_t length = 16;

    if (!decoder_has_link(d, length)) {
        return;
    }
    const uint8_t type = d->at[8];
    for (uint8_t more = type; (more & ERF_MORE) != 0; length += 8) {
        if (!decoder_has_link(d, length + 8)) {
            return;
        }
        more = d->at[length];
    }
    go_erf_payload(d, length, type & ~(unsigned)ERF_MORE);
}
