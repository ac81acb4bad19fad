/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ethernet and the tags and shims that an ethertype announces. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"

void step_ethernet(decoder_t *d)
{
    if (!decoder_has_link(d, 14)) {
        return;
    }
    decoder_ethertype(d, 14, read_be16(d->at + 12));
}

static void note_tag(decoder_t *d, uint16_t id)
{
    synfix_encapsulation_t *encapsulation = &d->headers->encapsulation;

    if (d->tags_closed) {
        return;
    }
    if (encapsulation->vlan_count == 0) {
        encapsulation->vlan_id = id;
    } else if (encapsulation->vlan_count == 1) {
        encapsulation->customer_vlan_id = id;
    }
    encapsulation->vlan_count++;
}

static void step_vlan(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    note_tag(d, read_be16(d->at) & 0xFFF);
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_VLAN);
    decoder_ethertype(d, 4, read_be16(d->at + 2));
    if (d->next == step_vlan) {
        decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_QINQ);
    }
}

/* 802.1ah: 4 bytes with the service identifier, then the customer's frame. */
static void step_pbb(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_PBB);
    if (!decoder_has_link(d, 4)) {
        return;
    }
    d->tags_closed = d->headers->encapsulation.vlan_count > 0;
    decoder_continue(d, 4, step_ethernet);
}

/* 802.1AE: SecTAG of 6 or 14 bytes after the ethertype; without the E bit the frame is only signed. */
static void step_macsec(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_MACSEC);
    if (!decoder_has_link(d, 14)) {
        return;
    }
    const uint8_t control = d->at[0];
    if ((control & 0x0C) != 0) {
        decoder_stop(d, SYNFIX_VERDICT_ENCRYPTED);
        return;
    }
    const size_t length = (control & 0x20) != 0 ? 14 : 6;
    if (decoder_has_link(d, length + 2)) {
        decoder_ethertype(d, length + 2, read_be16(d->at + length));
    }
}

/* VN-tag, and the tags of seamless redundancy (HSR, 802.1CB): 4 bytes and an ethertype. */
static void step_short_tag(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (decoder_has_link(d, 6)) {
        decoder_ethertype(d, 6, read_be16(d->at + 4));
    }
}

static void step_etag(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (decoder_has_link(d, 8)) {
        decoder_ethertype(d, 8, read_be16(d->at + 6));
    }
}

/* Version, length in words, options of 4 bytes. */
static void step_metadata(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (!decoder_has_link(d, 2)) {
        return;
    }
    const size_t length = 2u + d->at[1] * 4u;
    if (decoder_has_link(d, length + 2)) {
        decoder_ethertype(d, length + 2, read_be16(d->at + length));
    }
}

static void step_fabricpath(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (decoder_has_link(d, 2)) {
        decoder_continue(d, 2, step_ethernet);
    }
}

static void step_trill(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (!decoder_has_link(d, 6)) {
        return;
    }
    const size_t length = 6u + ((read_be16(d->at) >> 6) & 0x1Fu) * 4u;
    if (!decoder_has_link(d, length)) {
        return;
    }
    d->tags_closed = true;
    decoder_continue(d, length, step_ethernet);
}

void step_pppoe(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_PPPOE);
    if (!decoder_has_link(d, 6)) {
        return;
    }
    if (d->at[0] != 0x11 || d->at[1] != 0) { /* version and type; a code that is not 0 is discovery */
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        return;
    }
    const uint16_t length = read_be16(d->at + 4);
    decoder_continue(d, 6, step_ppp);
    decoder_clip(d, length);
}

