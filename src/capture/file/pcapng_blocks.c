/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/pcapng_blocks.h"
#include "base/clock.h"
#include "base/wide_product.h"

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_PACKET = 6,
};
#define OPTION_END         0u
#define OPTION_RESOLUTION  9u
#define OPTION_TIME_OFFSET 14u

/* Sizes of the fields before the packet. */
#define SIMPLE_FIELDS 4u
#define PACKET_FIELDS 20u

synfix_status_t pcapng_fail(const pcap_format_t *format, const char *what, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_INVALID, "%s: after packet %llu: %s", format->input.name,
                       (unsigned long long)format->number, what);
}

static synfix_status_t read_section(pcap_format_t *format, const pcapng_body_t *body, synfix_error_t *error)
{
    if (body->length < 16 || pcap_format_u16(format, body->at + 4) != 1) {
        return pcapng_fail(format, "a section header of an unknown version", error);
    }
    format->section_first = format->interface_count;
    return SYNFIX_OK;
}

/* A number of 64 bits in the byte order of the section. */
static uint64_t read_u64(const pcap_format_t *format, const uint8_t *at)
{
    const uint64_t first = pcap_format_u32(format, at);
    const uint64_t second = pcap_format_u32(format, at + 4);
    const bool big_endian = format->swapped == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    return big_endian ? first << 32 | second : second << 32 | first;
}

static void set_offset(pcap_interface_t *interface, int64_t seconds)
{
    interface->offset_s = seconds;
    interface->far = __builtin_mul_overflow(seconds, NS_PER_S, &interface->offset_ns);
    if (interface->far) {
        interface->offset_ns = 0;
    }
}

static void read_option(const pcap_format_t *format, uint16_t code, uint16_t length, const uint8_t *value,
                        pcap_interface_t *interface)
{
    if (code == OPTION_RESOLUTION && length == 1) {
        interface->binary = (value[0] & 0x80) != 0;
        interface->exponent = value[0] & 0x7F;
    }
    if (code == OPTION_TIME_OFFSET && length == 8) {
        set_offset(interface, (int64_t)read_u64(format, value));
    }
}

/* The options at @p at, in @p left bytes: code, length, value with padding to four bytes. */
static void read_options(const pcap_format_t *format, const uint8_t *at, uint32_t left,
                         pcap_interface_t *interface)
{
    while (left >= 4) {
        const uint16_t code = pcap_format_u16(format, at);
        const uint16_t length = pcap_format_u16(format, at + 2);
        const uint32_t padded = (length + 3u) & ~3u;
        if (code == OPTION_END || padded > left - 4) {
            return;
        }
        read_option(format, code, length, at + 4, interface);
        at += 4 + padded;
        left -= 4 + padded;
    }
}

static synfix_status_t read_interface(pcap_format_t *format, const pcapng_body_t *body, synfix_error_t *error)
{
    if (body->length < 8) {
        return pcapng_fail(format, "an interface block that is too short", error);
    }
    pcap_interface_t interface = {.link_type = pcap_format_u16(format, body->at),
                                  .snaplen = pcap_format_u32(format, body->at + 4),
                                  .exponent = 6};
    read_options(format, body->at + 8, body->length - 8, &interface);
    const uint32_t most = interface.binary ? 63 : 19;
    if (interface.exponent > most) {
        return pcapng_fail(format, "a time resolution that no clock has", error);
    }
    return pcap_format_add_interface(format, &interface, error);
}

static const uint64_t powers[] = {1u,
                                  10u,
                                  100u,
                                  1000u,
                                  10000u,
                                  100000u,
                                  1000000u,
                                  10000000u,
                                  100000000u,
                                  1000000000u,
                                  10000000000u,
                                  100000000000u,
                                  1000000000000u,
                                  10000000000000u,
                                  100000000000000u,
                                  1000000000000000u,
                                  10000000000000000u,
                                  100000000000000000u,
                                  1000000000000000000u,
                                  10000000000000000000u};

/* A product that does not fit becomes UINT64_MAX. */
static uint64_t multiply_limited(uint64_t units, uint64_t ns)
{
    uint64_t product;
    return !__builtin_mul_overflow(units, ns, &product) ? product : UINT64_MAX;
}

/* Time units of 2^-n seconds. The product of a fraction and a billion may need more than 64 bits. */
static uint64_t binary_to_ns(uint8_t exponent, uint64_t ticks)
{
    const uint64_t whole = ticks >> exponent;
    const uint64_t part = ticks & ((UINT64_C(1) << exponent) - 1);
    const uint64_t whole_ns = multiply_limited(whole, NS_PER_S);
    const uint64_t part_ns = multiply_shift_64(part, NS_PER_S, exponent);
    return whole_ns > UINT64_MAX - part_ns ? UINT64_MAX : whole_ns + part_ns;
}

/* Time units of 10^-n seconds. */
static uint64_t decimal_to_ns(uint8_t exponent, uint64_t ticks)
{
    return exponent <= 9 ? multiply_limited(ticks, powers[9 - exponent]) : ticks / powers[exponent - 9];
}

/* Adds seconds and nanoseconds separately: offset and time units may each exceed 64 bits of nanoseconds while
 * their sum does not. */
