/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_headers.h
 * Headers and time of a record's packet, and the elements that a record must have.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_HEADERS_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_HEADERS_H

#include "exporter/record_observation/record_observation.h"
#include "exporter/record_observation/record_values.h"
#include <synfix/headers.h>
#include <synfix/signature.h>

/** Elements that a record must have, by its kind; below RECORD_SHAPES. */
static inline unsigned record_shape(uint8_t kind)
{
    return kind < SYNFIX_OBSERVATION_UPTIME ? 0 : (unsigned)kind - SYNFIX_OBSERVATION_UPTIME + 1;
}

/** Sets the members of @p table that follow from its elements. */
void record_table_complete(record_table_t *table);

/** Nanoseconds since 1970: milliseconds are exact for all years, the finer elements give the rest. */
int64_t record_time(const record_values_t *values, const record_table_t *table);

/** Fills @p headers, which is zeroes at first, from the record that @p values holds by @p table. @p signature
 * is NULL for an uptime. The TCP options themselves are not in records: options_length is 0. */
void record_headers_fill(synfix_headers_t *headers, const record_values_t *values,
                         const record_table_t *table, const synfix_signature_t *signature);

/** Fills the tunnel and the details of @p headers. */
void record_encapsulation_fill(synfix_headers_t *headers, const record_values_t *values,
                               const record_table_t *table);

/** Slots with a range narrower than their type that record_direct_begin checks. */
#define RECORD_RANGES                                                                                        \
    (RECORD_BIT(RECORD_KIND) | RECORD_BIT(RECORD_START_MS) | RECORD_BIT(RECORD_TIME_MS) |                    \
     RECORD_BIT(RECORD_OCTETS) | RECORD_BIT(RECORD_MPLS_DEPTH))

/** Values of a packet's record other than headers and fingerprint. */
typedef struct record_direct {
    int64_t time_ns;
    uint64_t flow_id;
    uint32_t interface_id;
    uint32_t flags;
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
    uint8_t kind;
} record_direct_t;

/**
 * Sets kind and flags from the record at @p start without record_values_read. False: the table is not direct,
 * the record does not describe a packet, or a value is out of its range; record_values_read() reads the
 * record.
 */
bool record_direct_begin(const record_table_t *table, const uint8_t *start, record_direct_t *direct);

/** Sets the other members and @p headers, from a record that record_direct_begin accepted. */
void record_direct_fill(const record_table_t *table, const uint8_t *start,
                        const synfix_signature_t *signature, synfix_headers_t *headers,
                        record_direct_t *direct);

#endif
