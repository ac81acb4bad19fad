/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_notes.h
 * Sentences about facts that are missing in a list of hosts, and the reasons, for standard error and the
 * report.
 */
#ifndef APP_HOSTS_HOSTS_NOTES_H
#define APP_HOSTS_HOSTS_NOTES_H

#include "app/hosts/hosts_input.h"

/**
 * Returns sentences (char *, without a full stop) about hosts and details that bounded tables or missing
 * memory omitted; none: the list is complete. g_ptr_array_unref it. @p rows_missing: observations or hosts
 * are missing, not only details of hosts.
 */
GPtrArray *hosts_notes_losses(const hosts_input_t *input, bool *rows_missing);

/** Why a list without rows is empty, for g_free(): nothing was observed, or nothing passed the filters. */
char *hosts_notes_empty(const hosts_input_t *input);

/** Prints the sentences of hosts_notes_losses() on standard error. Returns @p code, or APP_EXIT_INPUT if
 * @p code is APP_EXIT_OK and rows are missing. */
int hosts_notes_print(const hosts_input_t *input, int code);

#endif
