/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pcap.h
 * Readers of pcap and pcapng over a buffered input. libpcap is not used for files: it refuses pcapng files
 * whose interfaces differ in link type, reads no compressed files, and costs about three times as much for
 * each packet (docs/explanation/performance.md).
 */
#ifndef CAPTURE_FILE_PCAP_H
#define CAPTURE_FILE_PCAP_H

#include "capture/file/buffered_input.h"
#include <synfix/packet.h>

/** Maximum number of interfaces in one pcapng file, over all sections. */
#define PCAP_INTERFACES_MAX    65536u
#define PCAP_RECORD_HEADER_MAX 24u

#define PCAPNG_SECTION    0x0A0D0D0Au /* first word of a pcapng file, the same in both byte orders */
#define PCAPNG_BYTE_ORDER 0x1A2B3C4Du /* third word of a pcapng file, in the byte order of the file */

/** The last second whose time fits in nanoseconds of 64 bits: in 2262. */
#define PCAP_TIME_MAX_NS (INT64_MAX / 1000000000 * 1000000000)

typedef struct pcap_interface {
    uint32_t link_type;
    uint32_t snaplen; /* 0: no limit */
    uint8_t exponent; /* of the time unit: 10^-n or 2^-n seconds */
    bool binary;
    bool far; /* offset_s in nanoseconds does not fit into 64 bits */
    int64_t offset_s;
    int64_t offset_ns; /* offset_s in nanoseconds; 0 if far */
} pcap_interface_t;

typedef struct pcap_format {
    buffered_input_t input;
    bool pcapng;
    bool swapped;
    bool nanoseconds;
    bool lengths_swapped;       /* lengths are always swapped (very old writers) */
    bool lengths_maybe_swapped; /* lengths are swapped in records whose lengths show this */
    uint32_t record_header;     /* bytes before each packet of a pcap file, PCAP_RECORD_HEADER_MAX at most */
    uint64_t number;            /* packets read so far */
    uint64_t times_limited;     /* of these, packets whose time was before 1970 or after PCAP_TIME_MAX_NS */
    uint64_t times_missing;     /* of these, packets without a time */
    pcap_interface_t *interfaces;
    uint32_t interface_count;
    uint32_t interface_room;
    uint32_t section_first; /* index of the section's first interface */
    bool section_changed;   /* another file header was read: the other reader may be the right one */
    bool accept_empty;      /* the record of length 0 that follows is not a file header */
} pcap_format_t;

/* pcap_header.c: the start of a file; pcap.c, pcap_refill.c, pcapng.c: packets */

/** Reads the file header. SYNFIX_AGAIN: a pipe has not delivered the header yet; call again. */
synfix_status_t pcap_format_begin(pcap_format_t *format, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Like synfix_source_t.read. */
synfix_status_t pcap_format_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity,
                                 size_t *count, synfix_error_t *error) SYNFIX_MUST_CHECK;
void pcap_format_free(pcap_format_t *format);

/**
 * Reads the file header of another pcap file, which follows the last packet as after `cat a.pcap b.pcap`, and
 * sets section_changed. SYNFIX_INVALID: no file header follows; nothing changed, and no error is set.
 */
synfix_status_t pcap_format_next_file(pcap_format_t *format, synfix_error_t *error) SYNFIX_MUST_CHECK;
/**
 * Continues a pcap file when the next record is not whole. @p need: bytes of this record; 0: it has no bytes.
 * SYNFIX_AGAIN with section_changed: another file follows, as after pcap_format_next_file.
 */
synfix_status_t pcap_format_refill(pcap_format_t *format, uint64_t need,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Whether the four bytes at @p start are the first ones of a pcap file, in one of the two byte orders. */
bool pcap_format_is_magic(const uint8_t *start);

/** Reads packets of a pcapng file, whose blocks begin at the position of the input (pcapng.c). */
synfix_status_t pcapng_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds an interface. Link types with two numbers in files are mapped to one number. */
synfix_status_t pcap_format_add_interface(pcap_format_t *format, const pcap_interface_t *interface,
                                          synfix_error_t *error) SYNFIX_MUST_CHECK;

/** A number of the file; @p swapped: not in the byte order of this machine. */
static inline uint32_t pcap_u32(const uint8_t *at, bool swapped)
{
    uint32_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return swapped ? __builtin_bswap32(value) : value;
}

static inline uint32_t pcap_format_u32(const pcap_format_t *format, const uint8_t *at)
{
    return pcap_u32(at, format->swapped);
}

static inline uint16_t pcap_format_u16(const pcap_format_t *format, const uint8_t *at)
{
    uint16_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return format->swapped ? __builtin_bswap16(value) : value;
}

#endif
