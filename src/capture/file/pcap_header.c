/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/other_formats.h"
#include "capture/file/pcap.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FILE_HEADER   24u
#define RECORD_HEADER 16u
/* libpcap modified by A. Kuznetzov: interface, protocol and kind follow the lengths */
#define MODIFIED_HEADER PCAP_RECORD_HEADER_MAX

typedef struct magic {
    uint32_t value;
    bool nanoseconds;
    uint32_t record_header;
} magic_t;

static const magic_t magics[] = {
    {0xA1B2C3D4, false, RECORD_HEADER},   {0xA1B23C4D, true, RECORD_HEADER},
    {0xA1B2CD34, false, MODIFIED_HEADER}, {0xA1B234CD, false, RECORD_HEADER},
    {0xA12B3C4D, false, RECORD_HEADER},
};

/* The entry of a file that begins with @p start, in one of the two byte orders; NULL: no pcap file. */
static const magic_t *magic_of(const uint8_t *start, bool *swapped)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (pcap_u32(start, false) == magics[i].value || pcap_u32(start, true) == magics[i].value) {
            *swapped = pcap_u32(start, false) != magics[i].value;
            return &magics[i];
        }
    }
    *swapped = false;
    return NULL;
}

synfix_status_t pcap_format_add_interface(pcap_format_t *format, const pcap_interface_t *interface,
                                          synfix_error_t *error)
{
    if (format->interface_count >= PCAP_INTERFACES_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: more than %u interfaces", format->input.name,
                           PCAP_INTERFACES_MAX);
    }
    if (format->interface_count == format->interface_room) {
        const uint32_t room = format->interface_room == 0 ? 4 : format->interface_room * 2;
        pcap_interface_t *more = realloc(format->interfaces, room * sizeof *more);
        if (more == NULL) {
            return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", format->input.name);
        }
        format->interfaces = more;
        format->interface_room = room;
    }
    pcap_interface_t *added = &format->interfaces[format->interface_count++];
    *added = *interface;
    if (added->link_type == 12 || added->link_type == 14) {
        added->link_type = 101; /* numbers that some systems use for raw IP */
    }
    return SYNFIX_OK;
}

static synfix_status_t begin_classic(pcap_format_t *format, const magic_t *magic, synfix_error_t *error)
{
    const synfix_status_t status = buffered_input_fill(&format->input, FILE_HEADER, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const uint8_t *header = format->input.buffer + format->input.begin;
    const uint16_t major = pcap_format_u16(format, header + 4);
    const uint16_t minor = pcap_format_u16(format, header + 6);
    const uint32_t snap = pcap_format_u32(format, header + 16);
    if (major < 2 || (major > 2 && major != 543)) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "%s: pcap version %u.%u is unknown; convert the file: editcap -F pcap FILE NEW",
                           format->input.name, major, minor);
    }
    format->nanoseconds = magic->nanoseconds;
    format->record_header = magic->record_header;
    format->lengths_swapped = (major == 2 && minor < 3) || major == 543;
    format->lengths_maybe_swapped = major == 2 && minor == 3;
    format->input.begin += FILE_HEADER;
    const pcap_interface_t only = {.link_type = pcap_format_u32(format, header + 20) & 0x03FFFFFFu,
                                   .snaplen = snap > INT_MAX ? 0 : snap};
    return pcap_format_add_interface(format, &only, error);
}

static const char *advice(const buffered_input_t *input)
{
    const uint8_t *start = input->buffer + input->begin;
    return decompress_kind_of(start) != NULL ? ", but compressed twice; decompress the file once"
                                             : other_format_advice(start, input_remaining_bytes(input));
}

/* Fills the first bytes, decompressed if the file is compressed. */
static synfix_status_t fill_start(pcap_format_t *format, synfix_error_t *error)
{
    buffered_input_t *input = &format->input;
    synfix_status_t status = buffered_input_fill(input, DECOMPRESS_MAGIC, error);
    if (status != SYNFIX_OK || input->decompressor != NULL) {
        return status;
    }
    const decompress_kind_t *kind = decompress_kind_of(input->buffer + input->begin);
    if (kind == NULL) {
        return SYNFIX_OK;
    }
    status = buffered_input_decompress(input, kind, error);
    return status == SYNFIX_OK ? buffered_input_fill(input, DECOMPRESS_MAGIC, error) : status;
}

static synfix_status_t begin(pcap_format_t *format, synfix_error_t *error)
{
    const synfix_status_t status = fill_start(format, error);
    if (status == SYNFIX_END) {
        return synfix_fail(error, SYNFIX_TRUNCATED, "%s: the file is empty; check the program that wrote it",
                           format->input.name);
    }
    if (status == SYNFIX_TRUNCATED) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: neither pcap nor pcapng; name a capture file",
                           format->input.name);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    const uint8_t *start = format->input.buffer + format->input.begin;
    if (pcap_format_u32(format, start) == PCAPNG_SECTION) {
        format->pcapng = true;
        return SYNFIX_OK;
    }
    const magic_t *magic = magic_of(start, &format->swapped);
    if (magic != NULL) {
        return begin_classic(format, magic, error);
    }
    const char *hint = advice(&format->input);
    return synfix_fail(error, SYNFIX_INVALID, "%s: neither pcap nor pcapng%s", format->input.name,
                       hint == NULL ? "; name a capture file" : hint);
}

bool pcap_format_is_magic(const uint8_t *start)
{
    bool swapped;
    return magic_of(start, &swapped) != NULL;
}

/* Version 2.x, no time zone, no accuracy: no packet record has these values. */
static bool is_file_header(const uint8_t *header)
{
    static const uint8_t zeros[8] = {0};
    const bool version = (header[4] == 2 && header[5] == 0 && header[7] == 0) ||
                         (header[4] == 0 && header[5] == 2 && header[6] == 0);
    return pcap_format_is_magic(header) && version && memcmp(header + 8, zeros, sizeof zeros) == 0;
}

synfix_status_t pcap_format_next_file(pcap_format_t *format, synfix_error_t *error)
{
    const synfix_status_t filled = buffered_input_fill(&format->input, FILE_HEADER, error);
    if (filled == SYNFIX_AGAIN || (filled < 0 && filled != SYNFIX_TRUNCATED)) {
        return filled;
    }
    const uint8_t *header = format->input.buffer + format->input.begin;
    if (filled != SYNFIX_OK || !is_file_header(header)) {
        return SYNFIX_INVALID;
    }
    format->pcapng = false;
    format->interface_count = format->section_first = 0;
    format->section_changed = true;
    return begin_classic(format, magic_of(header, &format->swapped), error);
}

synfix_status_t pcap_format_begin(pcap_format_t *format, synfix_error_t *error)
{
    const synfix_status_t status = begin(format, error);
    if (status < 0 && format->input.problem != NULL) {
        return synfix_fail(error, status, "%s: %s", format->input.name, format->input.problem);
    }
    if (status == SYNFIX_TRUNCATED && format->input.eof && input_remaining_bytes(&format->input) > 0) {
        return synfix_fail(error, SYNFIX_TRUNCATED,
                           "%s: truncated in the file header; copy the file again, or capture again",
                           format->input.name);
    }
    return status;
}

void pcap_format_free(pcap_format_t *format)
{
    free(format->interfaces);
    format->interfaces = NULL;
    buffered_input_close(&format->input);
}
