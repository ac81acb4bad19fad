/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decoder.h
 * The general header parser. A step parses one header; then it advances and names the step for the next
 * header (decoder_continue), or ends with a verdict (decoder_stop). A new encapsulation is a new step and one
 * line in the table or switch of each protocol that can carry it.
 */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "base/byte_order.h"
#include <synfix/decode.h>

typedef struct decoder decoder_t;
typedef void decoder_step_t(decoder_t *d);

struct decoder {
    const uint8_t *at;    /* first unparsed byte */
    size_t left;          /* captured bytes from `at` on that enclosing lengths cover */
    decoder_step_t *next; /* NULL: the parser has finished */
    const uint8_t *ip_at; /* start of the last IP header; NULL before the first */
    synfix_headers_t *headers;
    synfix_verdict_t verdict;
    size_t beyond;    /* bytes of the packet beyond the captured part; valid with `cut` */
    uint8_t protocol; /* protocol that the last IP header or extension header announces */
    bool cut;         /* `left` ends where the capture ends, not where the packet ends */
    bool fragment;    /* inside a first fragment: `left` may end at the end of the fragment */
    uint64_t seen;    /* SYNFIX_ENCAPSULATION_BIT of all encapsulations so far */
    bool tags_closed; /* inside the outermost frame: its VLAN tags are complete */
};

/** Advances by @p length bytes. The caller has checked that they are available. */
static inline void decoder_continue(decoder_t *d, size_t length, decoder_step_t *next)
{
    d->at += length;
    d->left -= length;
    d->next = next;
}

static inline void decoder_stop(decoder_t *d, synfix_verdict_t verdict)
{
    d->verdict = verdict;
    d->next = NULL;
}

/**
 * True if @p length bytes are available. Otherwise ends the parser: CUT, FRAGMENT_SHORT, or @p bad at the
 * end of the packet itself.
 */
static inline bool decoder_has(decoder_t *d, size_t length, synfix_verdict_t bad)
{
    if (__builtin_expect(d->left >= length, 1)) {
        return true;
    }
    if (d->fragment) {
        bad = SYNFIX_VERDICT_FRAGMENT_SHORT;
    }
    decoder_stop(d, d->cut ? SYNFIX_VERDICT_CUT : bad);
    return false;
}

/** Variant for link and tunnel headers. */
static inline bool decoder_has_link(decoder_t *d, size_t length)
{
    return decoder_has(d, length, SYNFIX_VERDICT_BAD_LINK);
}

/** Variant for headers in UDP: another application may use the port of a tunnel. */
static inline bool decoder_has_tunnel(decoder_t *d, size_t length)
{
    return decoder_has(d, length, SYNFIX_VERDICT_NOT_TCP);
}

/** Continues after a link header of @p length bytes. */
static inline void decoder_skip_link(decoder_t *d, size_t length, decoder_step_t *next)
{
    if (decoder_has_link(d, length)) {
        decoder_continue(d, length, next);
    }
}

/** Limits the rest to @p length bytes, as an enclosing header states; the bytes after them are padding. */
static inline void decoder_clip(decoder_t *d, size_t length)
{
    if (length <= d->left) {
        d->left = length;
        d->cut = false;
    } else {
        d->beyond = length - d->left;
        d->cut = true;
    }
}

/**
 * Length of an IP packet whose length field is 0: the rest of the packet. Segmentation offload leaves 0 in
 * packets captured before the network card, and packets too long for the field carry 0.
 */
static inline uint32_t decoder_rest(const decoder_t *d)
{
    return (uint32_t)(d->left + (d->cut ? d->beyond : 0));
}

/** Records that the packet is in @p kind, a tunnel or a tag. */
static inline void decoder_note_encapsulation(decoder_t *d, unsigned kind)
{
    d->seen |= SYNFIX_ENCAPSULATION_BIT(kind);
}

/** Records that the rest is inside a tunnel of @p kind with identifier @p id. */
void decoder_enter_tunnel(decoder_t *d, synfix_encapsulation_kind_t kind, uint32_t id);

/**
 * Continues @p length bytes further with the protocol that @p ethertype (an IEEE 802 type or length)
 * announces.
 */
void decoder_ethertype(decoder_t *d, size_t length, uint16_t ethertype);

/** Whether decoder_ethertype continues with a step for @p ethertype. */
bool decoder_knows_ethertype(uint16_t ethertype);

/** The same as decoder_ethertype for a field that never is a length; numbers that are no ethertypes mean
 * other protocols than IP.
 */
void decoder_only_ethertype(decoder_t *d, size_t length, uint16_t type);

/** Continues after a link header of @p length bytes, with the ethertype at its byte @p at. */
static inline void decoder_ethertype_at(decoder_t *d, size_t length, size_t at)
{
    if (decoder_has_link(d, length)) {
        decoder_ethertype(d, length, read_be16(d->at + at));
    }
}

/* link layers */
decoder_step_t step_ethernet;
decoder_step_t step_llc;
decoder_step_t step_mpls;
decoder_step_t step_pppoe;
decoder_step_t step_ppp;
decoder_step_t step_chdlc;
decoder_step_t step_frame_relay;
decoder_step_t step_ieee80211;
decoder_step_t step_ieee80211_swapped;

/* network and transport */
decoder_step_t step_ip;
decoder_step_t step_ipv4;
decoder_step_t step_ipv6;

/* tunnels */
decoder_step_t step_gre;
decoder_step_t step_gtp;
decoder_step_t step_etherip;
decoder_step_t step_mpls_in_ip;
decoder_step_t step_ayiya;
decoder_step_t step_capwap;
decoder_step_t step_l2tp;
decoder_step_t step_l2tp_session;
decoder_step_t step_lisp;
decoder_step_t step_tzsp;
decoder_step_t step_nsh;
decoder_step_t step_sflow;
decoder_step_t step_udp;

/** First step for packets of LINKTYPE_ number @p link_type; NULL if unknown. */
decoder_step_t *link_type_step(uint32_t link_type);

/**
 * Parses @p packet header by header. synfix_decode_wanted calls this function when the fast path does not
 * apply.
 */
synfix_verdict_t decoder_decode(const synfix_packet_t *packet, synfix_headers_t *headers,
                                synfix_encapsulations_t wanted);

/** The same; @p d receives the state after the last step. */
void decoder_run(const synfix_packet_t *packet, synfix_headers_t *headers, decoder_t *d);

/** The same for a packet inside of tunnels, which @p outer describes. */
synfix_verdict_t decoder_decode_sampled(const synfix_packet_t *packet, const synfix_encapsulation_t *outer,
                                        synfix_headers_t *headers, synfix_encapsulations_t wanted);

#endif
