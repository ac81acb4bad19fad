/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/walk.h"

synfix_verdict_t walk_packet(const synfix_packet_t *packet, synfix_headers_t *headers,
                             synfix_encapsulations_t wanted)
{
    walk_t w = {.at = packet->data,
                .left = packet->captured_length,
                .next = link_type_step(packet->link_type),
                .headers = headers,
                .cut = packet->captured_length < packet->original_length,
                .beyond = packet->original_length - packet->captured_length,
                .verdict = SYNFIX_VERDICT_UNKNOWN_LINK};

    headers->encapsulation = (synfix_encapsulation_t){0};
    headers->ip_version = 0;
    for (unsigned steps = 0; w.next != NULL; ++steps) {
        if (steps == SYNFIX_NESTING_MAX) {
            return SYNFIX_VERDICT_NESTED;
        }
        w.next(&w);
    }
    return (w.seen & ~wanted) == 0 ? w.verdict : SYNFIX_VERDICT_ENCAPSULATION;
}

void walk_enter_tunnel(walk_t *w, synfix_encapsulation_kind_t kind, uint32_t id)
{
    synfix_encapsulation_t *encapsulation = &w->headers->encapsulation;

    if (encapsulation->depth == 0 && w->ip_at != NULL) {
        encapsulation->outer_version = w->headers->ip_version;
        encapsulation->outer_source = w->headers->source;
        encapsulation->outer_destination = w->headers->destination;
    }
    walk_note(w, kind);
    encapsulation->kind = (uint8_t)kind;
    encapsulation->id = id;
    encapsulation->extension_headers = 0; /* those are of the outer header */
    ++encapsulation->depth;               /* at most SYNFIX_NESTING_MAX times */
    w->tags_closed = true;
}
