/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/wide_product.h"
#include "capture/file/pcap.h"

/* draft-ietf-opsawg-pcapng */
enum {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_PACKET = 6,
    BLOCK_SECTION = PCAPNG_SECTION,
};
#define BLOCK_HEADER       8u
#define BLOCK_LENGTH_MIN   12u
#define OPTION_RESOLUTION  9u
#define OPTION_TIME_OFFSET 14u

typedef struct body {
    const uint8_t *at;
    uint32_t length; /* without block header and trailer */
    uint32_t type;
} body_t;

static synfix_status_t broken(const pcap_format_t *format, const char *what, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_INVALID, "%s: after packet %llu: %s", format->input.name,
                       (unsigned long long)format->number, what);
}

static synfix_status_t take_section(pcap_format_t *format, const body_t *body, synfix_error_t *error)
{
    if (body->length < 16 || pcap_format_u16(format, body->at + 4) != 1) {
        return broken(format, "a section header of an unknown version", error);
    }
    format->section_first = format->interface_count;
    return SYNFIX_OK;
}

static void read_options(const pcap_format_t *format, const uint8_t *at, uint32_t left,
                         pcap_interface_t *interface)
{
    while (left >= 4) {
        const uint16_t code = pcap_format_u16(format, at);
        const uint16_t length = pcap_format_u16(format, at + 2);
        const uint32_t padded = (length + 3u) & ~3u;
        if (code == 0 || padded > left - 4) {
            return;
        }
        if (code == OPTION_RESOLUTION && length == 1) {
            interface->binary = (at[4] & 0x80) != 0;
            interface->exponent = at[4] & 0x7F;
        }
        if (code == OPTION_TIME_OFFSET && length == 8) {
            const uint32_t first = pcap_format_u32(format, at + 4);
            const uint32_t second = pcap_format_u32(format, at + 8);
            interface->offset_s = (int64_t)(format->swapped == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
                                                ? (uint64_t)first << 32 | second
                                                : (uint64_t)second << 32 | first);
        }
        at += 4 + padded;
        left -= 4 + padded;
    }
}

static synfix_status_t take_interface(pcap_format_t *format, const body_t *body, synfix_error_t *error)
{
    if (body->length < 8) {
        return broken(format, "an interface block that is too short", error);
    }
    pcap_interface_t interface = {.link_type = pcap_format_u16(format, body->at),
                                  .snaplen = pcap_format_u32(format, body->at + 4),
                                  .exponent = 6};
    read_options(format, body->at + 8, body->length - 8, &interface);
    const uint32_t most = interface.binary ? 63 : 19;
    if (interface.exponent > most) {
        return broken(format, "a time resolution that no clock has", error);
    }
    return pcap_format_add_interface(format, &interface, error);
}

/* Unsigned arithmetic: an impossible time yields a wrong value instead of undefined behaviour. */
static int64_t to_ns(const pcap_interface_t *interface, uint64_t ticks)
{
    static const uint64_t powers[] = {1u,       10u,       100u,       1000u,       10000u,      100000u,
                                      1000000u, 10000000u, 100000000u, 1000000000u, 10000000000u};
    const uint64_t base = (uint64_t)interface->offset_s * 1000000000u;
    if (interface->binary) {
        const uint64_t whole = interface->exponent == 0 ? ticks : ticks >> interface->exponent;
        const uint64_t part = ticks & ((UINT64_C(1) << interface->exponent) - 1);
        return (int64_t)(base + whole * 1000000000u +
                         multiply_shift_64(part, 1000000000u, interface->exponent));
    }
    return (int64_t)(base + (interface->exponent <= 9 ? ticks * powers[9 - interface->exponent]
                                                      : ticks / powers[interface->exponent - 9]));
}

static synfix_status_t take_packet(pcap_format_t *format, const body_t *body, synfix_packet_t *packet,
                                   synfix_error_t *error)
{
    const uint8_t *at = body->at;
    const uint32_t fixed = body->type == BLOCK_SIMPLE_PACKET ? 4 : 20;
    if (body->length < fixed) {
        return broken(format, "a packet block that is too short", error);
    }
    uint32_t local = 0;
    if (body->type == BLOCK_PACKET) {
        local = pcap_format_u32(format, at);
    } else if (body->type == BLOCK_OLD_PACKET) {
        local = pcap_format_u16(format, at);
    }
    if (local >= format->interface_count - format->section_first) {
        return broken(format, "a packet of an interface that was not described", error);
    }
    const pcap_interface_t *interface = &format->interfaces[format->section_first + local];
    uint32_t captured;
    uint32_t original;
    if (body->type == BLOCK_SIMPLE_PACKET) {
        original = pcap_format_u32(format, at);
        captured = original < body->length - fixed ? original : body->length - fixed;
        packet->time_ns = 0;
    } else {
        captured = pcap_format_u32(format, at + 12);
        original = pcap_format_u32(format, at + 16);
        packet->time_ns = to_ns(interface, (uint64_t)pcap_format_u32(format, at + 4) << 32 |
                                               pcap_format_u32(format, at + 8));
    }
    if (captured > body->length - fixed) {
        return broken(format, "a packet longer than its block", error);
    }
    packet->data = at + fixed;
    if (interface->snaplen != 0 && captured > interface->snaplen) {
        captured = interface->snaplen;
    }
    packet->captured_length = captured;
    packet->original_length = original > captured ? original : captured;
    packet->number = ++format->number;
    packet->link_type = interface->link_type;
    packet->interface_id = format->section_first + local;
    packet->user = NULL;
    return SYNFIX_OK;
}

