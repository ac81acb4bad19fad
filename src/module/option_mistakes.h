/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file option_mistakes.h
 * List of the mistakes in one module specification (synfix_mistakes_t), in the order in which they were
 * found. A list belongs to one thread.
 */
#ifndef MODULE_OPTION_MISTAKES_H
#define MODULE_OPTION_MISTAKES_H

#include <synfix/module.h>

/** One mistake. The list owns the texts. */
typedef struct option_mistake {
    char *option;           /* as the user wrote it; empty: the target, or the specification as a whole */
    synfix_status_t status; /* negative */
    synfix_error_t error;   /* `reason`, without the name of the module */
} option_mistake_t;

/** An empty list, which the caller frees with option_mistakes_free(). NULL: out of memory. */
synfix_mistakes_t *option_mistakes_new(void);
/** NULL is allowed. */
void option_mistakes_free(synfix_mistakes_t *mistakes);

/** Number of mistakes, without repeated ones. */
size_t option_mistakes_count(const synfix_mistakes_t *mistakes);

/** Mistake @p index (below the count); valid until the next mistake is added. */
const option_mistake_t *option_mistakes_at(const synfix_mistakes_t *mistakes, size_t index);

/**
 * The first mistake as a result of a function.
 * @param error gets its text with `PREFIX: ` before the text, and its cause; may be NULL
 * @return SYNFIX_OK: the list is empty
 */
synfix_status_t option_mistakes_first(const synfix_mistakes_t *mistakes, const char *prefix,
                                      synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