static decoder_step_t *ethertype_step(uint16_t ethertype)
{
    switch (ethertype) {
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
        return step_ip;
    case ETHERTYPE_VLAN:
    case ETHERTYPE_SERVICE_VLAN:
    case ETHERTYPE_QINQ_9100:
    case ETHERTYPE_QINQ_9200:
    case ETHERTYPE_QINQ_9300:
    case ETHERTYPE_QINQ_9500:
        return step_vlan;
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_UPSTREAM:
        return step_mpls;
    case ETHERTYPE_PPPOE_SESSION:
        return step_pppoe;
    case ETHERTYPE_PPP:
        return step_ppp;
    case ETHERTYPE_BRIDGED:
        return step_ethernet;
    case ETHERTYPE_JUMBO_LLC:
        return step_llc;
    case ETHERTYPE_PBB:
        return step_pbb;
    case ETHERTYPE_MACSEC:
        return step_macsec;
    case ETHERTYPE_VNTAG:
    case ETHERTYPE_HSR:
    case ETHERTYPE_RTAG:
        return step_short_tag;
    case ETHERTYPE_NSH:
        return step_nsh;
    case ETHERTYPE_ETAG:
        return step_etag;
    case ETHERTYPE_METADATA:
        return step_metadata;
    case ETHERTYPE_FABRICPATH:
        return step_fabricpath;
    case ETHERTYPE_TRILL:
        return step_trill;
    default:
        return NULL;
    }
}

/* A pseudowire may have a control word (RFC 4385), which begins with 0 as many addresses do: the offset at
 * which an ethertype is found decides. */
static bool has_control_word(const decoder_t *d)
{
    if (d->left < 18) {
        return true;
    }
    return ethertype_step(read_be16(d->at + 16)) != NULL || ethertype_step(read_be16(d->at + 12)) == NULL;
}

/*
 * One label a step. No field states the payload after the last label: the first four bits are the IP version;
 * 1 is the associated channel of a pseudowire, and any other value an Ethernet frame in a pseudowire.
 */
void step_mpls(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_MPLS);
    if (!decoder_has_link(d, 4)) {
        return;
    }
    synfix_encapsulation_t *encapsulation = &d->headers->encapsulation;
    const uint32_t entry = read_be32(d->at);

    if (encapsulation->mpls_count == 0) {
        encapsulation->mpls_label = entry >> 12;
    }
    encapsulation->mpls_count++;
    decoder_continue(d, 4, step_mpls);
    if ((entry & 0x100) == 0) {
        return;
    }
    d->tags_closed = true;
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

void decoder_ethertype(decoder_t *d, size_t length, uint16_t ethertype)
{
    decoder_step_t *next = ethertype <= ETHERTYPE_LENGTH_MAX ? step_llc : ethertype_step(ethertype);

    if (next == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        return;
    }
    decoder_continue(d, length, next);
    if (ethertype <= ETHERTYPE_LENGTH_MAX && ethertype > 0) {
        decoder_clip(d, ethertype);
    }
}

/* 802.2: SNAP with an ethertype, or IP by its own service access point. */
void step_llc(decoder_t *d)
{
    if (!decoder_has_link(d, 3)) {
        return;
    }
    const uint8_t service = d->at[0];
    const uint8_t control = d->at[2];

    if (service == 0xAA && d->at[1] == 0xAA && control == 0x03) {
        if (!decoder_has_link(d, 8)) {
            return;
        }
        const uint16_t ethertype = read_be16(d->at + 6);
        if (d->at[3] == 0 && d->at[4] == 0x80 && d->at[5] == 0xC2) { /* bridged (RFC 2684), */
            const size_t padding = ethertype == 1 || ethertype == 7 ? 2 : 0;
            if (!decoder_has_link(d, 8 + padding)) {
                return;
            }
            decoder_continue(d, 8 + padding, step_ethernet);
            return;
        }
        if (ethertype <= ETHERTYPE_LENGTH_MAX) {
            decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        } else {
            decoder_ethertype(d, 8, ethertype);
        }
    } else if (service == 0x06 && control == 0x03) {
        decoder_continue(d, 3, step_ip);
    } else if (service == 0xFE && control == 0x03) { /* routed, with an ISO network layer identifier */
        if (!decoder_has_link(d, 4)) {
            return;
        }
        if (d->at[3] == 0xCC || d->at[3] == 0x8E) {
            decoder_continue(d, 4, step_ip);
        } else {
            decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
        }
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}