/* The section header states the byte order of its own length. */
static synfix_status_t section_order(pcap_format_t *format, const uint8_t *block, synfix_error_t *error)
{
    format->swapped = false;
    if (pcap_format_u32(format, block + 8) == PCAPNG_BYTE_ORDER) {
        return SYNFIX_OK;
    }
    format->swapped = true;
    if (pcap_format_u32(format, block + 8) == PCAPNG_BYTE_ORDER) {
        return SYNFIX_OK;
    }
    return broken(format, "a section header without its magic number", error);
}

/* SYNFIX_AGAIN: the block is incomplete, and *need is its size; or 0: perhaps the header of a pcap file. */
static synfix_status_t next_block(pcap_format_t *format, body_t *body, size_t *need, synfix_error_t *error)
{
    buffered_input_t *input = &format->input;
    const uint8_t *block = input->buffer + input->begin;
    *need = BLOCK_LENGTH_MIN;
    if (input_remaining_bytes(input) < *need) {
        return SYNFIX_AGAIN;
    }
    body->type = pcap_format_u32(format, block);
    if (body->type == BLOCK_SECTION) {
        const synfix_status_t status = section_order(format, block, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    if (__builtin_expect((body->type & 0xFF000000u) != 0, 0) && pcap_format_is_magic(body->type)) {
        *need = 0;
        return SYNFIX_AGAIN;
    }
    const uint32_t length = pcap_format_u32(format, block + 4);
    if (length < BLOCK_LENGTH_MIN || length > INPUT_RECORD_MAX - 4) {
        return broken(format, "a block of impossible length", error);
    }
    *need = (length + 3u) & ~3u;
    if (input_remaining_bytes(input) < *need) {
        return SYNFIX_AGAIN;
    }
    if (pcap_format_u32(format, block + *need - 4) != length) {
        return broken(format, "a block whose two lengths differ", error);
    }
    body->at = block + BLOCK_HEADER;
    body->length = (uint32_t)*need - BLOCK_LENGTH_MIN;
    input->begin += *need;
    return SYNFIX_OK;
}

static synfix_status_t use_block(pcap_format_t *format, const body_t *body, synfix_packet_t *packets,
                                 size_t *count, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    switch (body->type) {
    case BLOCK_SECTION:
        return take_section(format, body, error);
    case BLOCK_INTERFACE:
        return take_interface(format, body, error);
    case BLOCK_PACKET:
    case BLOCK_OLD_PACKET:
    case BLOCK_SIMPLE_PACKET:
        status = take_packet(format, body, &packets[*count], error);
        *count += status == SYNFIX_OK;
        return status;
    default:
        return SYNFIX_OK; /* statistics, names, secrets */
    }
}

synfix_status_t pcapng_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error)
{
    *count = 0;
    for (;;) {
        body_t body = {0};
        size_t need = 0;
        size_t fetch_at = input_fetch_begin(&format->input);
        synfix_status_t status = SYNFIX_OK;
        while (*count < capacity && status == SYNFIX_OK) {
            status = next_block(format, &body, &need, error);
            if (status == SYNFIX_OK) {
                fetch_at = input_fetch(&format->input, input_remaining_bytes(&format->input), fetch_at);
                status = use_block(format, &body, packets, count, error);
            }
        }
        if (status < 0 || *count > 0) {
            return status == SYNFIX_AGAIN ? SYNFIX_OK : status;
        }
        if (need == 0) {
            status = pcap_format_next_file(format, error);
            if (status == SYNFIX_INVALID && !format->section_changed) {
                return broken(format, "a block of an unknown type", error);
            }
            return status == SYNFIX_OK ? SYNFIX_AGAIN : status;
        }
        status = buffered_input_fill(&format->input, need, error);
        if (status == SYNFIX_TRUNCATED) {
            return synfix_fail(error, status, "%s: truncated after packet %llu", format->input.name,
                               (unsigned long long)format->number);
        }
        if (status != SYNFIX_OK) {
            return status;
        }
    }
}
