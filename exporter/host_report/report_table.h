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
    REPORT_ADDRESS, /* the same: address of a host, with which the script finds its rows in the table of hosts
                     */
    REPORT_NUMBER,  /* decimal digits, or empty */
    REPORT_PERCENT, /* decimal number with one digit after the point */
} report_kind_t;

typedef struct report_column {
    const char *name;  /* key in JSON, snake case */
    const char *title; /* heading */
    report_kind_t kind;
} report_column_t;

typedef struct report_table report_table_t;

/** Makes a row of a table from its source: report_row_new(). */
typedef char **(*report_row_fn)(const report_table_t *table, unsigned row);

/**
 * A table. All strings are UTF-8. Its rows are stored by report_table_add(), or made one at a time while the
 * table is printed (report_table_set_source): strings of 100,000 rows would take 50 MiB.
 */
struct report_table {
    const char *id;    /* anchor in HTML, key in JSON: lower case and `_` */
    const char *title; /* heading of the section */
    const char *note;  /* one or two sentences below the heading; may be empty */
    char *remark;      /* a sentence about these rows, after the note; NULL: none; g_free'd with the table */
    const report_column_t *columns;
    unsigned column_count;
    GPtrArray *rows;    /* char **, column_count strings each */
    bool bars;          /* the last column is a share: HTML draws a bar chart of the first column */
    bool time_series;   /* HTML draws columns over the first column */
    const char *absent; /* sentence for a table without rows */
    GPtrArray *links;   /* id of the section to which the first cell of each row leads, or NULL */
    report_row_fn make; /* NULL: the rows are in `rows` */
    const void *source; /* of make */
    const void *context;
    unsigned source_rows;
    struct report_row_cache *cache; /* the row that make made last */
};

/** Creates a table; the constant strings must outlive it. Free with report_table_free. */
report_table_t *report_table_new(const char *id, const char *title, const char *note,
                                 const report_column_t *columns, unsigned column_count, const char *absent);
void report_table_free(report_table_t *table);

/** Appends a row and takes ownership of the strings, one for each column (NULL: empty). */
void report_table_add(report_table_t *table, ...);

/** The first cell of the row that was added last leads to section @p id, which outlives the table. */
void report_table_link(report_table_t *table, const char *id);

/** Section to which the first cell of @p row leads; NULL: none. */
const char *report_table_link_at(const report_table_t *table, unsigned row);

/** Returns a row of @p columns strings and takes ownership of them (NULL: empty); g_strfreev() frees it. */
char **report_row_new(unsigned columns, ...);

/** Rows 0 to @p rows - 1 come from @p make, which finds @p source and @p context in the table; both outlive
 * it. */
void report_table_set_source(report_table_t *table, report_row_fn make, const void *source,
                             const void *context, unsigned rows);

/** Number of rows. */
unsigned report_table_rows(const report_table_t *table);

/** Cell @p column of row @p row, valid until the next call with another row. */
const char *report_table_at(const report_table_t *table, unsigned row, unsigned column);

#endif
