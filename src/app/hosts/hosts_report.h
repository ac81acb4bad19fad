/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_report.h
 * The content of a report: hosts of the inputs, facts about the inputs, and what is missing.
 */
#ifndef APP_HOSTS_HOSTS_REPORT_H
#define APP_HOSTS_HOSTS_REPORT_H

#include "app/hosts/hosts_input.h"
#include "exporter/host_report/host_report.h"

/** Adds the hosts that pass the filters, in the order of their addresses, then facts and notes. @p paths: the
 * inputs as the user named them. A report without hosts is explained on standard error, too. */
void hosts_report_fill(host_report_t *report, const hosts_options_t *options, const hosts_input_t *input,
                       char *const *paths);

#endif
