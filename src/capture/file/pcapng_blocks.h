/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pcapng_blocks.h
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng) that describe interfaces or contain packets.
 */
#ifndef CAPTURE_FILE_PCAPNG_BLOCKS_H
#define CAPTURE_FILE_PCAPNG_BLOCKS_H

#include "capture/file/pcap.h"

/** A block without its header and trailer, which are the type and two copies of the length. */
typedef struct pcapng_body {
    const uint8_t *at;
    uint32_t length;
    uint32_t type;
} pcapng_body_t;

/**
 * Reads the block @p body, which is whole. A packet is stored at packets[@p count], and counted. Blocks of
 * other types are ignored. The byte order of the section is format->swapped.
 */
synfix_status_t pcapng_read_block(pcap_format_t *format, const pcapng_body_t *body, synfix_packet_t *packets,
                                  size_t *count, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Fails because of @p what, which follows the packets read so far. */
synfix_status_t pcapng_fail(const pcap_format_t *format, const char *what, synfix_error_t *error);

#endif
