/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/walk.h"

static void begin(const synfix_packet_t *packet, synfix_headers_t *headers, walk_t *w)
{
    *w = (walk_t){.at = packet->data,
                  .left = packet->captured_length,
                  .next = link_type_step(packet->link_type),
                  .headers = headers,
                  .cut = packet->captured_length < packet->original_length,
                  .beyond = packet->original_length - packet->captured_length,
                  .verdict = SYNFIX_VERDICT_UNKNOWN_LINK};
    headers->ip_version = 0;
}

static void run(walk_t *w)
{
    for (unsigned steps = 0; w->next != NULL; ++steps) {
        if (steps == SYNFIX_NESTING_MAX) {
            w->verdict = SYNFIX_VERDICT_NESTED;
            return;
        }
        w->next(w);
    }
}

void walk_run(const synfix_packet_t *packet, synfix_headers_t *headers, walk_t *w)
{
    begin(packet, headers, w);
    headers->encapsulation = (synfix_encapsulation_t){0};
    run(w);
}

synfix_verdict_t walk_packet(const synfix_packet_t *packet, synfix_headers_t *headers,
                             synfix_encapsulations_t wanted)
{
    walk_t w;
    walk_run(packet, headers, &w);
    return w.verdict == SYNFIX_VERDICT_NESTED || (w.seen & ~wanted) == 0 ? w.verdict
                                                                         : SYNFIX_VERDICT_ENCAPSULATION;
}

synfix_verdict_t walk_sampled(const synfix_packet_t *packet, const synfix_encapsulation_t *outer,
                              synfix_headers_t *headers, synfix_encapsulations_t wanted)
{
    walk_t w;
    begin(packet, headers, &w);
    headers->encapsulation = *outer;
    run(&w);
    return w.verdict == SYNFIX_VERDICT_NESTED || (w.seen & ~wanted) == 0 ? w.verdict
                                                                         : SYNFIX_VERDICT_ENCAPSULATION;
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

void walk_enter_tunnel(walk_t *w, synfix_encapsulation_kind_t kind, uint32_t id)
{
    synfix_encapsulation_t *encapsulation = &w->headers->encapsulation;

    if (encapsulation->depth == 0 && w->ip_at != NULL) {
        encapsulation->outer_version = w->headers->ip_version;
        encapsulation->outer_source = w->headers->source;
        encapsulation->outer_destination = w->headers->destination;
    }
    keep_outer(w->headers);
    walk_note(w, kind);
    encapsulation->kind = (uint8_t)kind;
    encapsulation->id = id;
    encapsulation->extension_headers = 0; /* those are of the outer header */
    ++encapsulation->depth;               /* at most SYNFIX_NESTING_MAX times */
    w->tags_closed = true;
}
