/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file builtin_modules_check.h
 * What opening a built-in sink or enricher would refuse, found beforehand.
 */
#ifndef EXPORTER_BUILTIN_MODULES_CHECK_H
#define EXPORTER_BUILTIN_MODULES_CHECK_H

#include <synfix/module.h>

/**
 * Whether @p options, which are those of @p module, are good: addresses, profiles, date patterns, words out
 * of a set, files that are read (certificates, databases). Opens no socket and makes no file. Whether a
 * target can be written or reached is not looked at; a module that is not built in is good. Errors name the
 * target.
 */
synfix_status_t exporter_check(const synfix_module_t *module, const synfix_options_t *options,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
