/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_headers.h
 * Headers and time of a record's packet, and what a record has to have.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_HEADERS_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_HEADERS_H

#include "exporter/record_observation/record_observation.h"
#include "exporter/record_observation/record_values.h"
#include <synfix/headers.h>
#include <synfix/signature.h>

/** Which elements a record has to have, by its kind: below RECORD_SHAPES. */
static inline unsigned record_shape(uint8_t kind)
{
    return kind < SYNFIX_OBSERVATION_UPTIME ? 0 : (unsigned)kind - SYNFIX_OBSERVATION_UPTIME + 1;
}

/** Sets what of @p table follows from its elements. */
void record_table_complete(record_table_t *table);

/** Nanoseconds since 1970: milliseconds are exact for all years, the finer elements give the rest. */
int64_t record_time(const record_values_t *values, const record_table_t *table);

/** Fills @p headers, which is zeroes at first, from the record that @p values holds by @p table. @p signature
 * is NULL for an uptime. The TCP options themselves are not in records: options_length is 0. */
void record_headers_fill(synfix_headers_t *headers, const record_values_t *values,
                         const record_table_t *table, const synfix_signature_t *signature);

#endif
