/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file table_reader.h
 * Rows of a list, as names and texts: JSON lines, or CSV (RFC 4180, one line a row) whose first line names
 * the columns; also gzipped. Line by line: a file may begin with either and change to JSON.
 */
#ifndef APP_SIGDB_TABLE_READER_H
#define APP_SIGDB_TABLE_READER_H

#include <glib.h>
#include <stdint.h>
#include <synfix/status.h>

typedef struct table_reader table_reader_t;

/** A column's name to the row's text; a JSON null and a nested object are omitted, an array is joined by
 * commas. */
typedef GHashTable sigdb_row_t;

/** Opens a table: CSV with a header line, or lines of JSON objects. On success the caller owns *rows:
 * table_reader_close(). SYNFIX_NOT_FOUND: the file cannot be opened. */
synfix_status_t table_reader_open(const char *path, table_reader_t **rows,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The next row, valid until the next call; SYNFIX_END: no further row. Errors name path and line. */
synfix_status_t table_reader_next(table_reader_t *rows, sigdb_row_t **row,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Number of the line that was read last, from 1. */
uint64_t table_reader_line(const table_reader_t *rows);

/** Closes the file. NULL is allowed. */
void table_reader_close(table_reader_t *rows);

#endif
