/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_loader.h
 * Loads the signature database while the caller does other work.
 */
#ifndef APP_RUN_SIGDB_LOADER_H
#define APP_RUN_SIGDB_LOADER_H

#include <stdbool.h>
#include <synfix/sigdb.h>

typedef struct sigdb_loader sigdb_loader_t;

/**
 * Begins to load @p paths, which stay valid until sigdb_loader_end(), as database_load() does. Never NULL:
 * sigdb_loader_end() frees the loader.
 * @param beside  the caller has work to do: a thread loads. Otherwise, or if the system refuses a
 *                thread, sigdb_loader_end() loads.
 */
sigdb_loader_t *sigdb_loader_begin(char *const *paths, unsigned min_quality, bool beside);

/** Waits for the result, which is that of database_load(), and frees @p loader. */
synfix_status_t sigdb_loader_end(sigdb_loader_t *loader, synfix_sigdb_t **sigdb,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
