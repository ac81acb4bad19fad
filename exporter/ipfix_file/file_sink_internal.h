/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_sink_internal.h
 * Shared by the parts of the sink `file`: file_sink.c (life of an instance), file_sink_options.c (options and
 * their check), file_sink_rotation.c (begin, end and rotation of the file), file_sink_write.c (blocks of
 * records) and file_sink_account.c (statistics and reports). Private to them. All functions run in the thread
 * of the sink; file_sink_stats() may run in any thread.
 */
#ifndef EXPORTER_IPFIX_FILE_FILE_SINK_INTERNAL_H
#define EXPORTER_IPFIX_FILE_FILE_SINK_INTERNAL_H

#include "exporter/ipfix/transport_session.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/posix/failure_note.h"
#include <stdatomic.h>

typedef struct file_sink {
    const synfix_module_context_t *context;
    ipfix_settings_t settings;
    ipfix_session_t *session;
    ipfix_file_t *archive;
    uint64_t rotate_size;
    int64_t rotate_time_ms;
    char *target;
    uint64_t keep_size;   /* 0: no limit */
    uint64_t repeat_size; /* 0: never */
    uint64_t repeated_at; /* size of the file when its templates were written */
    int64_t opened_ns;
    failure_note_t failure;
    bool recover;             /* unfinished files are completed */
    bool unfinished;          /* a failure may have left one */
    int64_t recovered_ns;     /* wall clock: when they were completed last */
    bool over;                /* failed: the sink writes nothing more */
    int64_t waiting_since_ns; /* wall clock */
    uint64_t refused;         /* records that the file did not accept */
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t pending;
    _Atomic uint64_t lost;
    _Atomic uint64_t bytes;
    _Atomic uint64_t errors;
} file_sink_t;

/** Options of the module, up to a member without a name. */
extern const synfix_option_t file_sink_options[];

/** Adds each mistake in @p options to @p mistakes. No file is opened. */
void file_sink_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** Adds @p message to the file, after a write of the waiting messages where there is no room. Errors as of
 * ipfix_file_append() and ipfix_file_flush(). */
synfix_status_t file_sink_append(file_sink_t *sink, const ipfix_file_message_t *message,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a message of the transport session, with templates or options records. @p user: a file_sink_t. Errors
 * as of file_sink_append(). */
synfix_status_t file_sink_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Opens a file and writes its templates. @p now_ns: wall clock, for the name and the messages. */
synfix_status_t file_sink_begin(file_sink_t *sink, int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the closing options records, ends the open file and removes the oldest files beyond keep-size. The
 * file ends even after an error. */
synfix_status_t file_sink_end(file_sink_t *sink, int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Ensures an open file that contains its templates: rotates where a rotation is due. After an error the file
 * that could not be begun is abandoned, and the next call tries again. */
synfix_status_t file_sink_ensure(file_sink_t *sink, int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** New files begin at a size or at multiples of a time. */
static inline bool file_sink_rotates(const file_sink_t *sink)
{
    return sink->rotate_size > 0 || sink->rotate_time_ms > 0;
}

/** Writes a block of records (synfix_sink_t). @p instance: a file_sink_t. */
synfix_status_t file_sink_write(void *instance, const synfix_block_t *block,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds @p by to a counter of the statistics. */
void file_sink_count(_Atomic uint64_t *counter, uint64_t by);

/** Statistics of the sink (synfix_sink_t). @p instance: a file_sink_t. */
void file_sink_stats(void *instance, synfix_sink_stats_t *stats);

/** Copies the counters of the file into the statistics; after every call that may change them. */
void file_sink_settle(file_sink_t *sink);

/** Settles, counts and logs the outcome of a call, and returns the status for the caller: a live capture
 * continues without the records; reading a file fails. @p error: the reason, unless @p status is SYNFIX_OK.
 */
synfix_status_t file_sink_conclude(file_sink_t *sink, synfix_status_t status,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Time of file_sink_complete() at the end of a run: the limit of one attempt a second does not apply. */
#define FILE_SINK_AT_END INT64_MIN

/** Completes the files that a failure left unfinished, at most once a second: a quota may refuse and permit
 * writes alternately, and the directory may be large. @p now_ns: wall clock, or FILE_SINK_AT_END. */
void file_sink_complete(file_sink_t *sink, int64_t now_ns);

#endif
