/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file suggestion.h
 * "Did you mean": the known name that a mistyped word is closest to. Any thread.
 */
#ifndef VALUES_SUGGESTION_H
#define VALUES_SUGGESTION_H

#include <stddef.h>

/**
 * The name among @p names that @p word resembles: the fewest edits (insert, delete, replace, exchange
 * neighbours; case is ignored; the first 63 bytes count), at most a third of its letters; otherwise one that
 * begins with it. NULL: none.
 */
const char *suggestion_closest(const char *word, const char *const *names, size_t count);

#endif
