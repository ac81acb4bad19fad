/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/pcapng_blocks.h"

#define BLOCK_HEADER     8u
#define BLOCK_LENGTH_MIN 12u

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
    return pcapng_fail(format, "a section header without its magic number", error);
}

/* Whether the block at @p block is the header of a pcap file. Types of blocks are small numbers. */
static bool begins_pcap(uint32_t type, const uint8_t *block)
{
    return __builtin_expect((type & 0xFF000000u) != 0, 0) && pcap_format_is_magic(block);
}

/*
 * Reads the type of the block at the start of the window, and the byte order if it is a section header.
 * SYNFIX_AGAIN: the block is incomplete, and @p need is the minimum of its size; or 0: perhaps the header of
 * a pcap file.
 */
static synfix_status_t read_type(pcap_format_t *format, pcapng_body_t *body, size_t *need,
                                 synfix_error_t *error)
{
    const uint8_t *block = format->input.buffer + format->input.begin;
    *need = BLOCK_LENGTH_MIN;
    if (input_remaining_bytes(&format->input) < *need) {
        return SYNFIX_AGAIN;
    }
    body->type = pcap_format_u32(format, block);
    if (body->type == PCAPNG_SECTION) {
        return section_order(format, block, error);
    }
    if (begins_pcap(body->type, block)) {
        *need = 0;
        return SYNFIX_AGAIN;
    }
    return SYNFIX_OK;
}

/* Reads the block at the start of the window. SYNFIX_AGAIN: as read_type; @p need may be its size. */
static synfix_status_t next_block(pcap_format_t *format, pcapng_body_t *body, size_t *need,
                                  synfix_error_t *error)
{
    buffered_input_t *input = &format->input;
    const uint8_t *block = input->buffer + input->begin;
    const synfix_status_t status = read_type(format, body, need, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const uint32_t length = pcap_format_u32(format, block + 4);
    if (length < BLOCK_LENGTH_MIN || length > INPUT_RECORD_MAX - 4) {
        return pcapng_fail(format, "a block of impossible length", error);
    }
    *need = (length + 3u) & ~3u;
    if (input_remaining_bytes(input) < *need) {
        return SYNFIX_AGAIN;
    }
    if (pcap_format_u32(format, block + *need - 4) != length) {
        return pcapng_fail(format, "a block whose two lengths differ", error);
    }
    body->at = block + BLOCK_HEADER;
    body->length = (uint32_t)*need - BLOCK_LENGTH_MIN;
    input->begin += *need;
    return SYNFIX_OK;
}

/* Reads the whole blocks of the window, until there are @p capacity packets. SYNFIX_AGAIN: as next_block. */
static synfix_status_t read_window(pcap_format_t *format, synfix_packet_t *packets, size_t capacity,
                                   size_t *count, size_t *need, synfix_error_t *error)
{
    size_t fetch_at = input_fetch_begin(&format->input);
    synfix_status_t status = SYNFIX_OK;
    while (*count < capacity && status == SYNFIX_OK) {
        pcapng_body_t body = {0};
        status = next_block(format, &body, need, error);
        if (status == SYNFIX_OK) {
            fetch_at = input_fetch(&format->input, input_remaining_bytes(&format->input), fetch_at);
            status = pcapng_read_block(format, &body, packets, count, error);
        }
    }
    return status;
}

static synfix_status_t next_file(pcap_format_t *format, synfix_error_t *error)
{
    const synfix_status_t status = pcap_format_next_file(format, error);
    if (status == SYNFIX_INVALID && !format->section_changed) {
        return pcapng_fail(format, "a block of an unknown type", error);
    }
    return status == SYNFIX_OK ? SYNFIX_AGAIN : status;
}

/* Provides the @p need bytes of the next block. */
static synfix_status_t provide_block(pcap_format_t *format, size_t need, synfix_error_t *error)
{
    const synfix_status_t status = buffered_input_fill(&format->input, need, error);
    return status == SYNFIX_TRUNCATED ? synfix_fail(error, status, "%s: truncated after packet %llu",
                                                    format->input.name, (unsigned long long)format->number)
                                      : status;
}

synfix_status_t pcapng_read(pcap_format_t *format, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    *count = 0;
    while (status == SYNFIX_OK) {
        size_t need = 0;
        status = read_window(format, packets, capacity, count, &need, error);
        if (status < 0 || *count > 0) {
            return status == SYNFIX_AGAIN ? SYNFIX_OK : status;
        }
        status = need == 0 ? next_file(format, error) : provide_block(format, need, error);
    }
    return status;
}
