/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* First byte: link type. Second byte: bytes that the capture did not keep. The rest: the packet. */
#include "capture/bpf/socket_filter.h"
#include "decode/decoder.h"
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

/* Sets of tags and tunnels to accept; the second byte of an input chooses one. */
static const synfix_encapsulations_t sets[] = {
    SYNFIX_ENCAPSULATIONS_ALL,
    1,
    UINT64_C(0x5555555555555555),
    UINT64_C(0xAAAAAAAAAAAAAAAA),
    ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_QINQ),
    SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_VLAN) |
        SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_VXLAN),
    ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_6IN4),
    ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_GRE),
};

#define SETS (sizeof sets / sizeof *sets)

/* Link types that interfaces have. */
static const struct {
    uint32_t link_type;
    int dlt;
} links[] = {{1, DLT_EN10MB}, {101, DLT_RAW}, {113, DLT_LINUX_SLL}, {276, DLT_LINUX_SLL2}};

#define LINKS (sizeof links / sizeof *links)

static const struct bpf_program *program_of(size_t link, size_t set)
{
    static struct bpf_program programs[LINKS][SETS];
    struct bpf_program *program = &programs[link][set];
    if (program->bf_len > 0) {
        return program;
    }
    const socket_filter_t filter = {
        .analysis = LIVE_SYN, .encapsulations = sets[set], .max_ip_headers = MAX_IP_HEADERS};
    pcap_t *dead = pcap_open_dead(links[link].dlt, 262144);
    FUZZ_CHECK(dead != NULL && socket_filter_build(&filter, dead, program, NULL) == SYNFIX_OK);
    pcap_close(dead);
    return program;
}

/* The kernel filter passes each packet that is observed. */
static void check_filter(const synfix_packet_t *packet, size_t set)
{
    synfix_headers_t headers;
    const synfix_verdict_t verdict = synfix_decode_wanted(packet, &headers, sets[set]);
    for (size_t i = 0; i < LINKS && verdict <= SYNFIX_VERDICT_SYN_ACK; i++) {
        FUZZ_CHECK(links[i].link_type != packet->link_type ||
                   bpf_filter(program_of(i, set)->bf_insns, packet->data, packet->original_length,
                              packet->captured_length) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const synfix_packet_t packet = {.data = data + 2,
                                    .captured_length = (uint32_t)size - 2,
                                    .original_length = (uint32_t)size - 2 + data[1],
                                    .link_type = link_type_of(data[0])};
    synfix_headers_t headers;
    synfix_headers_t general;

    memset(&headers, 0, sizeof headers);
    memset(&general, 0, sizeof general);
    const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
    FUZZ_CHECK((unsigned)verdict < SYNFIX_VERDICT_COUNT);
    FUZZ_CHECK(verdict == decoder_decode(&packet, &general,
                                         SYNFIX_ENCAPSULATIONS_ALL)); /* the short cut is no other decoder */
    check_filter(&packet, 0);
    check_filter(&packet, data[1] % SETS);
    if (verdict <= SYNFIX_VERDICT_BAD_FLAGS) {
        check_headers(&packet, &headers);
        FUZZ_CHECK(memcmp(&headers, &general, sizeof headers) == 0);
    }
    return 0;
}
