/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Serial lines: SLIP, PPP, Cisco's HDLC, Frame Relay. */
#include "decode/ethertypes.h"
#include "decode/link_steps.h"

/* libpcap's 16 bytes of direction and compression state before the packet, or none. */
void step_slip(decoder_t *d)
{
    if (!decoder_has_link(d, 1)) {
        return;
    }
    if (d->at[0] > 1) {
        d->next = step_ip;
    } else {
        decoder_skip_link(d, 16, step_ip);
    }
}

void step_slip_bsdos(decoder_t *d)
{
    decoder_skip_link(d, 24, step_ip);
}

/* RFC 1990: only packets that are whole, and their long sequence numbers. */
static void step_multilink_ppp(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    if (d->at[0] == 0xC0) {
        decoder_continue(d, 4, step_ppp);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
    }
}

/* As decoder_ethertype(), for the number of a PPP protocol. */
static void decoder_ppp_protocol(decoder_t *d, size_t length, uint16_t protocol)
{
    switch (protocol) {
    case 0x0021: /* RFC 1332 */
    case 0x0057: /* RFC 5072 */
    case 0x4021: /* same, not compressed (RFC 1144's numbers for one link of a bundle) */
        decoder_continue(d, length, step_ip);
        break;
    case 0x0031: /* bridged (RFC 3518): flags, MAC type */
        if (decoder_has_link(d, length + 2)) {
            decoder_continue(d, length + 2, step_ethernet);
        }
        break;
    case 0x003D:
        decoder_continue(d, length, step_multilink_ppp);
        break;
    case 0x0281: /* RFC 3032 */
    case 0x0283:
        decoder_continue(d, length, step_mpls);
        break;
    case 0x0053: /* RFC 1968 */
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* With or without HDLC's address and control; protocol of 1 byte (odd) or 2 bytes; or Cisco's HDLC. */
void step_ppp(decoder_t *d)
{
    if (!decoder_has_link(d, 2)) {
        return;
    }
    const uint8_t first = d->at[0];
    const uint8_t second = d->at[1];

    if (first == 0xFF && second == 0x03) {
        decoder_continue(d, 2, step_ppp);
    } else if ((first == 0x0F || first == 0x8F) && second == 0) {
        d->next = step_chdlc;
    } else if ((first & 1) != 0) {
        decoder_ppp_protocol(d, 1, first);
    } else {
        decoder_ppp_protocol(d, 2, (uint16_t)(first << 8 | second));
    }
}

/* Linux pppd: the address byte is the direction. */
void step_ppp_pppd(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    if (d->at[1] == 0x03) {
        decoder_continue(d, 2, step_ppp);
    } else {
        decoder_continue(d, 1, step_ppp);
    }
}

void step_ppp_with_direction(decoder_t *d)
{
    decoder_skip_link(d, 1, step_ppp);
}

void step_chdlc(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    const uint16_t type = read_be16(d->at + 2);
    if (type == 0xFEFE) { /* ISO, with the identifier for IP after it */
        decoder_continue(d, 2, step_llc);
    } else {
        decoder_only_ethertype(d, 4, type);
    }
}

void step_chdlc_with_direction(decoder_t *d)
{
    decoder_skip_link(d, 1, step_chdlc);
}

/* SNAP without its first three bytes; the identifier at @p at, an organisation, and its protocol. */
static void go_frame_relay_snap(decoder_t *d, size_t at)
{
    enum { OF_BRIDGES = 0x0080C2 };

    if (!decoder_has_link(d, at + 6)) {
        return;
    }
    const uint32_t organisation = read_be32(d->at + at) & 0xFFFFFFu;
    if (organisation == 0) {
        decoder_ethertype(d, at + 6, read_be16(d->at + at + 4));
    } else if (organisation == OF_BRIDGES) {
        decoder_continue(d, at + 6, step_ethernet);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* Network layer identifiers of RFC 2427; @p length bytes of address come before control and identifier. */
static void go_frame_relay_identifier(decoder_t *d, size_t length)
{
    if (!decoder_has_link(d, length + 3)) {
        return;
    }
    size_t at = length + 1;
    if (d->at[at] == 0) { /* padding to an even length */
        at++;
    }
    switch (d->at[at]) {
    case NLPID_IPV4:
    case NLPID_IPV6:
        decoder_continue(d, at + 1, step_ip);
        break;
    case NLPID_SNAP:
        go_frame_relay_snap(d, at);
        break;
    case NLPID_PPP: /* RFC 1973 */
        decoder_continue(d, at + 1, step_ppp);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* Address of 2 to 4 bytes, the last one odd; then RFC 2427, or Cisco's ethertype. */
void step_frame_relay(decoder_t *d)
{
    if (!decoder_has_link(d, 5)) {
        return;
    }
    size_t length = 1;
    while (length < 5 && (d->at[length - 1] & 1) == 0) {
        length++;
    }
    if (length < 2 || length > 4) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    if (!decoder_has_link(d, length + 2)) {
        return;
    }
    if (d->at[length] == 0x03) {
        go_frame_relay_identifier(d, length);
    } else {
        decoder_only_ethertype(d, length + 2, read_be16(d->at + length));
    }
}

void step_frame_relay_with_direction(decoder_t *d)
{
    decoder_skip_link(d, 1, step_frame_relay);
}

/* FRF.16: only frames that are whole (both the B and the E bit), and no control messages. */
void step_multilink_frame_relay(decoder_t *d)
{
    enum { MFR_BEGIN = 0x80, MFR_END = 0x40, MFR_CONTROL = 0x20 };

    if (!decoder_has_link(d, 2)) {
        return;
    }
    const uint8_t flags = d->at[0] & (MFR_BEGIN | MFR_END | MFR_CONTROL);
    if ((flags & MFR_CONTROL) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if (flags != (MFR_BEGIN | MFR_END)) {
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
    } else {
        decoder_continue(d, 2, step_frame_relay);
    }
}
