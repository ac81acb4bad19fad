/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_report.h
 * A report about hosts: collects the rows of a host model or inventory and prints them as HTML, Markdown or
 * JSON. One thread.
 */
#ifndef EXPORTER_HOST_REPORT_HOST_REPORT_H
#define EXPORTER_HOST_REPORT_HOST_REPORT_H

#include "hosts/host_row.h"
#include <glib.h>

typedef struct host_report host_report_t;

typedef enum host_report_format {
    HOST_REPORT_HTML,
    HOST_REPORT_MARKDOWN,
    HOST_REPORT_JSON,
} host_report_format_t;

/** Creates an empty report. Free with host_report_free. */
host_report_t *host_report_new(void);
void host_report_free(host_report_t *report);

/** Adds a host. Labels and strings of @p row must outlive the report. */
void host_report_add(host_report_t *report, const host_row_t *row);

/** Adds a fact about the input (`packets`, `12345`), printed in the order of the calls. Copies both texts. */
void host_report_add_fact(host_report_t *report, const char *name, const char *value);

/** Number of hosts so far: addresses, each once in each VLAN and tunnel, in both roles together. */
size_t host_report_count(const host_report_t *report);

/** Name of a format (`html`, `md`, `json`) as a value; false for any other name. */
bool host_report_format_of(const char *name, host_report_format_t *format);

/** Prints the report. @p created_ns: time of creation, nanoseconds since the epoch. The caller frees the
 * text. */
GString *host_report_print(host_report_t *report, host_report_format_t format, int64_t created_ns);

#endif
