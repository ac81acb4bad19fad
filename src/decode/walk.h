/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file walk.h
 * The walk through the headers of one packet. A step reads one header, then either moves past it and names
 * the step for what follows (walk_go), or ends the walk with a verdict (walk_stop). A new encapsulation is a
 * new step and one line in the table or switch of whatever can carry it.
 */
#ifndef DECODE_WALK_H
#define DECODE_WALK_H

#include "base/byte_order.h"
#include <synfix/decode.h>

typedef struct walk walk_t;
typedef void walk_step_t(walk_t *w);

struct walk {
    const uint8_t *at;    /* first byte not yet read */
    size_t left;          /* captured bytes from there on, less what no enclosing length covers */
    walk_step_t *next;    /* NULL: the walk is over */
    const uint8_t *ip_at; /* start of the IP header last read; NULL before the first */
    synfix_headers_t *headers;
    synfix_verdict_t verdict;
    size_t beyond;    /* bytes of the packet behind what was captured; only with `cut` */
    uint8_t protocol; /* what the IP header or extension header last read announces */
    bool cut;         /* `left` ends where the capture does, not where the packet does */
    bool fragment;    /* inside a first fragment: `left` may end where that does */
    uint64_t seen;    /* SYNFIX_ENCAPSULATION_BIT of all that was gone through */
    bool tags_closed; /* inside the outermost frame: its VLAN tags are known */
};

/** Moves on by @p length bytes, of which the caller knows that they are there. */
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

/** Whether @p length bytes are there; if not, ends the walk: CUT, FRAGMENT_SHORT, or @p bad where the packet
 * itself ends. */
static inline bool walk_has(walk_t *w, size_t length, synfix_verdict_t bad)
{
    if (__builtin_expect(w->left >= length, 1))
        return true;
    if (w->fragment)
        bad = SYNFIX_VERDICT_FRAGMENT_SHORT;
    walk_stop(w, w->cut ? SYNFIX_VERDICT_CUT : bad);
    return false;
}

/** Same for link and tunnel headers. */
static inline bool walk_has_link(walk_t *w, size_t length)
{
    return walk_has(w, length, SYNFIX_VERDICT_BAD_LINK);
}

/** An enclosing header says that only @p length bytes follow: what is behind them is padding. */
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

/** What an IP header whose length field is 0 is taken to say: the rest of the packet. Segmentation offload
 * leaves it so in what is captured before the network card, and so does a packet that is too long for the
 * field. */
static inline uint32_t walk_rest(const walk_t *w)
{
    return (uint32_t)(w->left + (w->cut ? w->beyond : 0));
}

/** Notes that the packet is in @p kind, a tunnel or a tag. */
static inline void walk_note(walk_t *w, unsigned kind)
{
    w->seen |= SYNFIX_ENCAPSULATION_BIT(kind);
}

/** Notes that what follows is inside a tunnel of @p kind with identifier @p id. */
void walk_enter_tunnel(walk_t *w, synfix_encapsulation_kind_t kind, uint32_t id);

/** Continues with what @p ethertype (an IEEE 802 type or length) announces, @p length bytes further on. */
void walk_ethertype(walk_t *w, size_t length, uint16_t ethertype);

/** Same for a PPP protocol number. */
void walk_ppp_protocol(walk_t *w, size_t length, uint16_t protocol);

/** Same for an address family as BSD systems number them, or Linux, Solaris and Darwin. */
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
walk_step_t step_udp;

/** Step for packets of LINKTYPE_ number @p link_type; NULL when it is not known. */
walk_step_t *link_type_step(uint32_t link_type);

/** Walks @p packet header by header: what synfix_decode_wanted does when its short cut does not fit. */
synfix_verdict_t walk_packet(const synfix_packet_t *packet, synfix_headers_t *headers,
                             synfix_encapsulations_t wanted);

#endif
