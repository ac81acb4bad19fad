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

/** Elements that records of @p table lack for an observation, by extent and shape. */
void record_missing_find(record_table_t *table);

/** Nanoseconds since 1970: milliseconds are exact for all years, the finer elements give the rest. */
int64_t record_time(const record_values_t *values, const record_set_t *has);

/** All but the encapsulation and the flags of the observation. @p signature is NULL for an uptime. The TCP
 * options themselves are not in records: options_length is 0. */
void record_headers_fill(synfix_headers_t *headers, const record_values_t *values, const record_set_t *has,
                         const synfix_signature_t *signature);
void record_encapsulation_fill(synfix_encapsulation_t *encapsulation, const record_values_t *values);
/** The details, after the encapsulation. */
void record_details_fill(synfix_headers_t *headers, const record_values_t *values, const record_set_t *has);

#endif
