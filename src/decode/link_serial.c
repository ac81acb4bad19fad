/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Serial lines: SLIP, PPP, Cisco's HDLC, Frame Relay. */
#include "decode/link_steps.h"

/* libpcap's 16 bytes of direction and compression state, or nothing at all before the packet. */
void step_slip(walk_t *w)
{
    if (!walk_has_link(w, 1)) {
        return;
    }
    if (w->at[0] > 1) {
        w->next = step_ip;
    } else if (walk_has_link(w, 16)) {
        walk_go(w, 16, step_ip);
    }
}

void step_slip_bsdos(walk_t *w)
{
    if (walk_has_link(w, 24)) {
        walk_go(w, 24, step_ip);
    }
}

/* RFC 1990: only packets that are whole, and their long sequence numbers. */
static void step_multilink_ppp(walk_t *w)
{
    if (!walk_has_link(w, 4)) {
        return;
    }
    if (w->at[0] == 0xC0) {
        walk_go(w, 4, step_ppp);
    } else {
        walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
    }
}

void walk_ppp_protocol(walk_t *w, size_t length, uint16_t protocol)
{
    switch (protocol) {
    case 0x0021: /* RFC 1332 */
    case 0x0057: /* RFC 5072 */
    case 0x4021: /* same, not compressed (RFC 1144's numbers for one link of a bundle) */
        walk_go(w, length, step_ip);
        break;
    case 0x0031: /* bridged (RFC 3518): flags, MAC type */
        if (walk_has_link(w, length + 2)) {
            walk_go(w, length + 2, step_ethernet);
        }
        break;
    case 0x003D:
        walk_go(w, length, step_multilink_ppp);
        break;
    case 0x0281: /* RFC 3032 */
    case 0x0283:
        walk_go(w, length, step_mpls);
        break;
    case 0x0053: /* RFC 1968 */
        walk_stop(w, SYNFIX_VERDICT_ENCRYPTED);
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    }
}

/* With or without HDLC's address and control; protocol of 1 byte (odd) or 2; Cisco's HDLC for a change. */
void step_ppp(walk_t *w)
{
    if (!walk_has_link(w, 2)) {
        return;
    }
    const uint8_t first = w->at[0];
    const uint8_t second = w->at[1];

    if (first == 0xFF && second == 0x03) {
        walk_go(w, 2, step_ppp);
    } else if ((first == 0x0F || first == 0x8F) && second == 0) {
        w->next = step_chdlc;
    } else if ((first & 1) != 0) {
        walk_ppp_protocol(w, 1, first);
    } else {
        walk_ppp_protocol(w, 2, (uint16_t)(first << 8 | second));
    }
}

/* Linux pppd: the address byte tells the direction. */
void step_ppp_pppd(walk_t *w)
{
    if (!walk_has_link(w, 4)) {
        return;
    }
    if (w->at[1] == 0x03) {
        walk_go(w, 2, step_ppp);
    } else {
        walk_go(w, 1, step_ppp);
    }
}

void step_ppp_with_direction(walk_t *w)
{
    if (walk_has_link(w, 1)) {
        walk_go(w, 1, step_ppp);
    }
}

void step_chdlc(walk_t *w)
{
    if (!walk_has_link(w, 4)) {
        return;
    }
    const uint16_t type = read_be16(w->at + 2);
    if (type == 0xFEFE) { /* ISO, with the identifier for IP behind it */
        walk_go(w, 2, step_llc);
    } else if (type < 0x600) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else {
        walk_ethertype(w, 4, type);
    }
}

void step_chdlc_with_direction(walk_t *w)
{
    if (walk_has_link(w, 1)) {
        walk_go(w, 1, step_chdlc);
    }
}

/* Network layer identifiers of RFC 2427; @p length bytes of address come before control and identifier. */
static void go_frame_relay_identifier(walk_t *w, size_t length)
{
    if (!walk_has_link(w, length + 3)) {
        return;
    }
    size_t at = length + 1;
    if (w->at[at] == 0) { /* padding to an even length */
        ++at;
    }
    switch (w->at[at]) {
    case 0xCC:
    case 0x8E:
        walk_go(w, at + 1, step_ip);
        break;
    case 0x80: /* SNAP without its first three bytes */
        if (!walk_has_link(w, at + 6)) {
            return;
        }
        if (read_be32(w->at + at) == 0x80000000) {
            walk_ethertype(w, at + 6, read_be16(w->at + at + 4));
        } else if (read_be32(w->at + at) == 0x800080C2) {
            walk_go(w, at + 6, step_ethernet);
        } else {
            walk_stop(w, SYNFIX_VERDICT_NOT_IP);
        }
        break;
    case 0xCF: /* PPP (RFC 1973) */
        walk_go(w, at + 1, step_ppp);
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    }
}

/* Address of 2 to 4 bytes, the last one odd; then RFC 2427, or Cisco's ethertype. */
void step_frame_relay(walk_t *w)
{
    if (!walk_has_link(w, 5)) {
        return;
    }
    size_t length = 1;
    while (length < 5 && (w->at[length - 1] & 1) == 0) {
        ++length;
    }
    if (length < 2 || length > 4) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    if (!walk_has_link(w, length + 2)) {
        return;
    }
    if (w->at[length] == 0x03) {
        go_frame_relay_identifier(w, length);
    } else if (read_be16(w->at + length) < 0x600) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else {
        walk_ethertype(w, length + 2, read_be16(w->at + length));
    }
}

void step_frame_relay_with_direction(walk_t *w)
{
    if (walk_has_link(w, 1)) {
        walk_go(w, 1, step_frame_relay);
    }
}

/* FRF.16: only frames that are whole (begin and end), and no control messages. */
void step_multilink_frame_relay(walk_t *w)
{
    enum { MFR_BEGIN = 0x80, MFR_END = 0x40, MFR_CONTROL = 0x20 };

    if (!walk_has_link(w, 2)) {
        return;
    }
    const uint8_t flags = w->at[0] & (MFR_BEGIN | MFR_END | MFR_CONTROL);
    if ((flags & MFR_CONTROL) != 0) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else if (flags != (MFR_BEGIN | MFR_END)) {
        walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
    } else {
        walk_go(w, 2, step_frame_relay);
    }
}
