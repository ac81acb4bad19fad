/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file mistakes.h
 * All mistakes of a configuration, in the order of their lines.
 */
#ifndef APP_COMMON_MISTAKES_H
#define APP_COMMON_MISTAKES_H

#include <glib.h>
#include <synfix/status.h>

typedef struct mistakes mistakes_t;

/** An empty list. Never NULL: mistakes_free(). One thread. */
mistakes_t *mistakes_new(void);
void mistakes_free(mistakes_t *mistakes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mistakes_t, mistakes_free)

/**
 * Adds one line of text; a text that is there already is not added again.
 * @param file  configuration file; NULL: command line
 * @param line  its line; 0: unknown
 * @param error the reason; its cause is kept
 */
void mistakes_add(mistakes_t *mistakes, const char *file, unsigned line, const synfix_error_t *error);

/** Adds the mistakes of @p more, which stays as it is. */
void mistakes_append(mistakes_t *mistakes, const mistakes_t *more);

/** Number of mistakes, without repeated ones. */
unsigned mistakes_count(const mistakes_t *mistakes);

/** Mistake @p index with `file:line: ` before it, ordered by line; those without a line come last. */
const char *mistakes_text(const mistakes_t *mistakes, unsigned index);

/** SYNFIX_OK without a mistake; SYNFIX_PERMISSION when one is a denied permission; SYNFIX_NOT_FOUND when all
 * are unreadable inputs; else SYNFIX_INVALID. The first one is written to @p error, with the cause: that of a
 * sink when all mistakes are of sinks. */
synfix_status_t mistakes_status(const mistakes_t *mistakes, synfix_error_t *error);

#endif
