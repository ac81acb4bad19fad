/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels between access devices and the network: AYIYA, CAPWAP, L2TP, LISP, TZSP. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"

/* draft-massar-v6ops-ayiya: lengths of identity and signature as powers of 2 and words, epoch; then an IP
 * payload. */
void step_ayiya(decoder_t *d)
{
    enum { AYIYA_FORWARD = 1, AYIYA_IPV4 = 4, AYIYA_IPV6 = 41 };

    if (!decoder_has_tunnel(d, 8)) {
        return;
    }
    const uint8_t *header = d->at;
    const size_t length = 8u + (1u << (header[0] >> 4)) + (header[1] >> 4) * 4u;
    const uint8_t protocol = header[3];

    if ((header[2] & 0xF) != AYIYA_FORWARD || (protocol != AYIYA_IPV4 && protocol != AYIYA_IPV6)) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    } else if (decoder_has_tunnel(d, length)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_AYIYA, 0);
        decoder_continue(d, length, protocol == AYIYA_IPV6 ? step_ipv6 : step_ipv4);
    }
}

/* RFC 5415, section 4: preamble, header length, flags, fragment; then an Ethernet or a wireless frame. */
void step_capwap(decoder_t *d)
{
    enum { CAPWAP_NATIVE = 0x01, CAPWAP_KEEP_ALIVE = 0x08, BINDING_IEEE80211 = 1 };

    if (!decoder_has_tunnel(d, 8)) {
        return;
    }
    const uint8_t *header = d->at;
    const size_t length = (header[1] >> 3) * 4u;
    const unsigned binding = (header[2] >> 1) & 0x1Fu;

    if (header[0] == 1) { /* DTLS */
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
    } else if (header[0] != 0 || length < 8 || (header[3] & CAPWAP_KEEP_ALIVE) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    } else if (read_be16(header + 6) >> 3 != 0) {
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
    } else if ((header[2] & CAPWAP_NATIVE) != 0 && binding != BINDING_IEEE80211) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else if (decoder_has_tunnel(d, length)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_CAPWAP, 0);
        decoder_continue(d, length,
                         (header[2] & CAPWAP_NATIVE) != 0 ? step_ieee80211_swapped : step_ethernet);
    }
}

#define L2TP_SESSION_MAX 16u /* session, cookie, sublayer */
#define PSEUDOWIRE_MIN   15u /* bytes that identify the content */

/* Whether an Ethernet frame with IP or a tag, or PPP or C-HDLC with IP, can begin here. */
static decoder_step_t *pseudowire_step(const uint8_t *at, size_t left)
{
    static const uint8_t ppp[3] = {0xFF, 0x03, 0x00};

    if (left >= PSEUDOWIRE_MIN) {
        const uint16_t type = read_be16(at + 12);
        if ((type == ETHERTYPE_IPV4 && at[14] >> 4 == 4) || (type == ETHERTYPE_IPV6 && at[14] >> 4 == 6) ||
            type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE_VLAN) {
            return step_ethernet;
        }
    }
    if (left >= 5 && memcmp(at, ppp, sizeof ppp) == 0 && (at[3] == 0x21 || at[3] == 0x57)) {
        return step_ppp;
    }
    if (left >= 5 && (at[0] == 0x0F || at[0] == 0x8F) && at[1] == 0 &&
        (read_be16(at + 2) == ETHERTYPE_IPV4 || read_be16(at + 2) == ETHERTYPE_IPV6)) {
        return step_chdlc;
    }
    return NULL;
}

/*
 * RFC 3931: version 3 names only the session. A cookie of 0, 4 or 8 bytes and a sublayer of 0 or 4 follow.
 * The packet does not state these lengths and the payload, which both ends negotiated: the first plausible
 * combination is used.
 */
