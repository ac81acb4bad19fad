/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spool_index.h
 * The file NAME.sums next to each file NAME.ipfix of a spool: offset, length and checksum of each message, so
 * that damage costs the messages that it hits and no other. An entry is written before its message.
 *
 * An entry has 32 bytes, numbers in network order: offset of the message (8), records in the messages before
 * it (8), length (4), records (4), CRC-32 of the message (4), CRC-32 of these 28 bytes (4).
 */
#ifndef EXPORTER_TRANSPORT_SPOOL_INDEX_H
#define EXPORTER_TRANSPORT_SPOOL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define SPOOL_ENTRY_SIZE 32u

typedef struct spool_entry {
    uint64_t offset;
    uint64_t before; /* records */
    uint32_t length;
    uint32_t records;
    uint32_t sum;
} spool_entry_t;

/** Loads the library of spool_sum(), once, before its first call. SYNFIX_UNSUPPORTED: it is missing. */
synfix_status_t spool_sum_load(synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Checksum of the bytes of a message, which shows damage. */
uint32_t spool_sum(const uint8_t *data, size_t length);
/** Writes the entry as it stands in a file, with its own checksum. */
void spool_entry_write(const spool_entry_t *entry, uint8_t bytes[SPOOL_ENTRY_SIZE]);
/** False: damaged. */
bool spool_entry_read(const uint8_t bytes[SPOOL_ENTRY_SIZE], spool_entry_t *entry);

#endif
