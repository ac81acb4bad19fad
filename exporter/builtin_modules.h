/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file builtin_modules.h
 * The built-in sinks and enrichers: one const array for each kind.
 */
#ifndef EXPORTER_BUILTIN_MODULES_H
#define EXPORTER_BUILTIN_MODULES_H

#include <synfix/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Sinks by scheme; the last entry is NULL. */
SYNFIX_API extern const synfix_module_t *const exporter_sinks[];

/** Enrichers in the order in which they run; the last entry is NULL. */
SYNFIX_API extern const synfix_module_t *const exporter_enrichers[];

#ifdef __cplusplus
}
#endif

#endif
