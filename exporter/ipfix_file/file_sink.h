/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_sink.h
 * `file:PATTERN`: records into IPFIX files.
 */
#ifndef EXPORTER_IPFIX_FILE_FILE_SINK_H
#define EXPORTER_IPFIX_FILE_FILE_SINK_H

#include <synfix/module.h>

extern const synfix_module_t file_module;

#endif
