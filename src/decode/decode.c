/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/header_fields.h"
#include "decode/walk.h"

#define LINKTYPE_ETHERNET 1u
#define ETHERNET_LENGTH   14u
#define PROTOCOL_TCP      6u

/* Fast path: Ethernet, then IPv4 without options or fragments or IPv6 without extension headers, then TCP,
 * with at least the fixed headers captured. All other packets, including malformed ones, use the general
 * parser in walk.c. */
static inline bool fast_path_ipv4(const uint8_t *ip, size_t captured, synfix_headers_t *headers,
                                  synfix_verdict_t *verdict)
{
    const uint16_t total = read_be16(ip + 2);
    const uint16_t fragment = read_be16(ip + 6);

    if (ip[0] != 0x45 || ip[9] != PROTOCOL_TCP || total < FILL_IPV4_MIN + FILL_TCP_MIN ||
        (fragment & (FILL_IPV4_OFFSET | FILL_IPV4_MF)) != 0) {
        return false;
    }
    headers->encapsulation = (synfix_encapsulation_t){0};
    fill_ipv4(headers, ip, FILL_IPV4_MIN, total, captured);
    const size_t inside = captured < total ? captured : total;
    *verdict = fill_tcp(headers, ip + FILL_IPV4_MIN, inside - FILL_IPV4_MIN, total - FILL_IPV4_MIN);
    return true;
}

static inline bool fast_path_ipv6(const uint8_t *ip, size_t captured, synfix_headers_t *headers,
                                  synfix_verdict_t *verdict)
{
    const uint32_t payload = read_be16(ip + 4);

    if (captured < FILL_IPV6_MIN + FILL_TCP_MIN || ip[0] >> 4 != 6 || ip[6] != PROTOCOL_TCP ||
        payload < FILL_TCP_MIN) {
        return false;
    }
    headers->encapsulation = (synfix_encapsulation_t){0};
    fill_ipv6(headers, ip, FILL_IPV6_MIN + payload, captured);
    const size_t inside = captured - FILL_IPV6_MIN < payload ? captured - FILL_IPV6_MIN : payload;
    *verdict = fill_tcp(headers, ip + FILL_IPV6_MIN, inside, payload);
    return true;
}

synfix_verdict_t synfix_decode(const synfix_packet_t *packet, synfix_headers_t *headers)
{
    return synfix_decode_wanted(packet, headers, SYNFIX_ENCAPSULATIONS_ALL);
}

synfix_verdict_t synfix_decode_wanted(const synfix_packet_t *packet, synfix_headers_t *headers,
                                      synfix_encapsulations_t wanted)
{
    const uint32_t captured = packet->captured_length;

    if (__builtin_expect(packet->link_type == LINKTYPE_ETHERNET &&
                             captured >= ETHERNET_LENGTH + FILL_IPV4_MIN + FILL_TCP_MIN,
                         1)) {
        const uint8_t *ip = packet->data + ETHERNET_LENGTH;
        const uint16_t ethertype = read_be16(packet->data + 12);
        synfix_verdict_t verdict;
        if (ethertype == 0x0800 && fast_path_ipv4(ip, captured - ETHERNET_LENGTH, headers, &verdict)) {
            return verdict;
        }
        if (ethertype == 0x86DD && fast_path_ipv6(ip, captured - ETHERNET_LENGTH, headers, &verdict)) {
            return verdict;
        }
    }
    return walk_packet(packet, headers, wanted);
}
