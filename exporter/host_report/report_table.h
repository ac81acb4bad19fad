/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_table.h
 * Tables of a report: every output format prints the same tables, so that all formats hold the same facts.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_TABLE_H
#define EXPORTER_HOST_REPORT_REPORT_TABLE_H

#include <glib.h>
#include <stdbool.h>

typedef enum report_kind {
    REPORT_TEXT,
    REPORT_CODE,    /* text in a fixed-width font */
    REPORT_NUMBER,  /* decimal digits, or empty */
    REPORT_PERCENT, /* decimal number with one digit behind the point */
} report_kind_t;

typedef struct report_column {
    const char *name;  /* key in JSON, snake case */
    const char *title; /* heading */
    report_kind_t kind;
} report_column_t;

/** A table. All strings are UTF-8. */
typedef struct report_table {
    const char *id;    /* anchor in HTML, key in JSON: lower case and `_` */
    const char *title; /* heading of the section */
    const char *note;  /* one or two sentences below the heading; may be empty */
    char *remark;      /* a sentence about these rows, behind the note; NULL: none; g_free'd with the table */
    const report_column_t *columns;
    unsigned column_count;
    GPtrArray *rows;    /* char **, column_count strings each */
    bool bars;          /* the last column is a share: HTML draws a bar chart of the first column */
    bool time_series;   /* HTML draws columns over the first column */
    const char *absent; /* sentence for a table without rows */
} report_table_t;

/** Creates a table; the constant strings must outlive it. Free with report_table_free. */
report_table_t *report_table_new(const char *id, const char *title, const char *note,
                                 const report_column_t *columns, unsigned column_count, const char *absent);
void report_table_free(report_table_t *table);

/** Appends a row and takes ownership of the strings, one for each column (NULL: empty). */
void report_table_add(report_table_t *table, ...);

/** Cell @p column of row @p row. */
const char *report_table_at(const report_table_t *table, unsigned row, unsigned column);

#endif
