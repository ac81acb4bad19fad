/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file glob.h
 * Patterns for names: `*` stands for any characters, `?` for one, a backslash makes the next character stand
 * for itself. ASCII letters match without case; there are no sets (`[`). A match costs at most the product of
 * the lengths of the text and of the pattern, whatever the pattern.
 */
#ifndef SYNFIX_PLUGIN_GLOB_H
#define SYNFIX_PLUGIN_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plugin_glob plugin_glob_t;

/**
 * Compiles @p length bytes of @p text. NULL: the pattern is empty, ends in the middle of an escape, or memory
 * is short; @p error has the reason. The caller frees the result with plugin_glob_free.
 */
plugin_glob_t *plugin_glob_new(const char *text, size_t length, synfix_error_t *error);

/** Whether @p text matches as a whole. Allocates nothing; any thread. */
bool plugin_glob_match(const plugin_glob_t *glob, const char *text);

/** @p glob may be NULL. */
void plugin_glob_free(plugin_glob_t *glob);

#ifdef __cplusplus
}
#endif

#endif
