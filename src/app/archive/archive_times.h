/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_times.h
 * Which files and messages a time range passes over: those of a live capture, whose names and export times
 * follow the times of the packets. One for each file.
 */
#ifndef APP_ARCHIVE_ARCHIVE_TIMES_H
#define APP_ARCHIVE_ARCHIVE_TIMES_H

#include "exporter/record_observation/record_filter.h"

typedef struct archive_times {
    const host_filter_t *range;
    record_filter_t *filter; /* reads the time of the first record; NULL without a time range */
    bool timed;              /* the first record was seen */
    bool live;               /* exported while its packets came */
} archive_times_t;

/** @p range may be NULL: nothing is skipped. archive_times_clear the result. */
archive_times_t archive_times_new(const host_filter_t *range);
void archive_times_clear(archive_times_t *times);

/** For each template and each record of the file. */
void archive_times_layout(archive_times_t *times, const ipfix_decoder_template_t *layout);
void archive_times_record(archive_times_t *times, const ipfix_decoder_record_t *record);

/** Whether archive_times_record has nothing to look for in further records. */
static inline bool archive_times_need_no(const archive_times_t *times)
{
    return times->filter == NULL || times->timed;
}

/** Whether the data of a message exported at @p export_time (seconds since 1970) is outside the range. */
bool archive_times_skip_message(const archive_times_t *times, uint32_t export_time);

/**
 * Whether the whole file @p path is outside the range by its name: it was begun at the date of its name, and
 * ended when the next one was begun, at @p next_ns at the latest; 0: unknown.
 */
bool archive_times_skip_file(const archive_times_t *times, const char *path, int64_t next_ns);

#endif
