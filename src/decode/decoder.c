/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/decoder.h"

static void begin(const synfix_packet_t *packet, synfix_headers_t *headers, decoder_t *d)
{
    *d = (decoder_t){.at = packet->data,
                     .left = packet->captured_length,
                     .next = link_type_step(packet->link_type),
                     .headers = headers,
                     .cut = packet->captured_length < packet->original_length,
                     .beyond = packet->original_length - packet->captured_length,
                     .verdict = SYNFIX_VERDICT_UNKNOWN_LINK};
    headers->ip_version = 0;
}

static void run(decoder_t *d)
{
    for (unsigned steps = 0; d->next != NULL; steps++) {
        if (steps == SYNFIX_NESTING_MAX) {
            d->verdict = SYNFIX_VERDICT_NESTED;
            return;
        }
        d->next(d);
    }
}

/* The verdict of a packet for a caller that only wants packets of the encapsulations @p wanted. */
static synfix_verdict_t wanted_verdict(const decoder_t *d, synfix_encapsulations_t wanted)
{
    return d->verdict == SYNFIX_VERDICT_NESTED || (d->seen & ~wanted) == 0 ? d->verdict
                                                                           : SYNFIX_VERDICT_ENCAPSULATION;
}

void decoder_run(const synfix_packet_t *packet, synfix_headers_t *headers, decoder_t *d)
{
    begin(packet, headers, d);
    headers->encapsulation = (synfix_encapsulation_t){0};
    run(d);
}

synfix_verdict_t decoder_decode(const synfix_packet_t *packet, synfix_headers_t *headers,
                                synfix_encapsulations_t wanted)
{
    decoder_t d;
    decoder_run(packet, headers, &d);
    return wanted_verdict(&d, wanted);
}

synfix_verdict_t decoder_decode_sampled(const synfix_packet_t *packet, const synfix_encapsulation_t *outer,
                                        synfix_headers_t *headers, synfix_encapsulations_t wanted)
{
    decoder_t d;
    begin(packet, headers, &d);
    headers->encapsulation = *outer;
    run(&d);
    return wanted_verdict(&d, wanted);
}

/* The identifier of the outermost tunnel stays when another one follows. */
static void keep_outer(synfix_headers_t *headers)
{
    synfix_encapsulation_t *encapsulation = &headers->encapsulation;
    if (encapsulation->depth == 1) {
        encapsulation->details |= SYNFIX_DETAIL_OUTER;
        headers->details.outer_kind = encapsulation->kind;
        headers->details.outer_id = encapsulation->id;
    }
}

void decoder_enter_tunnel(decoder_t *d, synfix_encapsulation_kind_t kind, uint32_t id)
{
    synfix_encapsulation_t *encapsulation = &d->headers->encapsulation;

    if (encapsulation->depth == 0 && d->ip_at != NULL) {
        encapsulation->outer_version = d->headers->ip_version;
        encapsulation->outer_source = d->headers->source;
        encapsulation->outer_destination = d->headers->destination;
    }
    keep_outer(d->headers);
    decoder_note_encapsulation(d, kind);
    encapsulation->kind = (uint8_t)kind;
    encapsulation->id = id;
    encapsulation->extension_headers = 0; /* those are of the outer header */
    encapsulation->depth++;               /* at most SYNFIX_NESTING_MAX times */
    d->tags_closed = true;
}
