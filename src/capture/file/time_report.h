/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file time_report.h
 * Log lines about packets of a capture file whose time is replaced. Private to capture/file.
 */
#ifndef CAPTURE_FILE_TIME_REPORT_H
#define CAPTURE_FILE_TIME_REPORT_H

#include "capture/file/pcap.h"
#include <synfix/module.h>

/**
 * Logs the counts times_limited and times_missing of @p format that are not 0, and resets them: a later call
 * logs later packets only. @p context may be NULL, its log too: then no line is written.
 */
void time_report_write(pcap_format_t *format, const synfix_module_context_t *context);

#endif
