/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file suggestion.h
 * The name that a mistyped word most likely stands for. Any thread.
 */
#ifndef APP_COMMON_SUGGESTION_H
#define APP_COMMON_SUGGESTION_H

#include <glib.h>

/**
 * Number of single-character edits (insert, delete, replace, swap of neighbours) between two words; letters
 * are compared without case. Only the first 63 characters of each word count.
 */
unsigned suggestion_distance(const char *word, const char *other);

/**
 * The name of @p names (@p count entries) that is closest to @p word: at most one edit for each three
 * characters of
 * @p word, or a name that begins with @p word. NULL: no name is close. The result is an entry of @p names.
 */
const char *suggestion_closest(const char *word, const char *const *names, size_t count);

/** `; did you mean 'NAME'?` for the closest name, else an empty text. The caller frees it. */
char *suggestion_text(const char *word, const char *const *names, size_t count);

#endif
