/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file log.h
 * Messages on standard error, with a priority when the journal reads standard error. At most LOG_BURST
 * messages in LOG_PERIOD_MS; further ones are counted, and their number is logged after that time, or at the
 * end. Any thread.
 */
#ifndef APP_COMMON_LOG_H
#define APP_COMMON_LOG_H

#include <glib.h>
#include <synfix/export.h>

/** As synfix_module_context_t.log counts. */
enum log_level {
    LOG_LEVEL_ERROR = 0,
    LOG_LEVEL_WARNING = 1,
    LOG_LEVEL_NOTICE = 2,
    LOG_LEVEL_INFORMATION = 3,
    LOG_LEVEL_DEBUG = 4,
};

/* A mistake in the surroundings (a collector that flaps) leaves the journal readable: 6 messages a second. */
#define LOG_BURST     30
#define LOG_PERIOD_MS 5000

typedef struct log log_t;

/** A log on standard error, with priorities of the journal where that reads it. Messages above @p level are
 * left out. Never NULL: log_free(). */
log_t *log_new(int level);
void log_free(log_t *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(log_t, log_free)

/** Level by its name (also `warning` and `information`); -1: no such name. */
int log_level_of(const char *name);
void log_set_level(log_t *log, int level);

/** From now on each error is written, however many there are. */
void log_keep_errors(log_t *log);

/** Writes one line. More than LOG_BURST lines in LOG_PERIOD_MS are counted instead. Any thread. */
void log_line(log_t *log, int level, const char *format, ...) SYNFIX_PRINTF(3, 4);

/** The same with the signature of synfix_module_context_t.log; @p log is a log_t. Advice follows warnings and
 * errors about the operating system. */
void log_text(void *log, int level, const char *text);

#endif
