/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_lists.h
 * Sections of the report that list hosts; private to exporter/host_report. The caller frees the tables.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_LISTS_H
#define EXPORTER_HOST_REPORT_REPORT_LISTS_H

#include "exporter/host_report/report_internal.h"

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
