/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file builtin_sources.h
 * The built-in sources.
 */
#ifndef CAPTURE_BUILTIN_SOURCES_H
#define CAPTURE_BUILTIN_SOURCES_H

#include <synfix/module.h>

/** The array ends with NULL. A new source is added in builtin_sources.c. */
extern const synfix_module_t *const capture_sources[];

#endif