void step_l2tp_session(decoder_t *d)
{
    if (!decoder_has_tunnel(d, 5)) {
        return;
    }
    const uint32_t session = read_be32(d->at);

    if (session == 0) { /* control */
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    for (size_t length = 4; length <= L2TP_SESSION_MAX && length < d->left; length += 4) {
        decoder_step_t *next = pseudowire_step(d->at + length, d->left - length);
        if (next != NULL) {
            decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_L2TP, session);
            decoder_continue(d, length, next);
            return;
        }
    }
    if (decoder_has(d, L2TP_SESSION_MAX + PSEUDOWIRE_MIN, SYNFIX_VERDICT_NOT_IP)) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

enum {
    L2TP_CONTROL = 0x8000,
    L2TP_LENGTH = 0x4000,
    L2TP_SEQUENCE = 0x0800,
    L2TP_OFFSET = 0x0200,
    L2TP_VERSION = 0x000F,
};

/* The fields of a data message of version 2 after tunnel and session, which end at byte @p length. */
static void go_l2tp_payload(decoder_t *d, uint16_t flags, size_t length)
{
    const uint32_t tunnel_and_session = read_be32(d->at + length - 4);

    if ((flags & L2TP_SEQUENCE) != 0) {
        length += 4;
    }
    if ((flags & L2TP_OFFSET) != 0) {
        if (!decoder_has_tunnel(d, length + 2)) {
            return;
        }
        length += 2u + read_be16(d->at + length);
    }
    if (decoder_has_tunnel(d, length)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_L2TP, tunnel_and_session);
        decoder_continue(d, length, step_ppp);
    }
}

/* Data messages: version 2 (RFC 2661), and version 3 in UDP. */
void step_l2tp(decoder_t *d)
{
    enum { DATA_OF_VERSION_3 = 3, VERSION_2 = 2 };

    if (!decoder_has_tunnel(d, 6)) {
        return;
    }
    const uint16_t flags = read_be16(d->at);
    const size_t length = (flags & L2TP_LENGTH) != 0 ? 8 : 6;

    if (flags == DATA_OF_VERSION_3) {
        decoder_continue(d, 4, step_l2tp_session);
    } else if ((flags & L2TP_CONTROL) != 0 || (flags & L2TP_VERSION) != VERSION_2) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    } else if (decoder_has_tunnel(d, length)) {
        go_l2tp_payload(d, flags, length);
    }
}

/* RFC 9300: with flag I the instance stands in 24 of the last 32 bits. */
void step_lisp(decoder_t *d)
{
    enum { LISP_INSTANCE = 0x08 };

    if (!decoder_has_tunnel(d, 9)) {
        return;
    }
    const unsigned version = d->at[8] >> 4;
    if (version != 4 && version != 6) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
        return;
    }
    const uint32_t instance = (d->at[0] & LISP_INSTANCE) != 0 ? read_be32(d->at + 4) >> 8 : 0;
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_LISP, instance);
    decoder_continue(d, 8, step_ip);
}

/* Moves @p length past the tags: each has a length, but for padding and the end. False: the parser has ended.
 */
static bool skip_tzsp_tags(decoder_t *d, size_t *length)
{
    enum { TAG_PADDING = 0, TAG_END = 1 };

    for (;;) {
        if (!decoder_has_tunnel(d, *length + 2)) {
            return false;
        }
        const uint8_t tag = d->at[(*length)++];
        if (tag == TAG_END) {
            return true;
        }
        if (tag != TAG_PADDING) {
            *length += 1u + d->at[*length];
        }
    }
}

/* Version, type, protocol; then tags. */
void step_tzsp(decoder_t *d)
{
    enum { TZSP_RECEIVED = 0, TZSP_ETHERNET = 1, TZSP_IEEE80211 = 18 };
    size_t length = 4;

    if (!decoder_has_tunnel(d, length + 1)) {
        return;
    }
    const uint16_t protocol = read_be16(d->at + 2);
    if (d->at[0] != 1 || d->at[1] != TZSP_RECEIVED ||
        (protocol != TZSP_ETHERNET && protocol != TZSP_IEEE80211)) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    } else if (skip_tzsp_tags(d, &length)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_TZSP, 0);
        decoder_continue(d, length, protocol == TZSP_ETHERNET ? step_ethernet : step_ieee80211);
    }
}
