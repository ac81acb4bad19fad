/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file suggestion.h
 * "Did you mean": the known name that a mistyped word is closest to. Any thread.
 */
#ifndef VALUES_SUGGESTION_H
#define VALUES_SUGGESTION_H

#include <stddef.h>

/** Edits (insert, delete, replace, exchange neighbours; case is ignored) from @p word to @p other. The first
 * 63 bytes of each count. */
unsigned suggestion_distance(const char *word, const char *other);

/**
 * The name among @p names that @p word resembles: at most a third of its letters differ, or it is the
 * beginning of the name. NULL: none.
 */
const char *suggestion_closest(const char *word, const char *const *names, size_t count);

#endif
