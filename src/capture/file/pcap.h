/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pcap.h
 * Readers of the two capture formats over an input, compressed or not.
 */
#ifndef CAPTURE_FILE_PCAP_H
#define CAPTURE_FILE_PCAP_H

#include "capture/file/buffered_input.h"
#include <synfix/packet.h>

/** Interfaces of one pcapng file, all sections together; more are refused. */
#define FORMAT_INTERFACES_MAX 65536u

typedef struct format_interface {
    uint32_t link_type;
    uint32_t snaplen; /* 0: no limit */
    uint8_t exponent; /* of the time unit: 10^-n or 2^-n seconds */
    bool binary;
    int64_t offset_s;
} format_interface_t;

typedef struct format {
    buffered_input_t input;
    bool pcapng;
    bool swapped;
    bool nanoseconds;
    bool lengths_swapped;       /* always (very old writers) */
    bool lengths_maybe_swapped; /* where the lengths say so */
    uint32_t record_header;     /* bytes before each packet of a classic file */
    uint64_t number;            /* packets so far */
    format_interface_t *interfaces;
    uint32_t interface_count;
    uint32_t interface_room;
    uint32_t section_first; /* index of the section's first interface */
} pcap_format_t;

/** Reads the file's header. SYNFIX_AGAIN: a pipe has not given it yet, call again. */
synfix_status_t format_begin(pcap_format_t *format, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** As synfix_source_t.read. */
synfix_status_t format_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;
void format_free(pcap_format_t *format);

/* pcapng.c */
synfix_status_t pcapng_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** One interface more; link types that files give two numbers are made one. */
synfix_status_t format_add_interface(pcap_format_t *format, const format_interface_t *interface,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

static inline uint32_t format_u32(const pcap_format_t *format, const uint8_t *at)
{
    uint32_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return format->swapped ? __builtin_bswap32(value) : value;
}

static inline uint16_t format_u16(const pcap_format_t *format, const uint8_t *at)
{
    uint16_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return format->swapped ? __builtin_bswap16(value) : value;
}

#endif
