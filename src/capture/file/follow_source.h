/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_source.h
 * The source `follow`: the captures of a directory, each once it is complete (tcpdump -G, Suricata,
 * netsniff-ng). The target is the directory. It has no end; a file that cannot be read is logged and passed
 * over.
 */
#ifndef CAPTURE_FILE_FOLLOW_SOURCE_H
#define CAPTURE_FILE_FOLLOW_SOURCE_H

#include <synfix/module.h>

extern const synfix_module_t capture_follow_module;

#endif
