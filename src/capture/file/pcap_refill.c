/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* After the whole records of the window: the rest of a record, another file, or zeros. */
#include "capture/file/pcap.h"
#include <string.h>

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

synfix_status_t pcap_format_refill(pcap_format_t *format, uint64_t need, synfix_error_t *error)
{
    const unsigned long long packet = format->number + 1;
    if (need == 0) {
        return empty_or_next_file(format, error);
    }
    if (is_pcapng_section(format)) {
        format->pcapng = true;
        format->section_changed = true;
        return SYNFIX_AGAIN;
    }
    if (need > INPUT_RECORD_MAX) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: packet %llu: impossible length %llu; the packets before it were processed",
                           format->input.name, packet, (unsigned long long)(need - format->record_header));
    }
    const synfix_status_t status = buffered_input_fill(&format->input, (size_t)need, error);
    return status == SYNFIX_TRUNCATED
               ? synfix_fail(error, status,
                             "%s: truncated in packet %llu; the packets before it were processed",
                             format->input.name, packet)
               : status;
}
