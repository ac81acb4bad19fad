/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_filter.h
 * The filters of the commands about hosts, on records: time, source address, label. Records of other
 * exporters are filtered as far as they have the elements.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_FILTER_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_FILTER_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include "hosts/host_filter.h"
#include <synfix/observation.h>

typedef struct record_filter record_filter_t;

typedef struct record_filter_stats {
    uint64_t without_element;       /* skipped: the record lacks an element that a filter needs */
    char element[READER_NAME_SIZE]; /* of the first one */
} record_filter_stats_t;

/** @p filter outlives it; `changed` and `shared` are ignored, because records do not contain them. Never
 * NULL.
 */
record_filter_t *record_filter_new(const host_filter_t *filter);
void record_filter_free(record_filter_t *filter);

/** For ipfix_decoder_events_t.layout. */
void record_filter_layout(record_filter_t *filter, const ipfix_decoder_template_t *layout);

/** Some filter is set: otherwise each record passes. */
bool record_filter_is_set(const record_filter_t *filter);

/** Options records pass always; rows of the label table are kept for records without label texts. */
bool record_filter_pass(record_filter_t *filter, const ipfix_decoder_record_t *record);

/** Time of the record in nanoseconds since 1970. False: it has no time. */
bool record_filter_time(record_filter_t *filter, const ipfix_decoder_record_t *record, int64_t *time_ns);

/** Copies the counters since the start. */
void record_filter_get_stats(const record_filter_t *filter, record_filter_stats_t *stats);

#endif
