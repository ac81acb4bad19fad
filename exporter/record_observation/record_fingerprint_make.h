/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_fingerprint_make.h
 * A fingerprint from the values of one record.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_FINGERPRINT_MAKE_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_FINGERPRINT_MAKE_H

#include "exporter/record_observation/record_fingerprints.h"

/**
 * Fills all of @p made, which is zeroes, but slot and stamp. SYNFIX_INVALID when the signature is malformed,
 * SYNFIX_NOT_FOUND when the label table lacks the label, SYNFIX_NO_MEMORY when there are more labels than the
 * limit.
 */
synfix_status_t record_fingerprint_make(record_labels_t *labels, const record_table_t *table,
                                        const record_values_t *values,
                                        record_fingerprint_t *made) SYNFIX_MUST_CHECK;

#endif
