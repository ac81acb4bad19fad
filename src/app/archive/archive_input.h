/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_input.h
 * Reads IPFIX files and directories message by message. Skips files and messages outside a time range: files
 * by their names, messages by their export time.
 */
#ifndef APP_ARCHIVE_ARCHIVE_INPUT_H
#define APP_ARCHIVE_ARCHIVE_INPUT_H

#include "app/archive/archive_problems.h"
#include "app/common/same_files.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/record_observation/record_filter.h"
#include <glib.h>

typedef struct archive_input {
    const ipfix_model_t *model;
    ipfix_decoder_events_t events; /* a failing record ends the run without a further message */
    bool (*turn)(void *user); /* between two messages; false ends the run. May be NULL. Same user as events */
    bool follow;              /* wait for more at the end of the last input */
    bool captures;            /* the caller has read the captures of a directory itself */
    bool progress;            /* one line on standard error shows the progress */
    /* Time range: files and messages outside of the range are skipped. NULL: none. The caller filters the
     * records. */
    const host_filter_t *times;
    same_files_t *same; /* inputs so far, to report a file that is read twice. NULL: no report */

    /* results */
    bool failed;  /* some input was not complete; it was reported */
    bool denied;  /* the first incomplete input was denied by the operating system */
    bool stopped; /* by turn or by a failing record */
    uint64_t messages;
    uint64_t records;            /* data records decoded */
    archive_problems_t problems; /* files, messages and records that were not read, by reason */

    /* state */
    bool directory; /* the followed input is a directory: its newer files are read too */
    int64_t shown_us;
} archive_input_t;

/** Reads @p paths (files, directories, `-`) in their order. */
void archive_input_run(archive_input_t *input, char *const *paths);

/** Returns the exit code of a run: 0, 1 or 4. */
int archive_input_exit(const archive_input_t *input);

/** Prints a line to standard error if no record passed the filters: an empty output does not show its reason.
 */
void archive_input_note_empty(const archive_input_t *input, uint64_t passed);

/**
 * Reads the date of a file name (UTC), such as `2026-11-29T10` or `20261129-1030`: the name was made between
 * @p first_ns and @p span_ns later. False: the name has no date.
 */
bool archive_name_time(const char *path, int64_t *first_ns, int64_t *span_ns);

#endif
