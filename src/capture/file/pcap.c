/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/pcap.h"
#include "base/clock.h"
#include <string.h>

/* Corrects the lengths that very old writers exchanged. */
static inline void correct_lengths(const pcap_format_t *format, uint32_t *captured, uint32_t *original)
{
    if (format->lengths_swapped || (format->lengths_maybe_swapped && *captured > *original)) {
        const uint32_t kept = *captured;
        *captured = *original;
        *original = kept;
    }
}

static inline uint32_t record_u32(const uint8_t *at, bool swapped)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return swapped ? __builtin_bswap32(value) : value;
}

static inline int64_t record_time_ns(const uint8_t *record, bool swapped, int64_t fraction_ns)
{
    return (int64_t)record_u32(record, swapped) * NS_PER_S +
           (int64_t)record_u32(record + 4, swapped) * fraction_ns;
}

static inline size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/*
 * Reads the whole records at the begin of the window, @p capacity at most. Returns their number; with fewer
 * than @p capacity, @p need is the length of the record that is not whole. @p swapped is a constant in each
 * copy of this loop, which costs a large file a third of its instructions otherwise.
 */
static inline __attribute__((always_inline)) size_t
take_records(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, uint64_t *need, bool swapped)
{
    buffered_input_t *input = &format->input;
    const pcap_interface_t *interface = format->interfaces;
    const uint32_t header = format->record_header;
    const uint32_t snaplen = interface->snaplen != 0 ? interface->snaplen : UINT32_MAX;
    const int64_t fraction_ns = format->nanoseconds ? 1 : 1000;
    const uint32_t link_type = interface->link_type;
    const uint64_t number = format->number;
    const bool old = format->lengths_swapped || format->lengths_maybe_swapped;
    const uint8_t *record = input->buffer + input->begin;
    size_t left = input_remaining_bytes(input);
    /* Remaining bytes below which there is more to do than to read a record: one comparison for most. */
    size_t watch = larger(input_fetch_begin(input), header);
    size_t count = 0;
    for (; count < capacity; count++) {
        if (__builtin_expect(left < watch, 0)) {
            if (left < header) {
                *need = header;
                break;
            }
            watch = larger(input_fetch(input, left, watch), header);
        }
        uint32_t captured = record_u32(record + 8, swapped);
        uint32_t original = record_u32(record + 12, swapped);
        if (__builtin_expect(old, 0)) {
            correct_lengths(format, &captured, &original);
        }
        if (__builtin_expect(captured == 0, 0) && original == 0 && (!format->accept_empty || count > 0)) {
            *need = 0; /* perhaps the header of another file, or no packet at all */
            break;
        }
        const uint64_t whole = (uint64_t)header + captured;
        if (left < whole) {
            *need = whole;
            break;
        }
        captured = captured < snaplen ? captured : snaplen;
        packets[count] = (synfix_packet_t){
            .data = record + header,
            .captured_length = captured,
            .original_length = original > captured ? original : captured,
            .time_ns = record_time_ns(record, swapped, fraction_ns),
            .number = number + count + 1,
            .link_type = link_type,
        };
        record += whole;
        left -= (size_t)whole; /* no more than there is */
    }
    format->number += count;
    input->begin = input->end - left;
    return count;
}

static size_t take_classic(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, uint64_t *need)
{
    return format->swapped ? take_records(format, packets, capacity, need, true)
                           : take_records(format, packets, capacity, need, false);
}

/* A pcapng file follows: its section header, read as a record, has an impossible length. */
static bool is_pcapng_section(const pcap_format_t *format)
{
    const buffered_input_t *input = &format->input;
    const uint8_t *at = input->buffer + input->begin;
    uint32_t words[3];
    if (input_remaining_bytes(input) < sizeof words) {
        return false;
    }
    memcpy(words, at, sizeof words);
    return words[0] == PCAPNG_SECTION &&
           (words[2] == PCAPNG_BYTE_ORDER || words[2] == __builtin_bswap32(PCAPNG_BYTE_ORDER));
}

/* Whether the next header is of zeros, as at the end of a file that was open when the power failed: the
 * length of the file was on the disk already, its content was not. No packet is of length and time 0. */
static bool is_zero_fill(const pcap_format_t *format)
{
    static const uint8_t zeros[PCAP_RECORD_HEADER_MAX];
    return memcmp(format->input.buffer + format->input.begin, zeros, format->record_header) == 0;
}

/* A record of length 0 or the header of another file. */
static synfix_status_t empty_or_next_file(pcap_format_t *format, synfix_error_t *error)
{
    if (is_zero_fill(format)) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: packet %llu: zeros instead of a packet, as after a power failure; the packets "
            "before it were processed",
            format->input.name, (unsigned long long)format->number + 1);
    }
    const synfix_status_t status = pcap_format_next_file(format, error);
    if (status == SYNFIX_INVALID && !format->section_changed) {
        format->accept_empty = true;
        return SYNFIX_OK;
    }
    return status == SYNFIX_OK ? SYNFIX_AGAIN : status;
}

static synfix_status_t classic_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity,
                                    size_t *count, synfix_error_t *error)
{
    buffered_input_t *input = &format->input;
    uint64_t need = 0; /* a length in the file has 32 bits; the sum must not wrap where size_t has 32 */
    for (;;) {
        *count = take_classic(format, packets, capacity, &need);
        if (*count > 0) {
            format->accept_empty = false;
            return SYNFIX_OK;
        }
        if (need == 0) {
            const synfix_status_t next = empty_or_next_file(format, error);
            if (next != SYNFIX_OK) {
                return next;
            }
            continue;
        }
        if (is_pcapng_section(format)) {
            format->pcapng = true;
            format->section_changed = true;
            return SYNFIX_AGAIN;
        }
        if (need > INPUT_RECORD_MAX) {
            return synfix_fail(
                error, SYNFIX_INVALID,
                "%s: packet %llu: impossible length %llu; the packets before it were processed", input->name,
                (unsigned long long)format->number + 1, (unsigned long long)(need - format->record_header));
        }
        const synfix_status_t status = buffered_input_fill(input, (size_t)need, error);
        if (status == SYNFIX_TRUNCATED) {
            return synfix_fail(error, status,
                               "%s: truncated in packet %llu; the packets before it were processed",
                               input->name, (unsigned long long)format->number + 1);
        }
        if (status != SYNFIX_OK) {
            return status;
        }
    }
}

synfix_status_t pcap_format_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity,
                                 size_t *count, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    do {
        format->section_changed = false;
        status = format->pcapng ? pcapng_read(format, packets, capacity, count, error)
                                : classic_read(format, packets, capacity, count, error);
    } while (status == SYNFIX_AGAIN && format->section_changed);
    if (status < 0 && format->input.problem != NULL) {
        return synfix_fail(error, status, "%s: after packet %llu: %s", format->input.name,
                           (unsigned long long)format->number, format->input.problem);
    }
    return status;
}
