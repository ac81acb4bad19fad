/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file unknown_module.h
 * The message for a module specification whose module does not exist, with a suggestion. Any
 * thread that may read the registry.
 */
#ifndef MODULE_UNKNOWN_MODULE_H
#define MODULE_UNKNOWN_MODULE_H

#include "module/module_registry.h"

/**
 * Describes that @p text names no module of @p kind, and what to write instead: a file name gets the sinks
 * that write files, a misspelled name the closest one, a name without a target the form with a target.
 * @return SYNFIX_INVALID
 */
synfix_status_t module_unknown(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                               synfix_error_t *error);

/**
 * Whether the target of @p text contains a further sink after a comma or a semicolon, as in
 * `json:a, csv:b`: such a file would have the name `a, csv:b`.
 * @return SYNFIX_OK, or SYNFIX_INVALID with what to write instead
 */
synfix_status_t module_one_sink(const registry_t *registry, const char *text, synfix_error_t *error);

#endif
