/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels in UDP between access devices and the network: CAPWAP, L2TP, LISP, TZSP. */
#include "decode/walk.h"

/* RFC 5415, section 4: preamble, header length, flags, fragment; then an Ethernet or a wireless frame. */
void step_capwap(walk_t *w)
{
    enum { CAPWAP_NATIVE = 0x01, CAPWAP_KEEP_ALIVE = 0x08, BINDING_IEEE80211 = 1 };

    if (!walk_has(w, 8, SYNFIX_VERDICT_NOT_TCP))
        return;
    const uint8_t *header = w->at;
    const size_t length = (header[1] >> 3) * 4u;
    const unsigned binding = (header[2] >> 1) & 0x1Fu;

    if (header[0] == 1) { /* DTLS */
        walk_stop(w, SYNFIX_VERDICT_ENCRYPTED);
    } else if (header[0] != 0 || length < 8 || (header[3] & CAPWAP_KEEP_ALIVE) != 0) {
        walk_stop(w, SYNFIX_VERDICT_NOT_TCP);
    } else if (read_be16(header + 6) >> 3 != 0) {
        walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
    } else if ((header[2] & CAPWAP_NATIVE) != 0 && binding != BINDING_IEEE80211) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else if (walk_has(w, length, SYNFIX_VERDICT_NOT_TCP)) {
        walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_CAPWAP, 0);
        walk_go(w, length, (header[2] & CAPWAP_NATIVE) != 0 ? step_ieee80211_swapped : step_ethernet);
    }
}

/* Version 2 data messages. Version 3 does not say how long its cookie is. */
void step_l2tp(walk_t *w)
{
    enum { L2TP_CONTROL = 0x8000, L2TP_LENGTH = 0x4000, L2TP_SEQUENCE = 0x0800, L2TP_OFFSET = 0x0200 };

    if (!walk_has(w, 6, SYNFIX_VERDICT_NOT_TCP))
        return;
    const uint16_t flags = read_be16(w->at);
    size_t length = (flags & L2TP_LENGTH) != 0 ? 8 : 6;

    if ((flags & L2TP_CONTROL) != 0 || (flags & 0xF) != 2) {
        walk_stop(w, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    if (!walk_has(w, length, SYNFIX_VERDICT_NOT_TCP))
        return;
    const uint32_t tunnel_and_session = read_be32(w->at + length - 4);
    if ((flags & L2TP_SEQUENCE) != 0)
        length += 4;
    if ((flags & L2TP_OFFSET) != 0) {
        if (!walk_has(w, length + 2, SYNFIX_VERDICT_NOT_TCP))
            return;
        length += 2u + read_be16(w->at + length);
    }
    if (!walk_has(w, length, SYNFIX_VERDICT_NOT_TCP))
        return;
    walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_L2TP, tunnel_and_session);
    walk_go(w, length, step_ppp);
}

/* RFC 9300: with flag I the instance stands in 24 of the last 32 bits. */
void step_lisp(walk_t *w)
{
    enum { LISP_INSTANCE = 0x08 };

    if (!walk_has(w, 9, SYNFIX_VERDICT_NOT_TCP))
        return;
    const unsigned version = w->at[8] >> 4;
    if (version != 4 && version != 6) {
        walk_stop(w, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    const uint32_t instance = (w->at[0] & LISP_INSTANCE) != 0 ? read_be32(w->at + 4) >> 8 : 0;
    walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_LISP, instance);
    walk_go(w, 8, step_ip);
}

/* Version, type, protocol; tags with a length, but for padding (0) and the end (1). */
void step_tzsp(walk_t *w)
{
    enum { TZSP_RECEIVED = 0, TZSP_ETHERNET = 1, TZSP_IEEE80211 = 18, TAG_PADDING = 0, TAG_END = 1 };
    size_t length = 4;

    if (!walk_has(w, 5, SYNFIX_VERDICT_NOT_TCP))
        return;
    const uint16_t protocol = read_be16(w->at + 2);
    if (w->at[0] != 1 || w->at[1] != TZSP_RECEIVED ||
        (protocol != TZSP_ETHERNET && protocol != TZSP_IEEE80211)) {
        walk_stop(w, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    for (;;) {
        if (!walk_has(w, length + 2, SYNFIX_VERDICT_NOT_TCP))
            return;
        const uint8_t tag = w->at[length++];
        if (tag == TAG_END)
            break;
        if (tag != TAG_PADDING)
            length += 1u + w->at[length];
    }
    walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_TZSP, 0);
    walk_go(w, length, protocol == TZSP_ETHERNET ? step_ethernet : step_ieee80211);
}
