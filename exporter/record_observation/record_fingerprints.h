/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_fingerprints.h
 * Fingerprints of records, made once for each content: parsing a signature for every record would take most
 * of the time. (slot, stamp) of a fingerprint keep the promise of observation.h within one collection.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_FINGERPRINTS_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_FINGERPRINTS_H

#include "exporter/record_observation/record_labels.h"
#include "exporter/record_observation/record_values.h"
#include <synfix/observation.h>

typedef struct record_fingerprints record_fingerprints_t;

/** The fields that follow from the signature alone. */
typedef struct record_fingerprint {
    synfix_fingerprint_t fingerprint;
    synfix_tcp_options_t options; /* without timestamp values */
    bool stamps; /* the layout has timestamps; cut off when options.has_timestamps is false */
} record_fingerprint_t;

/** @p labels outlives the collection. Never NULL. */
record_fingerprints_t *record_fingerprints_new(record_labels_t *labels);
void record_fingerprints_free(record_fingerprints_t *all);

/**
 * The fingerprint of @p record, whose own values @p values holds by @p table. Valid until the next call.
 * SYNFIX_INVALID when the signature is malformed, SYNFIX_NOT_FOUND when the label table lacks the label,
 * SYNFIX_NO_MEMORY when there are more labels than the limit, SYNFIX_UNSUPPORTED when the value of @p field
 * is out of the range of its element.
 */
synfix_status_t record_fingerprints_get(record_fingerprints_t *all, const record_table_t *table,
                                        const ipfix_decoder_record_t *record, record_values_t *values,
                                        const record_fingerprint_t **found,
                                        uint16_t *field) SYNFIX_MUST_CHECK;

/**
 * The fingerprint that record_fingerprints_get made of the same content before, for a record at @p start with
 * @p available readable bytes, whose values were not looked for, and its element observationFlags as @p
 * flags. Sets @p length to that of the record. NULL: none now. Valid until the next call of
 * record_fingerprints_get.
 */
const record_fingerprint_t *record_fingerprints_find(const record_fingerprints_t *all,
                                                     const record_table_t *table, const uint8_t *start,
                                                     size_t available, uint32_t flags, size_t *length);

#endif
