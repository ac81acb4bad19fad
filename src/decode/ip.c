/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv4, IPv6 with its extension headers, and what they carry. */
#include "decode/decoder.h"
#include "decode/header_fields.h"

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

/* An ethertype or address family states IP; the header states the version. */
static decoder_step_t step_ip_payload;
static decoder_step_t step_tcp;
static decoder_step_t step_icmp;

void step_ip(decoder_t *d)
{
    if (!decoder_has(d, 1, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    switch (d->at[0] >> 4) {
    case 4:
        d->next = step_ipv4;
        break;
    case 6:
        d->next = step_ipv6;
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_BAD_IP);
    }
}

void step_ipv4(decoder_t *d)
{
    if (!decoder_has(d, FILL_IPV4_MIN, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint8_t *ip = d->at;
    const uint16_t header_length = (uint16_t)((ip[0] & 0xF) * 4);
    const uint16_t length_field = read_be16(ip + 2);
    const uint32_t total_length = length_field != 0 ? length_field : decoder_rest(d);

    if (ip[0] >> 4 != 4 || header_length < FILL_IPV4_MIN || total_length < header_length) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    fill_ipv4(d->headers, ip, header_length, total_length, d->left, false);
    decoder_clip(d, total_length);
    if (!decoder_has(d, header_length, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    d->ip_at = ip;
    d->protocol = ip[9];
    d->fragment |= d->headers->first_fragment;
    if ((read_be16(ip + 6) & FILL_IPV4_OFFSET) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
        return;
    }
    decoder_continue(d, header_length, step_ip_payload);
}

void step_ipv6(decoder_t *d)
{
    if (!decoder_has(d, FILL_IPV6_MIN, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint8_t *ip = d->at;
    const uint16_t length_field = read_be16(ip + 4);
    const uint32_t total_length = length_field != 0 ? FILL_IPV6_MIN + length_field : decoder_rest(d);

    if (ip[0] >> 4 != 6) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    fill_ipv6(d->headers, ip, total_length, d->left);
    decoder_clip(d, total_length);
    d->ip_at = ip;
    d->protocol = ip[6];
    decoder_continue(d, FILL_IPV6_MIN, step_ip_payload);
}

/* Bits of RFC 9740, in the order of IANA's registry "IPv6 Extension Headers Bits". */
static uint16_t extension_bit(const decoder_t *d)
{
    switch (d->protocol) {
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
static void go_past_extension(decoder_t *d, size_t length)
{
    if (!decoder_has(d, length, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const size_t options = d->headers->ip_options_length + length;
    if (options > UINT16_MAX - FILL_IPV6_MIN) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    d->headers->encapsulation.extension_headers |= extension_bit(d);
    d->protocol = d->at[0];
    d->headers->ip_options_length = (uint16_t)options;
    d->headers->ip_header_length = (uint16_t)(FILL_IPV6_MIN + options);
    decoder_continue(d, length, step_ip_payload);
}

static void step_extension(decoder_t *d)
{
    if (decoder_has(d, 8, SYNFIX_VERDICT_BAD_IP)) {
        go_past_extension(d, (d->at[1] + 1u) * 8u);
    }
}

static void step_fragment(decoder_t *d)
{
    if (!decoder_has(d, 8, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const uint16_t field = read_be16(d->at + 2);

    d->headers->fragment_id = read_be32(d->at + 4);
    if (field >> 3 != 0) {
        decoder_stop(d, SYNFIX_VERDICT_LATER_FRAGMENT);
        return;
    }
    if ((field & 1) != 0) { /* else an atomic fragment (RFC 6946): a whole packet */
        d->headers->first_fragment = true;
        d->fragment = true;
        d->headers->ip_flags = SYNFIX_IP_MF;
    }
    go_past_extension(d, 8);
}

/*
 * RFC 4302: authenticated, not encrypted. Transport mode is no tunnel around this IP, so a tunnel outside of
 * it stays the innermost one.
 */
static void step_ah(decoder_t *d)
{
    if (!decoder_has(d, 12, SYNFIX_VERDICT_BAD_IP)) {
        return;
    }
    const size_t length = (d->at[1] + 2u) * 4u;

    if (length < 12) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_IP);
        return;
    }
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_AH);
    if (d->headers->encapsulation.kind == SYNFIX_ENCAPSULATION_NONE) {
        d->headers->encapsulation.kind = SYNFIX_ENCAPSULATION_AH;
    }
    if (d->headers->ip_version == 6) {
        go_past_extension(d, length);
    } else if (decoder_has(d, length, SYNFIX_VERDICT_BAD_IP)) {
        d->protocol = d->at[0];
        decoder_continue(d, length, step_ip_payload);
    }
}

static void enter_ip(decoder_t *d, uint8_t version)
{
    synfix_encapsulation_kind_t kind = SYNFIX_ENCAPSULATION_IP_IN_IP; /* 6-in-6 too */
    if (d->headers->ip_version != version) {
        kind = version == 6 ? SYNFIX_ENCAPSULATION_6IN4 : SYNFIX_ENCAPSULATION_4IN6;
    }
    decoder_enter_tunnel(d, kind, 0);
    d->next = version == 6 ? step_ipv6 : step_ipv4;
}

static decoder_step_t *extension_step(uint8_t protocol)
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

/* Dispatch on d->protocol: takes no bytes. */
static void step_ip_payload(decoder_t *d)
{
    switch (d->protocol) {
    case PROTOCOL_TCP:
        d->next = step_tcp;
        return;
    case PROTOCOL_UDP:
        d->next = step_udp;
        return;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        d->next = step_icmp;
        return;
    case PROTOCOL_IPV4:
        enter_ip(d, 4);
        return;
    case PROTOCOL_IPV6:
        enter_ip(d, 6);
        return;
    case PROTOCOL_GRE:
        d->next = step_gre;
        return;
    case PROTOCOL_AH:
        d->next = step_ah;
        return;
    case PROTOCOL_ETHERIP:
        d->next = step_etherip;
        return;
    case PROTOCOL_L2TP:
        d->next = step_l2tp_session;
        return;
    case PROTOCOL_MPLS:
        d->next = step_mpls_in_ip;
        return;
    case PROTOCOL_ETHERNET:
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, 0);
        d->next = step_ethernet;
        return;
    case PROTOCOL_ESP:
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
        return;
    default:
        break;
    }
    d->next = d->headers->ip_version == 6 ? extension_step(d->protocol) : NULL;
    if (d->next == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    }
}

static void step_tcp(decoder_t *d)
{
    if (!decoder_has(d, FILL_TCP_MIN, SYNFIX_VERDICT_BAD_TCP)) {
        return;
    }
    const uint32_t length = d->headers->ip_total_length - (uint32_t)(d->at - d->ip_at);
    decoder_stop(d, set_tcp_fields(d->headers, d->at, d->left, length));
}

/* Errors quote a packet that was not sent here: it is never decoded. */
static void step_icmp(decoder_t *d)
{
    if (!decoder_has(d, 1, SYNFIX_VERDICT_NOT_TCP)) {
        return;
    }
    const uint8_t type = d->at[0];
    const bool error = d->protocol == PROTOCOL_ICMPV6
                           ? type >= 1 && type <= 4
                           : (type >= 3 && type <= 5) || type == 11 || type == 12 || type == 31;
    decoder_stop(d, error ? SYNFIX_VERDICT_ICMP_ERROR : SYNFIX_VERDICT_NOT_TCP);
}
