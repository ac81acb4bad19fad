/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file syslog_sink.h
 * The sink `syslog:`.
 */
#ifndef EXPORTER_SYSLOG_SYSLOG_SINK_H
#define EXPORTER_SYSLOG_SYSLOG_SINK_H

#include <synfix/module.h>

extern const synfix_module_t syslog_module;

#endif
