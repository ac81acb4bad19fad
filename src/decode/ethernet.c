/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ethernet and the tags and shims that an ethertype announces. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"

void step_ethernet(decoder_t *d)
{
    decoder_ethertype_at(d, 14, 12);
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
    decoder_ethertype_at(d, length + 2, length);
}

/* VN-tag, and the tags of seamless redundancy (HSR, 802.1CB): 4 bytes and an ethertype. */
static void step_short_tag(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    decoder_ethertype_at(d, 6, 4);
}

static void step_etag(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    decoder_ethertype_at(d, 8, 6);
}

/* Version, length in words, options of 4 bytes. */
static void step_metadata(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    if (!decoder_has_link(d, 2)) {
        return;
    }
    const size_t length = 2u + d->at[1] * 4u;
    decoder_ethertype_at(d, length + 2, length);
}

static void step_fabricpath(decoder_t *d)
{
    decoder_note_encapsulation(d, SYNFIX_ENCAPSULATION_FABRIC);
    decoder_skip_link(d, 2, step_ethernet);
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

bool decoder_knows_ethertype(uint16_t ethertype)
{
    return ethertype_step(ethertype) != NULL;
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

void decoder_only_ethertype(decoder_t *d, size_t length, uint16_t type)
{
    if (type < ETHERTYPE_MIN) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else {
        decoder_ethertype(d, length, type);
    }
}
