/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "bench_input.h"
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/decode.h>

void bench_fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void append(buffered_input_t *input, const uint8_t *data, uint32_t captured, uint32_t original,
                   int64_t time_ns)
{
    if (input->length + captured > input->capacity) {
        input->capacity = (input->capacity + captured) * 2;
        input->bytes = realloc(input->bytes, input->capacity);
    }
    if ((input->count & (input->count - 1)) == 0) {
        input->packets = realloc(input->packets, (input->count * 2 + 1) * sizeof *input->packets);
    }
    if (input->bytes == NULL || input->packets == NULL) {
        bench_fail("out of memory");
    }
    memcpy(input->bytes + input->length, data, captured);
    input->packets[input->count] = (synfix_packet_t){.captured_length = captured,
                                                     .original_length = original,
                                                     .time_ns = time_ns,
                                                     .number = input->count + 1,
                                                     .link_type = input->link_type};
    input->count++;
    input->length += captured;
}

/* The buffer moved while it grew, so the packets learn only now where their bytes are. */
static void settle(buffered_input_t *input)
{
    size_t at = 0;
    for (size_t i = 0; i < input->count; i++) {
        input->packets[i].data = input->bytes + at;
        at += input->packets[i].captured_length;
    }
}

void input_read(buffered_input_t *input, const char *path)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (pcap == NULL) {
        bench_fail(reason);
    }
    input->link_type = (uint32_t)pcap_datalink(pcap);
    if (input->link_type == DLT_RAW) {
        input->link_type = 101; /* the number in files differs */
    }
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        append(input, data, header->caplen, header->len,
               header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec);
    }
    pcap_close(pcap);
    settle(input);
}

void input_make(buffered_input_t *input, size_t count)
{
    uint8_t frame[60] = {0x45, 0, 0, 60, 0, 1, 0x40, 0, 60, 6};
    static const uint8_t tcp[40] = {[12] = 0xA0, 2, 0xFA, 0xF0, [20] = 2, 4, 5, 0xB4,
                                    4,           2, 8,    10,   [36] = 1, 3, 3, 7};
    memcpy(frame + 20, tcp, sizeof tcp);
    input->link_type = 101;
    for (size_t i = 0; i < count; i++) {
        const uint32_t value = (uint32_t)i * 2654435761u;
        memcpy(frame + 12, &value, 4);
        memcpy(frame + 24, &value, 4);
        memcpy(frame + 48, &value, 4);
        append(input, frame, sizeof frame, sizeof frame, (int64_t)i * 1000);
    }
    settle(input);
}

void input_make_distinct(buffered_input_t *input)
{
    for (size_t i = 0; i < input->count; i++) {
        synfix_headers_t headers;
        if (synfix_decode(&input->packets[i], &headers) > SYNFIX_VERDICT_SYN_ACK) {
            continue;
        }
        uint8_t *tcp = input->bytes + (headers.options - 20 - input->bytes);
        const uint32_t value = (uint32_t)i * 2654435761u;
        memcpy(tcp + 14, &value, 2);
        if (headers.options_length >= 4 && headers.options[0] == 2) {
            memcpy(tcp + 22, (const uint8_t *)&value + 2, 2);
        }
    }
}

void input_free(buffered_input_t *input)
{
    free(input->packets);
    free(input->bytes);
}
