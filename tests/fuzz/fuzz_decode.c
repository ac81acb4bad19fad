/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* First byte: link type. Second byte: octets that the capture did not keep. The rest: the packet. */
#include "decode/walk.h"
#include "fuzz.h"

/* No IP is in the link types 243 to 251 themselves, so they stand for those that do not fit in a byte. */
static uint32_t link_type_of(uint8_t byte)
{
    static const uint32_t high[] = {258, 259, 274, 276, 281, 282, 284, 285, 65535};
    return byte >= 243 && byte <= 251 ? high[byte - 243] : byte;
}

static void check_headers(const synfix_packet_t *packet, const synfix_headers_t *h)
{
    FUZZ_CHECK(h->ip_version == 4 || h->ip_version == 6);
    FUZZ_CHECK(h->tcp_header_length >= 20 && h->tcp_header_length <= 60);
    FUZZ_CHECK(h->options_length == h->tcp_header_length - 20);
    FUZZ_CHECK(h->options_captured <= h->options_length);
    FUZZ_CHECK(h->options >= packet->data + 20);
    FUZZ_CHECK(h->options + h->options_captured <= packet->data + packet->captured_length);
    FUZZ_CHECK(h->ip_header_length == (h->ip_version == 4 ? 20 : 40) + h->ip_options_length);
    FUZZ_CHECK((uint64_t)h->ip_header_length + h->tcp_header_length + h->payload_length <=
               h->ip_total_length);
    FUZZ_CHECK(h->encapsulation.depth <= SYNFIX_NESTING_MAX);
    FUZZ_CHECK((h->encapsulation.outer_version == 0) || h->encapsulation.depth > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const synfix_packet_t packet = {.data = data + 2,
                                    .captured_length = (uint32_t)size - 2,
                                    .original_length = (uint32_t)size - 2 + data[1],
                                    .link_type = link_type_of(data[0])};
    synfix_headers_t headers;
    synfix_headers_t walked;

    memset(&headers, 0, sizeof headers);
    memset(&walked, 0, sizeof walked);
    const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
    FUZZ_CHECK((unsigned)verdict < SYNFIX_VERDICT_COUNT);
    FUZZ_CHECK(verdict == walk_packet(&packet, &walked)); /* the short cut is no other decoder */
    if (verdict <= SYNFIX_VERDICT_BAD_FLAGS) {
        check_headers(&packet, &headers);
        FUZZ_CHECK(memcmp(&headers, &walked, sizeof headers) == 0);
    }
    return 0;
}
