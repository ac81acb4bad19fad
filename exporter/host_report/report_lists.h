/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_lists.h
 * Sections of the report that list hosts; private to exporter/host_report. The caller frees the tables.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_LISTS_H
#define EXPORTER_HOST_REPORT_REPORT_LISTS_H

#include "exporter/host_report/report_internal.h"

typedef bool (*report_select_fn)(const host_report_t *report, const report_host_t *host);

/** Pointers to the hosts that @p is_selected accepts, in the order of @p compare; g_ptr_array_unref them. */
GPtrArray *report_select(const host_report_t *report, report_select_fn is_selected, GCompareFunc compare);

bool report_is_shared(const host_report_t *report, const report_host_t *host);
bool report_is_tool(const host_report_t *report, const report_host_t *host);

/** Orders by address; of report_host_t. */
int report_by_key(gconstpointer a, gconstpointer b);
/** Orders of pointers to report_host_t: greatest sharing score first, most packets of tools first. */
int report_by_score(gconstpointer a, gconstpointer b);
int report_by_tool_use(gconstpointer a, gconstpointer b);

/** Descriptions of @p reasons (SYNFIX_HOST_*), separated by semicolons. */
char *report_reasons(uint32_t reasons);

/** One line for each kind of finding: oldest Windows, systems without support, scanner, shared address,
 * changes. */
report_table_t *report_findings(const host_report_t *report);

/** Systems whose security support has ended, the oldest first. */
report_table_t *report_list_unsupported(const host_report_t *report);

/** All hosts. Sorts the hosts of the report by address. */
report_table_t *report_list_hosts(host_report_t *report);

/** Addresses that several hosts probably share, highest score first. */
report_table_t *report_list_shared(const host_report_t *report);

/** Scanners and other tools. */
report_table_t *report_list_tools(const host_report_t *report);

/** Changes of hosts, newest first. */
report_table_t *report_list_changes(const host_report_t *report);

/** Uptimes and restarts, longest uptime first. */
report_table_t *report_list_uptimes(const host_report_t *report);

/** The most frequent signatures without a label, each with an entry for a database. */
report_table_t *report_list_unknown(const host_report_t *report);

/** New and last seen hosts and changes, by time. */
report_table_t *report_timeline(const host_report_t *report);

#endif
