/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv4, IPv6 with its extension headers, and what they carry. */
#include "decode/header_fields.h"
#include "decode/walk.h"

/* IANA protocol numbers, and those of the IPv6 extension headers among them (RFC 8200, section 4). */
enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_ESP = 50,
    PROTOCOL_AH = 51,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_ETHERIP = 97,
    PROTOCOL_L2TP = 115,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_MPLS = 137,
    PROTOCOL_HIP = 139,
    PROTOCOL_SHIM6 = 140,
    PROTOCOL_ETHERNET = 143, /* RFC 8986 */
};

/* An ethertype or address family says IP; the version in the header decides which. */
void step_ip(walk_t *w)
{
    if (!walk_has(w, 1, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    switch (w->at[0] >> 4) {
    case 4:
        w->next = step_ipv4;
        break;
    case 6:
        w->next = step_ipv6;
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_BAD_IP);
    }
}

void step_ipv4(walk_t *w)
{
    if (!walk_has(w, FILL_IPV4_MIN, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint8_t *ip = w->at;
    const uint16_t header_length = (uint16_t)((ip[0] & 0xF) * 4);
    const uint16_t length_field = read_be16(ip + 2);
    const uint32_t total_length = length_field != 0 ? length_field : walk_rest(w);

    if (ip[0] >> 4 != 4 || header_length < FILL_IPV4_MIN || total_length < header_length) {
        walk_stop(w, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    fill_ipv4(w->headers, ip, header_length, total_length, w->left, false);
    walk_clip(w, total_length);
    if (!walk_has(w, header_length, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    w->ip_at = ip;
    w->protocol = ip[9];
    w->fragment |= w->headers->first_fragment;
    if ((read_be16(ip + 6) & FILL_IPV4_OFFSET) != 0) {
        walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
        return;
    }
    walk_go(w, header_length, step_ip_payload);
}

void step_ipv6(walk_t *w)
{
    if (!walk_has(w, FILL_IPV6_MIN, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint8_t *ip = w->at;
    const uint16_t length_field = read_be16(ip + 4);
    const uint32_t total_length = length_field != 0 ? FILL_IPV6_MIN + length_field : walk_rest(w);

    if (ip[0] >> 4 != 6) {
        walk_stop(w, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    fill_ipv6(w->headers, ip, total_length, w->left);
    walk_clip(w, total_length);
    w->ip_at = ip;
    w->protocol = ip[6];
    walk_go(w, FILL_IPV6_MIN, step_ip_payload);
}

/* Bits of RFC 9740, in the order of IANA's registry "IPv6 Extension Headers Bits". */
static uint16_t extension_bit(const walk_t *w)
{
    switch (w->protocol) {
    case PROTOCOL_DESTINATION:
        return 1u << 0;
    case PROTOCOL_HOP_BY_HOP:
        return 1u << 1;
    case PROTOCOL_FRAGMENT:
        return 1u << 4; /* later fragments are not read */
    case PROTOCOL_ROUTING:
        return 1u << 5;
    case PROTOCOL_MOBILITY:
        return 1u << 7;
    case PROTOCOL_AH:
        return 1u << 9;
    case PROTOCOL_HIP:
        return 1u << 10;
    case PROTOCOL_SHIM6:
        return 1u << 11;
    default:
        return 0;
    }
}

/* Past an extension header of @p length bytes; they count as IP options (D2). */
static void go_past_extension(walk_t *w, size_t length)
{
    if (!walk_has(w, length, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const size_t options = w->headers->ip_options_length + length;
    if (options > UINT16_MAX - FILL_IPV6_MIN) {
        walk_stop(w, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    w->headers->encapsulation.extension_headers |= extension_bit(w);
    w->protocol = w->at[0];
    w->headers->ip_options_length = (uint16_t)options;
    w->headers->ip_header_length = (uint16_t)(FILL_IPV6_MIN + options);
    walk_go(w, length, step_ip_payload);
}

static void step_extension(walk_t *w)
{
    if (walk_has(w, 8, SYNFIX_VERDICT_BAD_IP)) {
        go_past_extension(w, (w->at[1] + 1u) * 8u);
    }
}

static void step_fragment(walk_t *w)
{
    if (!walk_has(w, 8, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint16_t field = read_be16(w->at + 2);

    w->headers->fragment_id = read_be32(w->at + 4);
    if (field >> 3 != 0) {
        walk_stop(w, SYNFIX_VERDICT_LATER_FRAGMENT);
        return;
    }
    if ((field & 1) != 0) { /* else an atomic fragment (RFC 6946): a whole packet */
        w->headers->first_fragment = true;
        w->fragment = true;
        w->headers->ip_flags = SYNFIX_IP_MF;
    }
    go_past_extension(w, 8);
}

/*
 * RFC 4302: authenticated, not encrypted. Transport mode is no tunnel around this IP, so a tunnel outside of
 * it keeps its place as the innermost one.
 */
static void step_ah(walk_t *w)
{
    if (!walk_has(w, 12, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const size_t length = (w->at[1] + 2u) * 4u;

    if (length < 12) {
        walk_stop(w, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    walk_note(w, SYNFIX_ENCAPSULATION_AH);
    if (w->headers->encapsulation.kind == SYNFIX_ENCAPSULATION_NONE) {
        w->headers->encapsulation.kind = SYNFIX_ENCAPSULATION_AH;
    }
    if (w->headers->ip_version == 6) {
        go_past_extension(w, length);
    } else if (walk_has(w, length, SYNFIX_VERDICT_BAD_IP)) {
        w->protocol = w->at[0];
        walk_go(w, length, step_ip_payload);
    }
}

static void enter_ip(walk_t *w, uint8_t version)
{
    synfix_encapsulation_kind_t kind = SYNFIX_ENCAPSULATION_IP_IN_IP; /* 6-in-6 too */
    if (w->headers->ip_version != version) {
        kind = version == 6 ? SYNFIX_ENCAPSULATION_6IN4 : SYNFIX_ENCAPSULATION_4IN6;
    }
    walk_enter_tunnel(w, kind, 0);
    w->next = version == 6 ? step_ipv6 : step_ipv4;
}

static walk_step_t *extension_step(uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_DESTINATION:
    case PROTOCOL_MOBILITY:
    case PROTOCOL_HIP:
    case PROTOCOL_SHIM6:
        return step_extension;
    case PROTOCOL_FRAGMENT:
        return step_fragment;
    default:
        return NULL;
    }
}

/* Dispatch on w->protocol: takes no bytes. */
void step_ip_payload(walk_t *w)
{
    switch (w->protocol) {
    case PROTOCOL_TCP:
        w->next = step_tcp;
        return;
    case PROTOCOL_UDP:
        w->next = step_udp;
        return;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        w->next = step_icmp;
        return;
    case PROTOCOL_IPV4:
        enter_ip(w, 4);
        return;
    case PROTOCOL_IPV6:
        enter_ip(w, 6);
        return;
    case PROTOCOL_GRE:
        w->next = step_gre;
        return;
    case PROTOCOL_AH:
        w->next = step_ah;
        return;
    case PROTOCOL_ETHERIP:
        w->next = step_etherip;
        return;
    case PROTOCOL_L2TP:
        w->next = step_l2tp_session;
        return;
    case PROTOCOL_MPLS:
        w->next = step_mpls_in_ip;
        return;
    case PROTOCOL_ETHERNET:
        walk_enter_tunnel(w, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, 0);
        w->next = step_ethernet;
        return;
    case PROTOCOL_ESP:
        walk_stop(w, SYNFIX_VERDICT_ENCRYPTED);
        return;
    default:
        break;
    }
    w->next = w->headers->ip_version == 6 ? extension_step(w->protocol) : NULL;
    if (w->next == NULL) {
        walk_stop(w, SYNFIX_VERDICT_NOT_TCP);
    }
}

void step_tcp(walk_t *w)
{
    if (!walk_has(w, FILL_TCP_MIN, SYNFIX_VERDICT_BAD_TCP)) {
        return;
    }
    const uint32_t length = w->headers->ip_total_length - (uint32_t)(w->at - w->ip_at);
    walk_stop(w, fill_tcp(w->headers, w->at, w->left, length));
}

/* Errors quote a packet that was not sent here: it is never looked at. */
void step_icmp(walk_t *w)
{
    if (!walk_has(w, 1, SYNFIX_VERDICT_NOT_TCP)) {
        return;
    }
    const uint8_t type = w->at[0];
    const bool error = w->protocol == PROTOCOL_ICMPV6
                           ? type >= 1 && type <= 4
                           : (type >= 3 && type <= 5) || type == 11 || type == 12 || type == 31;
    walk_stop(w, error ? SYNFIX_VERDICT_ICMP_ERROR : SYNFIX_VERDICT_NOT_TCP);
}