static int64_t far_to_ns(const pcap_interface_t *interface, uint64_t ticks, uint64_t *limited)
{
    const uint8_t exponent = interface->exponent;
    const uint64_t second = interface->binary ? UINT64_C(1) << exponent : powers[exponent];
    const uint64_t part = ticks % second;
    const uint64_t part_ns =
        interface->binary ? multiply_shift_64(part, NS_PER_S, exponent) : decimal_to_ns(exponent, part);
    int64_t seconds;
    if (__builtin_add_overflow(interface->offset_s, ticks / second, &seconds) ||
        seconds >= PCAP_TIME_MAX_NS / NS_PER_S) {
        ++*limited;
        return PCAP_TIME_MAX_NS;
    }
    *limited += seconds < 0;
    return seconds < 0 ? 0 : seconds * NS_PER_S + (int64_t)part_ns;
}

/* Replaces and counts a time before 1970 or after PCAP_TIME_MAX_NS by the nearest limit: the difference of
 * two times then fits into 64 bits, and IPFIX can state each time. */
static int64_t to_ns(const pcap_interface_t *interface, uint64_t ticks, uint64_t *limited)
{
    const uint64_t since_offset = interface->binary ? binary_to_ns(interface->exponent, ticks)
                                                    : decimal_to_ns(interface->exponent, ticks);
    int64_t ns;
    if (interface->far || __builtin_add_overflow(interface->offset_ns, since_offset, &ns) ||
        ns > PCAP_TIME_MAX_NS) {
        return far_to_ns(interface, ticks, limited);
    }
    *limited += ns < 0;
    return ns < 0 ? 0 : ns;
}

/* Index of the interface in its section: a simple packet belongs to the first one. */
static uint32_t interface_of(const pcap_format_t *format, const pcapng_body_t *body)
{
    switch (body->type) {
    case BLOCK_PACKET:
        return pcap_format_u32(format, body->at);
    case BLOCK_OLD_PACKET:
        return pcap_format_u16(format, body->at);
    default:
        return 0;
    }
}

/* Sets time and lengths. A simple packet has no time and no captured length. */
static void read_fields(pcap_format_t *format, const pcap_interface_t *interface, const pcapng_body_t *body,
                        synfix_packet_t *packet)
{
    const uint8_t *at = body->at;
    if (body->type == BLOCK_SIMPLE_PACKET) {
        const uint32_t room = body->length - SIMPLE_FIELDS;
        packet->time_ns = 0;
        format->times_missing++;
        packet->original_length = pcap_format_u32(format, at);
        packet->captured_length = packet->original_length < room ? packet->original_length : room;
    } else {
        packet->time_ns = to_ns(
            interface, (uint64_t)pcap_format_u32(format, at + 4) << 32 | pcap_format_u32(format, at + 8),
            &format->times_limited);
        packet->captured_length = pcap_format_u32(format, at + 12);
        packet->original_length = pcap_format_u32(format, at + 16);
    }
}

/* Some writers store more bytes than their snapshot length, or an original length that is too small. */
static void correct_lengths(const pcap_interface_t *interface, synfix_packet_t *packet)
{
    if (interface->snaplen != 0 && packet->captured_length > interface->snaplen) {
        packet->captured_length = interface->snaplen;
    }
    if (packet->original_length < packet->captured_length) {
        packet->original_length = packet->captured_length;
    }
}

static synfix_status_t read_packet(pcap_format_t *format, const pcapng_body_t *body, synfix_packet_t *packet,
                                   synfix_error_t *error)
{
    const uint32_t fields = body->type == BLOCK_SIMPLE_PACKET ? SIMPLE_FIELDS : PACKET_FIELDS;
    if (body->length < fields) {
        return pcapng_fail(format, "a packet block that is too short", error);
    }
    const uint32_t local = interface_of(format, body);
    if (local >= format->interface_count - format->section_first) {
        return pcapng_fail(format, "a packet of an interface that was not described", error);
    }
    packet->interface_id = format->section_first + local;
    const pcap_interface_t *interface = &format->interfaces[packet->interface_id];
    read_fields(format, interface, body, packet);
    if (packet->captured_length > body->length - fields) {
        return pcapng_fail(format, "a packet longer than its block", error);
    }
    correct_lengths(interface, packet);
    packet->data = body->at + fields;
    packet->number = ++format->number;
    packet->link_type = interface->link_type;
    packet->user = NULL;
    return SYNFIX_OK;
}

synfix_status_t pcapng_read_block(pcap_format_t *format, const pcapng_body_t *body, synfix_packet_t *packets,
                                  size_t *count, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    switch (body->type) {
    case PCAPNG_SECTION:
        return read_section(format, body, error);
    case BLOCK_INTERFACE:
        return read_interface(format, body, error);
    case BLOCK_PACKET:
    case BLOCK_OLD_PACKET:
    case BLOCK_SIMPLE_PACKET:
        status = read_packet(format, body, &packets[*count], error);
        *count += status == SYNFIX_OK;
        return status;
    default:
        return SYNFIX_OK; /* statistics, names, secrets */
    }
}
