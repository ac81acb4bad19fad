/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/decoder.h"
#include "decode/ethertypes.h"
#include "decode/ip_protocols.h"
#include "decode/plain_frame.h"

/* Fast path: Ethernet, then IPv6 without extension headers, then TCP, with at least the fixed headers
 * captured. plain_frame.h has the one of IPv4. All other packets, including malformed ones, use the general
 * parser in decoder.c. */
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
    *verdict = set_tcp_fields(headers, ip + FILL_IPV6_MIN, inside, payload);
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
    const uint8_t *ip = plain_ipv4(packet, PLAIN_LINK_TYPE);

    if (__builtin_expect(ip != NULL, 1)) {
        return plain_read_headers(headers, ip, captured - PLAIN_LINK_LENGTH);
    }
    if (packet->link_type == PLAIN_LINK_TYPE && captured >= PLAIN_CAPTURE_MIN &&
        read_be16(packet->data + 12) == ETHERTYPE_IPV6) {
        synfix_verdict_t verdict;
        if (fast_path_ipv6(packet->data + PLAIN_LINK_LENGTH, captured - PLAIN_LINK_LENGTH, headers,
                           &verdict)) {
            return verdict;
        }
    }
    return decoder_decode(packet, headers, wanted);
}
