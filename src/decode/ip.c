/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv4, IPv6, and their payloads. */
#include "decode/header_fields.h"
#include "decode/ip_protocols.h"
#include "decode/ip_steps.h"

static decoder_step_t step_tcp;
static decoder_step_t step_icmp;

/* An ethertype or address family states IP; the header states the version. */
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

static void enter_ip(decoder_t *d, uint8_t version)
{
    synfix_encapsulation_kind_t kind = SYNFIX_ENCAPSULATION_IP_IN_IP; /* 6-in-6 too */
    if (d->headers->ip_version != version) {
        kind = version == 6 ? SYNFIX_ENCAPSULATION_6IN4 : SYNFIX_ENCAPSULATION_4IN6;
    }
    decoder_enter_tunnel(d, kind, 0);
    d->next = version == 6 ? step_ipv6 : step_ipv4;
}

/* Protocols of both versions. */
static decoder_step_t *protocol_step(uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_TCP:
        return step_tcp;
    case PROTOCOL_UDP:
        return step_udp;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        return step_icmp;
    case PROTOCOL_GRE:
        return step_gre;
    case PROTOCOL_AH:
        return step_ah;
    case PROTOCOL_ETHERIP:
        return step_etherip;
    case PROTOCOL_L2TP:
        return step_l2tp_session;
    case PROTOCOL_MPLS:
        return step_mpls_in_ip;
    default:
        return NULL;
    }
}

static void go_protocol(decoder_t *d)
{
    d->next = protocol_step(d->protocol);
    if (d->next == NULL && d->headers->ip_version == 6) {
        d->next = ip_extension_step(d->protocol);
    }
    if (d->next == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    }
}

/* Reads no bytes: d->protocol selects the next step. */
void step_ip_payload(decoder_t *d)
{
    switch (d->protocol) {
    case PROTOCOL_IPV4:
        enter_ip(d, 4);
        break;
    case PROTOCOL_IPV6:
        enter_ip(d, 6);
        break;
    case PROTOCOL_ETHERNET:
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, 0);
        d->next = step_ethernet;
        break;
    case PROTOCOL_ESP:
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
        break;
    default:
        go_protocol(d);
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

/* ICMP errors quote packets that were not sent here. Quoted packets are never decoded. */
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
