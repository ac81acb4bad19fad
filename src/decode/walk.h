/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file walk.h
 * The general header parser. A step parses one header; then it advances and names the step for the next
 * header (walk_go), or ends with a verdict (walk_stop). A new encapsulation is a new step and one line in
 * the table or switch of each protocol that can carry it.
 */
#ifndef DECODE_WALK_H
#define DECODE_WALK_H

#include "base/byte_order.h"
#include <synfix/decode.h>

typedef struct walk walk_t;
typedef void walk_step_t(walk_t *w);

struct walk {
    const uint8_t *at;    /* first unparsed byte */
    size_t left;          /* captured bytes from `at` on that enclosing lengths cover */
    walk_step_t *next;    /* NULL: the parser has finished */
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
static inline void walk_go(walk_t *w, size_t length, walk_step_t *next)
{
    w->at += length;
    w->left -= length;
    w->next = next;
}

static inline void walk_stop(walk_t *w, synfix_verdict_t verdict)
{
    w->verdict = verdict;
    w->next = NULL;
}

/**
 * True if @p length bytes are available. Otherwise ends the parser: CUT, FRAGMENT_SHORT, or @p bad at the
 * end of the packet itself.
 */
static inline bool walk_has(walk_t *w, size_t length, synfix_verdict_t bad)
{
    if (__builtin_expect(w->left >= length, 1)) {
        return true;
    }
    if (w->fragment) {
        bad = SYNFIX_VERDICT_FRAGMENT_SHORT;
    }
    walk_stop(w, w->cut ? SYNFIX_VERDICT_CUT : bad);
    return false;
}

/** Variant for link and tunnel headers. */
static inline bool walk_has_link(walk_t *w, size_t length)
{
    return walk_has(w, length, SYNFIX_VERDICT_BAD_LINK);
}

/** Limits the rest to @p length bytes, as an enclosing header states; bytes behind are padding. */
static inline void walk_clip(walk_t *w, size_t length)
{
    if (length <= w->left) {
        w->left = length;
        w->cut = false;
    } else {
        w->beyond = length - w->left;
        w->cut = true;
    }
}

/**
 * Length of an IP packet whose length field is 0: the rest of the packet. Segmentation offload leaves 0 in
 * packets captured before the network card, and packets too long for the field carry 0.
 */
static inline uint32_t walk_rest(const walk_t *w)
{
    return (uint32_t)(w->left + (w->cut ? w->beyond : 0));
}

/** Records that the packet is in @p kind, a tunnel or a tag. */
static inline void walk_note(walk_t *w, unsigned kind)
{
    w->seen |= SYNFIX_ENCAPSULATION_BIT(kind);
}

/** Records that the rest is inside a tunnel of @p kind with identifier @p id. */
void walk_enter_tunnel(walk_t *w, synfix_encapsulation_kind_t kind, uint32_t id);

/**
 * Continues @p length bytes further with the protocol that @p ethertype (an IEEE 802 type or length)
 * announces.
 */
void walk_ethertype(walk_t *w, size_t length, uint16_t ethertype);

/** Variant for a PPP protocol number. */
void walk_ppp_protocol(walk_t *w, size_t length, uint16_t protocol);

/** Variant for an address family, numbered as on BSD systems, Linux, Solaris or Darwin. */
void walk_address_family(walk_t *w, size_t length, uint32_t family);

/* link layers */
walk_step_t step_ethernet;
walk_step_t step_llc;
walk_step_t step_ethernet_or_llc;
walk_step_t step_vlan;
walk_step_t step_mpls;
walk_step_t step_pppoe;
walk_step_t step_ppp;
walk_step_t step_chdlc;
walk_step_t step_frame_relay;
walk_step_t step_ieee80211;
walk_step_t step_ieee80211_swapped;

/* network and transport */
walk_step_t step_ip;
walk_step_t step_ipv4;
walk_step_t step_ipv6;
walk_step_t step_ip_payload;
walk_step_t step_tcp;
walk_step_t step_icmp;

/* tunnels */
walk_step_t step_gre;
walk_step_t step_etherip;
walk_step_t step_mpls_in_ip;
walk_step_t step_ayiya;
walk_step_t step_capwap;
walk_step_t step_l2tp;
walk_step_t step_l2tp_session;
walk_step_t step_lisp;
walk_step_t step_tzsp;
walk_step_t step_nsh;
walk_step_t step_sflow;
walk_step_t step_udp;

/** First step for packets of LINKTYPE_ number @p link_type; NULL if unknown. */
walk_step_t *link_type_step(uint32_t link_type);

/**
 * Parses @p packet header by header. synfix_decode_wanted calls this function when the fast path does not
 * apply.
 */
synfix_verdict_t walk_packet(const synfix_packet_t *packet, synfix_headers_t *headers,
                             synfix_encapsulations_t wanted);

/** The same; @p w receives the state behind the last step. */
void walk_run(const synfix_packet_t *packet, synfix_headers_t *headers, walk_t *w);

/** The same for a packet inside of tunnels, which @p outer describes. */
synfix_verdict_t walk_sampled(const synfix_packet_t *packet, const synfix_encapsulation_t *outer,
                              synfix_headers_t *headers, synfix_encapsulations_t wanted);

#endif
