/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_source.h
 * The source `file`: capture files, pcap and pcapng, compressed or not. The target is a path or `-`.
 */
#ifndef CAPTURE_FILE_FILE_SOURCE_H
#define CAPTURE_FILE_FILE_SOURCE_H

#include <synfix/module.h>

extern const synfix_module_t capture_file_module;

#endif
