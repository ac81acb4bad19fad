/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pseudo link layers: headers that systems write before packets without a link header. */
#include "decode/ethertypes.h"
#include "decode/link_steps.h"

static uint16_t read_le16(const uint8_t *at)
{
    return __builtin_bswap16(read_be16(at));
}

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

/* The family in the byte order of the capturing machine; a few writers put an ethertype there. */
void step_null(decoder_t *d)
{
    if (!decoder_has_link(d, 4)) {
        return;
    }
    uint32_t family = read_be32(d->at);
    if (family > 0xFFFF) {
        family = __builtin_bswap32(family);
    }
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
    } else if (protocol < 0x600) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    } else {
        decoder_ethertype(d, length, protocol);
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
    if (!decoder_has_link(d, 12)) {
        return;
    }
    const uint32_t family = read_be32(d->at);
    decoder_address_family(d, 12, family > 0xFFFF ? read_le32(d->at) : family);
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

/* Family, version, resource; then attributes in the byte order of the machine, one of them the packet. A
 * bridge's packets are identified by the EtherType in another one. */
void step_nflog(decoder_t *d)
{
    enum { NFLOG_PACKET_HEADER = 1, NFLOG_PAYLOAD = 9, FAMILY_NETDEV = 5, FAMILY_BRIDGE = 7 };
    uint16_t ethertype = 0;

    if (!decoder_has_link(d, 4)) {
        return;
    }
    const uint8_t family = d->at[0];
    if (d->at[1] != 0) {
        decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    for (decoder_continue(d, 4, NULL); decoder_has_link(d, 4);) {
        const uint8_t *attribute = d->at;
        uint16_t length = read_le16(attribute);
        uint16_t type = read_le16(attribute + 2);
        if ((type & 0x7FFF) > 0xFF) {
            length = read_be16(attribute);
            type = read_be16(attribute + 2);
        }
        if (length < 4) {
            decoder_stop(d, SYNFIX_VERDICT_BAD_LINK);
            return;
        }
        if ((type & 0x7FFF) == NFLOG_PAYLOAD) {
            decoder_clip(d, length);
            if (ethertype != 0 && (family == FAMILY_BRIDGE || family == FAMILY_NETDEV)) {
                decoder_ethertype(d, 4, ethertype);
            } else {
                decoder_address_family(d, 4, family);
            }
            return;
        }
        const size_t padded = (length + 3u) & ~3u;
        if (!decoder_has_link(d, padded)) {
            return;
        }
        if ((type & 0x7FFF) == NFLOG_PACKET_HEADER && padded >= 8) {
            ethertype = read_be16(attribute + 4);
        }
        decoder_continue(d, padded, NULL);
    }
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
    } else if (decoder_has_link(d, length)) {
        decoder_continue(d, length, next);
    }
}
