/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/signature.h>

enum {
    MSS_MIN = 100,        /* p0f ignores multiples of a smaller MSS */
    TIMESTAMPS_SIZE = 12, /* bytes of the padded timestamp option in each segment */
    ETHERNET_MTU = 1500,
    HEADERS_4 = 40, /* IP and TCP headers without options */
    HEADERS_6 = 60,
};

static uint32_t ip_quirks(const synfix_headers_t *headers)
{
    uint32_t quirks = 0;
    if (headers->ip_version == 6) {
        return headers->flow_label != 0 ? SYNFIX_QUIRK_FLOW : 0;
    }
    if (headers->ip_flags & SYNFIX_IP_DF) {
        quirks |= SYNFIX_QUIRK_DF;
        if (headers->fragment_id != 0) {
            quirks |= SYNFIX_QUIRK_ID_NONZERO;
        }
    } else if (headers->fragment_id == 0) {
        quirks |= SYNFIX_QUIRK_ID_ZERO;
    }
    if (headers->ip_flags & SYNFIX_IP_RESERVED) {
        quirks |= SYNFIX_QUIRK_RESERVED;
    }
    return quirks;
}

static uint32_t tcp_quirks(const synfix_headers_t *headers)
{
    const unsigned flags = headers->tcp_flags;
    uint32_t quirks = 0;
    if ((flags & (SYNFIX_TCP_ECE | SYNFIX_TCP_CWR | SYNFIX_TCP_AE)) || (headers->traffic_class & 3)) {
        quirks |= SYNFIX_QUIRK_ECN;
    }
    if (headers->sequence == 0) {
        quirks |= SYNFIX_QUIRK_SEQ_ZERO;
    }
    if (flags & SYNFIX_TCP_ACK) {
        quirks |= headers->acknowledgement == 0 ? SYNFIX_QUIRK_ACK_ZERO : 0;
    } else if (headers->acknowledgement != 0) {
        quirks |= SYNFIX_QUIRK_ACK_NONZERO;
    }
    if (flags & SYNFIX_TCP_URG) {
        quirks |= SYNFIX_QUIRK_URG;
    } else if (headers->urgent_pointer != 0) {
        quirks |= SYNFIX_QUIRK_URG_NONZERO;
    }
    if (flags & SYNFIX_TCP_PSH) {
        quirks |= SYNFIX_QUIRK_PUSH;
    }
    return quirks;
}

static uint32_t option_quirks(const synfix_headers_t *headers, const synfix_tcp_options_t *options)
{
    uint32_t quirks = 0;
    if (options->zero_timestamp) {
        quirks |= SYNFIX_QUIRK_TS1_ZERO;
    }
    if (options->nonzero_echo && !(headers->tcp_flags & SYNFIX_TCP_ACK)) {
        quirks |= SYNFIX_QUIRK_TS2_NONZERO;
    }
    if (options->nonzero_padding) {
        quirks |= SYNFIX_QUIRK_EOL_NONZERO;
    }
    if (options->excess_scale) {
        quirks |= SYNFIX_QUIRK_SCALE_EXCESS;
    }
    if (options->malformed) {
        quirks |= SYNFIX_QUIRK_BAD;
    }
    return quirks;
}

/* p0f reports the first divisor that fits, so the order of the divisors is part of the signature (p0f
 * 3.09b, fp_tcp.c). */
static void find_multiple(const synfix_headers_t *headers, const synfix_tcp_options_t *options,
                          uint16_t syn_mss, synfix_signature_t *signature)
{
    const int window = signature->window;
    const int mss = signature->mss;
    if (window == 0 || mss < MSS_MIN) {
        return;
    }
    const bool version_6 = headers->ip_version == 6;
    const struct {
        int divisor;
        bool applies;
        synfix_window_kind_t kind;
    } candidates[] = {
        {mss, true, SYNFIX_WINDOW_MSS},
        {mss - TIMESTAMPS_SIZE, options->timestamp_value != 0, SYNFIX_WINDOW_MSS},
        {ETHERNET_MTU - HEADERS_4, true, SYNFIX_WINDOW_MSS},
        {ETHERNET_MTU - HEADERS_4 - TIMESTAMPS_SIZE, true, SYNFIX_WINDOW_MSS},
        {ETHERNET_MTU - HEADERS_6, version_6, SYNFIX_WINDOW_MSS},
        {ETHERNET_MTU - HEADERS_6 - TIMESTAMPS_SIZE, version_6, SYNFIX_WINDOW_MSS},
        {mss + HEADERS_4, true, SYNFIX_WINDOW_MTU},
        {mss + headers->ip_header_length + headers->tcp_header_length, true, SYNFIX_WINDOW_MTU},
        {mss + HEADERS_6, version_6, SYNFIX_WINDOW_MTU},
        {ETHERNET_MTU, true, SYNFIX_WINDOW_MTU},
        {syn_mss, syn_mss != 0, SYNFIX_WINDOW_MSS},
        {syn_mss - TIMESTAMPS_SIZE, syn_mss > TIMESTAMPS_SIZE, SYNFIX_WINDOW_MSS},
    };
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (candidates[i].applies && window % candidates[i].divisor == 0) {
            signature->window_kind = (uint8_t)candidates[i].kind;
            signature->window_multiple = (uint16_t)(window / candidates[i].divisor);
            return;
        }
    }
}

void synfix_signature_extract(const synfix_headers_t *headers, const synfix_tcp_options_t *options,
                              uint16_t syn_mss, synfix_signature_t *signature)
{
    memset(signature, 0, sizeof *signature);
    signature->ip_version = headers->ip_version;
    signature->ttl = headers->ttl;
    signature->ip_options_length = headers->ip_options_length;
    signature->mss = options->mss;
    signature->window = headers->window;
    signature->window_scale = options->window_scale;
    signature->quirks = ip_quirks(headers) | tcp_quirks(headers) | option_quirks(headers, options);
    signature->payload = headers->payload_length != 0;
    signature->eol_padding = options->eol_padding;
    signature->layout_count = options->layout_count;
    memcpy(signature->layout, options->layout, sizeof signature->layout);
    find_multiple(headers, options, (headers->tcp_flags & SYNFIX_TCP_ACK) ? syn_mss : 0, signature);
}

uint8_t synfix_initial_ttl_guess(uint8_t ttl)
{
    if (ttl <= 32) {
        return 32;
    }
    if (ttl <= 64) {
        return 64;
    }
    return ttl <= 128 ? 128 : 255;
}

uint8_t synfix_signature_offers(const synfix_signature_t *syn)
{
    enum { KIND_MPTCP = 30, KIND_TFO = 34, KIND_EXPERIMENT = 254 };
    static const uint8_t offers[256] = {
        [SYNFIX_OPTION_MSS] = SYNFIX_OFFER_MSS,  [SYNFIX_OPTION_WS] = SYNFIX_OFFER_SCALE,
        [SYNFIX_OPTION_SOK] = SYNFIX_OFFER_SACK, [SYNFIX_OPTION_TS] = SYNFIX_OFFER_STAMPS,
        [KIND_MPTCP] = SYNFIX_OFFER_MPTCP,       [KIND_TFO] = SYNFIX_OFFER_TFO,
        [KIND_EXPERIMENT] = SYNFIX_OFFER_TFO,
    };
    uint8_t result = SYNFIX_OFFER_SEEN;
    for (unsigned i = 0; i < syn->layout_count; i++) {
        result |= offers[syn->layout[i]];
    }
    return (syn->quirks & SYNFIX_QUIRK_ECN) != 0 ? result | SYNFIX_OFFER_ECN : result;
}
