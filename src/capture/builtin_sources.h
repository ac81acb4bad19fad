/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sources.h
 * The built-in sources.
 */
#ifndef CAPTURE_SOURCES_H
#define CAPTURE_SOURCES_H

#include <synfix/module.h>

/** Capture files, pcap and pcapng; the target is a path or `-`. */
extern const synfix_module_t capture_file_module;

/** Network interfaces; the target is a name. */
extern const synfix_module_t capture_live_module;

/** All of them, ended by NULL. Add yours in sources.c. */
extern const synfix_module_t *const capture_sources[];

#endif
