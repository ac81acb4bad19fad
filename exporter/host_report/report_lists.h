/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_lists.h
 * Sections of the report that list hosts; private to exporter/host_report. The caller frees the tables.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_LISTS_H
#define EXPORTER_HOST_REPORT_REPORT_LISTS_H

#include "exporter/host_report/report_internal.h"

/** Changes of hosts that a report lists. */
#define REPORT_CHANGES_MAX 1000u

/** Orders of report_host_t; hosts that compare equal are in the order of their addresses. */
int report_by_key(gconstpointer a, gconstpointer b);      /* by address, then tags and role */
int report_by_score(gconstpointer a, gconstpointer b);    /* greatest sharing score first */
int report_by_tool_use(gconstpointer a, gconstpointer b); /* most packets of tools first */
int report_by_uptime(gconstpointer a, gconstpointer b);   /* longest uptime first */
int report_by_age(gconstpointer a, gconstpointer b);    /* oldest system first; both have dates of support */
int report_by_weight(gconstpointer a, gconstpointer b); /* with a finding first, then most observations */

/** Adds a host to the lists in which it belongs. */
void report_lists_add(host_report_t *report, const report_host_t *host);
/** Puts the lists into their order, the table of hosts into that of addresses. */
void report_lists_conclude(host_report_t *report);
/** Hosts with the oldest Windows of all, one of them as a row; NULL: none. */
const report_top_t *report_oldest_windows(const host_report_t *report);
/** Puts the changes into their order and removes those after REPORT_CHANGES_MAX. */
void report_sort_changes(host_report_t *report);

/** Descriptions of @p reasons (SYNFIX_HOST_*), separated by semicolons. */
char *report_reasons(uint32_t reasons);

/** One line for each kind of finding: oldest Windows, systems without support, scanner, shared address,
 * changes. */
report_table_t *report_findings(const host_report_t *report);

/** Systems whose security support has ended, the oldest first. */
report_table_t *report_list_unsupported(const host_report_t *report);

/** Hosts by address; their rows are made while the table is printed. */
report_table_t *report_list_hosts(const host_report_t *report);

/** Addresses that several hosts probably share, highest score first. */
report_table_t *report_list_shared(const host_report_t *report);

/** Scanners and other tools. */
report_table_t *report_list_tools(const host_report_t *report);

/** Changes of hosts, newest first. */
report_table_t *report_list_changes(const host_report_t *report);

/** Uptimes and restarts, longest uptime first. */
report_table_t *report_list_uptimes(const host_report_t *report);

/** New and last seen hosts and changes, by time. */
report_table_t *report_timeline(const host_report_t *report);

#endif
