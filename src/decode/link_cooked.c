/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pseudo link layers: headers that systems write before packets without a link header. */
#include "decode/ethertypes.h"
#include "decode/link_steps.h"

#define NFLOG_HEADER 4u
#define NFLOG_HEAD   4u /* of an attribute: length and type */

/* As decoder_ethertype(), for an address family. AF_INET is 2 everywhere, AF_INET6 is not. */
static void decoder_address_family(decoder_t *d, size_t length, uint32_t family)
{
    switch (family) {
    case 2:
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD, BSD/OS */
    case 26: /* Solaris */
    case 28: /* FreeBSD */
    case 30: /* Darwin */
        decoder_continue(d, length, step_ip);
        break;
    default:
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* A family in the byte order of the capturing machine; all are small numbers. */
static uint32_t read_family(const uint8_t *at)
{
    const uint32_t family = read_be32(at);
    return family > 0xFFFF ? read_le32(at) : family;
}

/* A few writers put an ethertype in place of the family. */
void step_null(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    const uint32_t family = read_family(d->at);
    if (family == ETHERTYPE_IPV4 || family == ETHERTYPE_IPV6) {
        decoder_continue(d, 4, step_ip);
    } else {
        decoder_address_family(d, 4, family);
    }
}

/* Network byte order by definition; the other one has been seen, and cannot be mistaken. */
void step_loop(decoder_t *d)
{
    step_null(d);
}

/* Linux: protocols below 1536 are no ethertypes; 4 is 802.2, 1 is IPX on raw 802.3. */
static void go_linux_protocol(decoder_t *d, size_t length, uint16_t protocol)
{
    if (protocol == 4) {
        decoder_continue(d, length, step_llc);
    } else {
        decoder_only_ethertype(d, length, protocol);
    }
}

void step_linux_sll(decoder_t *d)
{
    if (decoder_has_link(d, 16)) {
        go_linux_protocol(d, 16, read_be16(d->at + 14));
    }
}

void step_linux_sll2(decoder_t *d)
{
    if (decoder_has_link(d, 20)) {
        go_linux_protocol(d, 20, read_be16(d->at));
    }
}

/* BSD's IPsec interface: family in host order, SPI, flags of what was done to the packet (already undone). */
void step_enc(decoder_t *d)
{
    if (decoder_has_link(d, 12)) {
        decoder_address_family(d, 12, read_family(d->at));
    }
}

/* Length of the header without its padding to 4 (FreeBSD counts less of it than OpenBSD), then the family. */
void step_pflog(decoder_t *d)
{
    if (!decoder_has_link(d, 2)) {
        return;
    }
    const size_t length = (d->at[0] + 3u) & ~3u;
    if (length < 4) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    const uint8_t family = d->at[1];
    if (decoder_has_link(d, length)) {
        decoder_address_family(d, length, family);
    }
}

typedef struct nflog_attribute {
    size_t length; /* with the four bytes of its head, without padding */
    unsigned type;
} nflog_attribute_t;

/* The head of an attribute, in the byte order of the capturing machine: all types are below 256. */
static nflog_attribute_t read_attribute(const uint8_t *at)
{
    enum { NESTED = 0x8000 };
    const uint16_t type = read_le16(at + 2) & (uint16_t)~NESTED;

    return type <= 0xFF
               ? (nflog_attribute_t){.length = read_le16(at), .type = type}
               : (nflog_attribute_t){.length = read_be16(at), .type = read_be16(at + 2) & (uint16_t)~NESTED};
}

/* The packet of an attribute, after its head. A bridge's packets are identified by their EtherType alone. */
static void go_nflog_payload(decoder_t *d, uint8_t family, uint16_t ethertype)
{
    enum { FAMILY_NETDEV = 5, FAMILY_BRIDGE = 7 };

    if (ethertype != 0 && (family == FAMILY_BRIDGE || family == FAMILY_NETDEV)) {
        decoder_ethertype(d, NFLOG_HEAD, ethertype);
    } else {
        decoder_address_family(d, NFLOG_HEAD, family);
    }
}

/* Attributes follow the header: the packet is one of them, and its EtherType is in another one before it. */
static void go_nflog_attributes(decoder_t *d, uint8_t family)
{
    enum { PACKET_HEADER = 1, PAYLOAD = 9 };
    uint16_t ethertype = 0;

    while (decoder_has_link(d, NFLOG_HEAD)) {
        const nflog_attribute_t attribute = read_attribute(d->at);
        const size_t padded = (attribute.length + 3u) & ~(size_t)3;
        if (attribute.length < NFLOG_HEAD) {
            decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
            return;
        }
        if (attribute.type == PAYLOAD) {
            decoder_clip(d, attribute.length);
            go_nflog_payload(d, family, ethertype);
            return;
        }
        if (!decoder_has_link(d, padded)) {
            return;
        }
        if (attribute.type == PACKET_HEADER && padded >= 8) {
            ethertype = read_be16(d->at + NFLOG_HEAD);
        }
        decoder_continue(d, padded, NULL);
    }
}

/* Family, version, resource; then attributes. */
void step_nflog(decoder_t *d)
{
    if (!decoder_has_link(d, NFLOG_HEADER)) {
        return;
    }
    const uint8_t family = d->at[0];
    if (d->at[1] != 0) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    decoder_continue(d, NFLOG_HEADER, NULL);
    go_nflog_attributes(d, family);
}

/* Solaris: version, family, ... in all 24 bytes. */
void step_ipnet(decoder_t *d)
{
    if (decoder_has_link(d, 24)) {
        decoder_address_family(d, 24, d->at[1]);
    }
}

/* Darwin: length of the header, record type, link type of what follows; little endian. */
void step_pktap(decoder_t *d)
{
    if (!decoder_has_link(d, 12)) {
        return;
    }
    const uint32_t length = read_le32(d->at);
    decoder_step_t *next = link_type_step(read_le32(d->at + 8));

    if (length < 12) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
    } else if (next == NULL) {
        decoder_stop(d, SYNFIX_VERDICT_UNKNOWN_LINK);
    } else {
        decoder_skip_link(d, length, next);
    }
}
