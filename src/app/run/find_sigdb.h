/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file find_sigdb.h
 * Finding and loading the signature database.
 */
#ifndef APP_RUN_FIND_SIGDB_H
#define APP_RUN_FIND_SIGDB_H

#include <synfix/sigdb.h>

/**
 * Loads @p paths (NULL-terminated). NULL: the database of this program, which is that of the build tree
 * when the program runs there, else the installed one, else /etc/synfix/synfix.fp. *sigdb is the caller's
 * reference. @p min_quality: 0 to 100, see synfix_sigdb_set_min_quality.
 */
synfix_status_t database_load(char *const *paths, unsigned min_quality, synfix_sigdb_t **sigdb,
                              synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
