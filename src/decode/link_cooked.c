/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pseudo link layers: what systems put before a packet that has no link header of its own. */
#include "decode/link_steps.h"

static uint16_t read_le16(const uint8_t *at)
{
    return __builtin_bswap16(read_be16(at));
}

/* AF_INET is 2 everywhere, AF_INET6 is not. */
void walk_address_family(walk_t *w, size_t length, uint32_t family)
{
    switch (family) {
    case 2:
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD, BSD/OS */
    case 26: /* Solaris */
    case 28: /* FreeBSD */
    case 30: /* Darwin */
        walk_go(w, length, step_ip);
        break;
    default:
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    }
}

/* The family in the byte order of the capturing machine; a few writers put an ethertype there. */
void step_null(walk_t *w)
{
    if (!walk_has_link(w, 4)) {
        return;
    }
    uint32_t family = read_be32(w->at);
    if (family > 0xFFFF) {
        family = __builtin_bswap32(family);
    }
    if (family == 0x0800 || family == 0x86DD) {
        walk_go(w, 4, step_ip);
    } else {
        walk_address_family(w, 4, family);
    }
}

/* Network byte order by definition; the other one has been seen, and cannot be mistaken. */
void step_loop(walk_t *w)
{
    step_null(w);
}

/* Linux: protocols below 1536 are no ethertypes; 4 is 802.2, 1 is IPX on raw 802.3. */
static void go_linux_protocol(walk_t *w, size_t length, uint16_t protocol)
{
    if (protocol == 4) {
        walk_go(w, length, step_llc);
    } else if (protocol < 0x600) {
        walk_stop(w, SYNFIX_VERDICT_NOT_IP);
    } else {
        walk_ethertype(w, length, protocol);
    }
}

void step_linux_sll(walk_t *w)
{
    if (walk_has_link(w, 16)) {
        go_linux_protocol(w, 16, read_be16(w->at + 14));
    }
}

void step_linux_sll2(walk_t *w)
{
    if (walk_has_link(w, 20)) {
        go_linux_protocol(w, 20, read_be16(w->at));
    }
}

/* BSD's IPsec interface: family in host order, SPI, flags of what was done to the packet (already undone). */
void step_enc(walk_t *w)
{
    if (!walk_has_link(w, 12)) {
        return;
    }
    const uint32_t family = read_be32(w->at);
    walk_address_family(w, 12, family > 0xFFFF ? read_le32(w->at) : family);
}

/* Length of the header without its padding to 4 (FreeBSD counts less of it than OpenBSD), then the family. */
void step_pflog(walk_t *w)
{
    if (!walk_has_link(w, 2)) {
        return;
    }
    const size_t length = (w->at[0] + 3u) & ~3u;
    if (length < 4) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    const uint8_t family = w->at[1];
    if (walk_has_link(w, length)) {
        walk_address_family(w, length, family);
    }
}

/* Family, version, resource; then attributes in the byte order of the machine, one of them the packet. A
 * bridge's packets are identified by the EtherType in another one. */
void step_nflog(walk_t *w)
{
    enum { NFLOG_PACKET_HEADER = 1, NFLOG_PAYLOAD = 9, FAMILY_NETDEV = 5, FAMILY_BRIDGE = 7 };
    uint16_t ethertype = 0;

    if (!walk_has_link(w, 4)) {
        return;
    }
    const uint8_t family = w->at[0];
    if (w->at[1] != 0) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
        return;
    }
    for (walk_go(w, 4, NULL); walk_has_link(w, 4);) {
        const uint8_t *attribute = w->at;
        uint16_t length = read_le16(attribute);
        uint16_t type = read_le16(attribute + 2);
        if ((type & 0x7FFF) > 0xFF) {
            length = read_be16(attribute);
            type = read_be16(attribute + 2);
        }
        if (length < 4) {
            walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
            return;
        }
        if ((type & 0x7FFF) == NFLOG_PAYLOAD) {
            walk_clip(w, length);
            if (ethertype != 0 && (family == FAMILY_BRIDGE || family == FAMILY_NETDEV)) {
                walk_ethertype(w, 4, ethertype);
            } else {
                walk_address_family(w, 4, family);
            }
            return;
        }
        const size_t padded = (length + 3u) & ~3u;
        if (!walk_has_link(w, padded)) {
            return;
        }
        if ((type & 0x7FFF) == NFLOG_PACKET_HEADER && padded >= 8) {
            ethertype = read_be16(attribute + 4);
        }
        walk_go(w, padded, NULL);
    }
}

/* Solaris: version, family, ... in all 24 bytes. */
void step_ipnet(walk_t *w)
{
    if (walk_has_link(w, 24)) {
        walk_address_family(w, 24, w->at[1]);
    }
}

/* Darwin: length of the header, record type, link type of what follows; little endian. */
void step_pktap(walk_t *w)
{
    if (!walk_has_link(w, 12)) {
        return;
    }
    const uint32_t length = read_le32(w->at);
    walk_step_t *next = link_type_step(read_le32(w->at + 8));

    if (length < 12) {
        walk_stop(w, SYNFIX_VERDICT_BAD_LINK);
    } else if (next == NULL) {
        walk_stop(w, SYNFIX_VERDICT_UNKNOWN_LINK);
    } else if (walk_has_link(w, length)) {
        walk_go(w, length, next);
    }
}
