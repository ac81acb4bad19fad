/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file code_names.h
 * Names of the codes and bits of our elements, for text output; the other line formats use the same names.
 */
#ifndef EXPORTER_COLLECTOR_CODE_NAMES_H
#define EXPORTER_COLLECTOR_CODE_NAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Appends the name of @p code of the element @p name (`exact`), the names of its bits separated by commas, or
 * `none` for no bit. False: the element has no names, or this code has none; nothing is appended.
 */
bool code_name_append(GString *text, const char *name, uint64_t code);

#endif
