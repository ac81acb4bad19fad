/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First 24 bytes: the fixed headers. The rest: TCP options. The text form of each signature parses
 * to the same value.
 */
#include "base/byte_order.h"
#include "fuzz.h"
#include <stdio.h>
#include <synfix/signature.h>

#define FIXED 24u

static synfix_headers_t headers_of(const uint8_t *data, const uint8_t *options, size_t length)
{
    const bool ipv6 = (data[0] & 1) != 0;
    synfix_headers_t headers = {
        .ip_version = ipv6 ? 6 : 4,
        .ttl = data[1],
        .traffic_class = data[2],
        .ip_flags = ipv6 ? 0 : data[3] & 7u,
        .ip_options_length = ipv6 ? (uint16_t)(data[4] * 8u) : (uint16_t)((data[4] & 0xF) % 11 * 4u),
        .fragment_id = read_be16(data + 5),
        .flow_label = ipv6 ? read_be32(data + 7) & 0xFFFFFu : 0,
        .sequence = read_be32(data + 11),
        .acknowledgement = read_be32(data + 15),
        .tcp_flags = (uint16_t)((read_be16(data + 18) & 0x1F8u) | SYNFIX_TCP_SYN),
        .window = read_be16(data + 20),
        .urgent_pointer = data[22],
        .payload_length = data[23] & 1u,
        .tcp_header_length = (uint16_t)(20 + length),
        .options = options,
        .options_length = (uint8_t)length,
        .options_captured = (uint8_t)length,
    };
    headers.ip_header_length = (uint16_t)((ipv6 ? 40 : 20) + headers.ip_options_length);
    headers.ip_total_length = headers.ip_header_length + headers.tcp_header_length + headers.payload_length;
    return headers;
}

static void check_options(const synfix_tcp_options_t *options, size_t length)
{
    FUZZ_CHECK(options->layout_count <= SYNFIX_OPTION_LAYOUT_MAX);
    FUZZ_CHECK(options->layout_count <= length);
    FUZZ_CHECK(options->eol_padding <= length);
    for (size_t i = options->layout_count; i < SYNFIX_OPTION_LAYOUT_MAX; i++) {
        FUZZ_CHECK(options->layout[i] == 0);
    }
    FUZZ_CHECK(options->has_mss || options->mss == 0);
    FUZZ_CHECK(options->has_window_scale || options->window_scale == 0);
    FUZZ_CHECK(options->has_timestamps || (options->timestamp_value == 0 && options->timestamp_echo == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < FIXED || size > FIXED + 40) {
        return 0;
    }
    const size_t length = (size - FIXED) & ~(size_t)3;
    uint8_t *exact = malloc(length > 0 ? length : 1); /* so that a read past the end is seen */
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, data + FIXED, length);

    synfix_tcp_options_t options;
    synfix_tcp_options_read(exact, length, &options);
    check_options(&options, length);

    const synfix_headers_t headers = headers_of(data, exact, length);
    const bool answer = (headers.tcp_flags & SYNFIX_TCP_ACK) != 0;
    synfix_signature_t signature;
    synfix_signature_t back;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    char again[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_signature_extract(&headers, &options, answer ? read_be16(data + 13) : 0, &signature);
    const size_t text_length = synfix_signature_format(&signature, text);
    FUZZ_CHECK(text_length < sizeof text && text_length == strlen(text));
    FUZZ_CHECK(synfix_signature_parse(text, text_length, &back, NULL) == SYNFIX_OK);
    synfix_signature_format(&back, again);
    FUZZ_CHECK(strcmp(text, again) == 0);
    if (signature.window_kind != SYNFIX_WINDOW_PLAIN) {
        back.window = signature.window;
    }
    FUZZ_CHECK(memcmp(&signature, &back, sizeof back) == 0);
    free(exact);
    return 0;
}
