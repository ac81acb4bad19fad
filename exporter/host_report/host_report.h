/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_report.h
 * A report about hosts: collects the rows of a host model or inventory and prints them as HTML, Markdown or
 * JSON. One thread.
 *
 * Memory is bounded: lists keep their most important rows (at most REPORT_HOSTS_MAX hosts, fewer of the
 * others), and say how many rows they have in all. Counts and findings cover all hosts. Beyond that a host
 * costs 16 bytes.
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

/** Rows of the table of hosts, and of the lists of unsupported systems, tools, shared addresses, uptimes. */
#define REPORT_HOSTS_MAX 100000u
#define REPORT_LIST_MAX  10000u

/** Creates an empty report. @p created_ns: time of creation, nanoseconds since the epoch; systems without
 * security support are those of this time. Free with host_report_free. */
host_report_t *host_report_new(int64_t created_ns);
void host_report_free(host_report_t *report);

/**
 * Adds a host in one role. The rows of one host (same key but for the role) follow each other: the host
 * counts once, in the role of host_role_stands(). Labels and strings of @p row must outlive the report.
 */
void host_report_add(host_report_t *report, const host_row_t *row);

/** Adds a fact about the input (`packets`, `12345`), printed in the order of the calls. Copies both texts. */
void host_report_add_fact(host_report_t *report, const char *name, const char *value);

/** Adds a sentence (without a full stop) about what is missing; the report shows them at its beginning. */
void host_report_add_note(host_report_t *report, const char *sentence);

/** Number of hosts so far: addresses, each once in each VLAN and tunnel, in both roles together. */
size_t host_report_count(const host_report_t *report);

/** Name of a format (`html`, `md`, `json`) as a value; false for any other name. */
bool host_report_format_of(const char *name, host_report_format_t *format);

/** Prints the report, to which no more hosts are added afterwards. The caller frees the text. */
GString *host_report_print(host_report_t *report, host_report_format_t format);

#endif
