/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_print.h
 * Lists of hosts as a table for people, as CSV, and as JSON lines.
 */
#ifndef APP_COMMAND_HOSTS_PRINT_H
#define APP_COMMAND_HOSTS_PRINT_H

#include "hosts/host_row.h"
#include <glib.h>

/** Appends totals by family and one line for each host. Lines end at @p width columns (0: unlimited). */
void hosts_print_table(GString *out, const host_row_t *const *rows, size_t count, unsigned width,
                       bool colour);

/** RFC 4180 with a header line. */
void hosts_print_csv(GString *out, const host_row_t *const *rows, size_t count);

/** One object in each line. */
void hosts_print_json(GString *out, const host_row_t *const *rows, size_t count);

#endif
