/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/pcap.h"
#include "base/clock.h"
#include <string.h>

/* The properties of all records of a file. A copy: the compiler keeps its members in registers. */
typedef struct record_form {
    uint32_t header;     /* bytes before each packet */
    uint32_t snaplen;    /* UINT32_MAX: no limit */
    int64_t fraction_ns; /* unit of the second half of a time */
    uint32_t link_type;
    bool swapped;
    bool old; /* the writer may have swapped the lengths */
} record_form_t;

/* The next record of the window, and the rest of the window. */
typedef struct record_position {
    const uint8_t *record;
    size_t left;     /* bytes from the record to the end of the window */
    size_t watch;    /* with fewer bytes left, further checks apply: most records need one comparison */
    uint64_t number; /* packets before the record */
    uint64_t need;   /* after the last whole record: length of the next one; 0: perhaps it is a file header */
} record_position_t;

typedef struct record_lengths {
    uint32_t captured;
    uint32_t original;
} record_lengths_t;

static inline size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static inline record_form_t form_of(const pcap_format_t *format, bool swapped)
{
    const pcap_interface_t *interface = format->interfaces;
    return (record_form_t){
        .header = format->record_header,
        .snaplen = interface->snaplen != 0 ? interface->snaplen : UINT32_MAX,
        .fraction_ns = format->nanoseconds ? 1 : 1000,
        .link_type = interface->link_type,
        .swapped = swapped,
        .old = format->lengths_swapped || format->lengths_maybe_swapped,
    };
}

static inline record_position_t position_of(const pcap_format_t *format, const record_form_t *form)
{
    const buffered_input_t *input = &format->input;
    return (record_position_t){
        .record = input->buffer + input->begin,
        .left = input_remaining_bytes(input),
        .watch = larger(input_fetch_begin(input), form->header),
        .number = format->number,
    };
}

/* Very old writers swapped the lengths, some of them only in records whose lengths show this. */
static inline void correct_lengths(const pcap_format_t *format, record_lengths_t *lengths)
{
    if (format->lengths_swapped || lengths->captured > lengths->original) {
        *lengths = (record_lengths_t){.captured = lengths->original, .original = lengths->captured};
    }
}

static inline void set_packet(synfix_packet_t *packet, const record_form_t *form, const uint8_t *record,
                              record_lengths_t lengths, uint64_t number)
{
    const uint32_t captured = lengths.captured < form->snaplen ? lengths.captured : form->snaplen;
    *packet = (synfix_packet_t){
        .data = record + form->header,
        .captured_length = captured,
        .original_length = lengths.original > captured ? lengths.original : captured,
        .time_ns = (int64_t)pcap_u32(record, form->swapped) * NS_PER_S +
                   (int64_t)pcap_u32(record + 4, form->swapped) * form->fraction_ns,
        .number = number,
        .link_type = form->link_type,
    };
}

/* Below at->watch bytes: whether the window has the header of a record. Fetches lines for later records. */
static inline bool watch_window(const pcap_format_t *format, const record_form_t *form, record_position_t *at)
{
    if (at->left < form->header) {
        at->need = form->header;
        return false;
    }
    at->watch = larger(input_fetch(&format->input, at->left, at->watch), form->header);
    return true;
}

/* Whether a record without bytes may be the header of another file, or zeros. */
static inline bool may_begin_file(const pcap_format_t *format, record_lengths_t lengths, bool first)
{
    return lengths.original == 0 && (!format->accept_empty || !first);
}

/*
 * Reads the record at @p at into @p packet and moves to the next one. @p first: of the window. False: the
 * window does not contain the record, or it may begin another file; at->need is set.
 */
static inline __attribute__((always_inline)) bool read_record(const pcap_format_t *format,
                                                              const record_form_t *form,
                                                              record_position_t *at, synfix_packet_t *packet,
                                                              bool first)
{
    if (__builtin_expect(at->left < at->watch, 0) && !watch_window(format, form, at)) {
        return false;
    }
    record_lengths_t lengths = {.captured = pcap_u32(at->record + 8, form->swapped),
                                .original = pcap_u32(at->record + 12, form->swapped)};
    if (__builtin_expect(form->old, 0)) {
        correct_lengths(format, &lengths);
    }
    if (__builtin_expect(lengths.captured == 0, 0) && may_begin_file(format, lengths, first)) {
        return false;
    }
    const uint64_t whole = (uint64_t)form->header + lengths.captured;
    if (at->left < whole) {
        at->need = whole;
        return false;
    }
    set_packet(packet, form, at->record, lengths, ++at->number);
    at->record += whole;
    at->left -= (size_t)whole; /* not more than the captured bytes */
    return true;
}

/*
 * Reads the whole records at the start of the window, @p capacity at most, and returns their number; if it is
 * 0, @p need is that of record_position_t. @p swapped is a constant in each copy of this loop: a variable
 * would cost a large file about a third more instructions.
 */
static inline __attribute__((always_inline)) size_t
read_records(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, uint64_t *need, bool swapped)
{
    buffered_input_t *input = &format->input;
    const record_form_t form = form_of(format, swapped);
    record_position_t at = position_of(format, &form);
    synfix_packet_t *packet = packets;
    const synfix_packet_t *const end = packets + capacity;
    while (packet != end && read_record(format, &form, &at, packet, packet == packets)) {
        packet++;
    }
    format->number = at.number;
    input->begin = input->end - at.left;
    *need = at.need;
    return (size_t)(packet - packets);
}

static size_t read_window(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, uint64_t *need)
{
    return format->swapped ? read_records(format, packets, capacity, need, true)
                           : read_records(format, packets, capacity, need, false);
}

static synfix_status_t classic_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity,
                                    size_t *count, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    while (status == SYNFIX_OK) {
        uint64_t need; /* a length in the file has 32 bits; the sum must not wrap where size_t has 32 */
        *count = read_window(format, packets, capacity, &need);
        if (*count > 0) {
            format->accept_empty = false;
            return SYNFIX_OK;
        }
        status = pcap_format_refill(format, need, error);
    }
    return status;
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
