/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file secrets.h
 * Secrets in texts that others may read: `password=VALUE` and `secret=VALUE` in module specifications, in
 * upper or lower case, and `//user:PASSWORD@host`.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include <stdbool.h>

/**
 * Overwrites the value behind each `password=` and `secret=` of the word @p text with `*`, up to the next `&`
 * or the end: a value may hold a comma. The length stays. Returns whether there was one. Any thread.
 */
bool secrets_mask(char *text);

/** The same in a sentence: a value also ends at white space or an apostrophe, so that the reason stays
 * readable. */
bool secrets_mask_message(char *text);

#endif
