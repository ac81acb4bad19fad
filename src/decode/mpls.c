/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* MPLS: label stacks and their payloads. */
#include "decode/decoder.h"

/* A pseudowire may have a control word (RFC 4385), which begins with 0 as many addresses do: the offset at
 * which an ethertype is found decides. */
static bool has_control_word(const decoder_t *d)
{
    if (d->left < 18) {
        return true;
    }
    return decoder_knows_ethertype(read_be16(d->at + 16)) || !decoder_knows_ethertype(read_be16(d->at + 12));
}

/* The label of the first entry is kept; all are counted. */
static void note_label(synfix_encapsulation_t *encapsulation, uint32_t entry)
{
    if (encapsulation->mpls_count == 0) {
        encapsulation->mpls_label = entry >> 12;
    }
    encapsulation->mpls_count++;
}

/*
 * After the last label. No field states the payload: the first four bits are the IP version; 1 is the
 * associated channel of a pseudowire, and any other value an Ethernet frame in a pseudowire.
 */
static void go_mpls_payload(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    switch (d->at[0] >> 4) {
    case 0:
        decoder_continue(d, has_control_word(d) ? 4 : 0, step_ethernet);
        break;
    case 1:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        break;
    case 4:
    case 6:
        d->next = step_ip;
        break;
    default:
        d->next = step_ethernet;
    }
}

/* One label a step. */
void step_mpls(decoder_t *d)
{
    enum { BOTTOM_OF_STACK = 0x100 };

    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_MPLS);
    if (!decoder_has_link(d, 4)) {
        return;
    }
    const uint32_t entry = read_be32(d->at);
    note_label(&d->headers->encapsulation, entry);
    decoder_continue(d, 4, step_mpls);
    if ((entry & BOTTOM_OF_STACK) != 0) {
        d->tags_closed = true;
        go_mpls_payload(d);
    }
}

void step_mpls_in_ip(decoder_t *d)
{
    decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_MPLS_IN_IP, 0);
    d->next = step_mpls;
}
