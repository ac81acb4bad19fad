/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_print_internal.h
 * Shared by hosts_print.c and hosts_table.c.
 */
#ifndef APP_HOSTS_HOSTS_PRINT_INTERNAL_H
#define APP_HOSTS_HOSTS_PRINT_INTERNAL_H

#include "app/hosts/hosts_print.h"

/** Appends one row to @p out; @p user is that of hosts_print_rows(). */
typedef void (*hosts_row_printer_t)(GString *out, const host_row_t *row, const void *user);

/** Writes @p out and the rows of a list; keeps at most 64 KiB of text. */
void hosts_print_rows(GString *out, const hosts_print_t *print, hosts_row_printer_t printer,
                      const void *user);

/** UTC time `2026-11-29 10:00:05`, for g_free(). */
char *hosts_time_text(int64_t time_ns);

#endif
