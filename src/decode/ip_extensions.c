/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv6 extension headers, and the authentication header of both versions. */
#include "decode/header_fields.h"
#include "decode/ip_protocols.h"
#include "decode/ip_steps.h"

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
void step_ah(decoder_t *d)
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

decoder_step_t *ip_extension_step(uint8_t protocol)
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
