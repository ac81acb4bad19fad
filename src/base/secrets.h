/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file secrets.h
 * Secrets in texts that others may read: `password=VALUE`, `passphrase=VALUE`, `secret=VALUE` and
 * `key.pem=VALUE` in module specifications, in upper or lower case, and `//user:PASSWORD@host`.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include <stdbool.h>

/**
 * Overwrites the value after each of these words in the specification @p text with `*`, up to the next `&`
 * or the end: a value may hold a comma or a space. The length stays. Returns whether there was one. Any
 * thread.
 */
bool secrets_mask(char *text);

/** The same for one option, `name=value`, whose value may hold an `&`. */
bool secrets_mask_option(char *text);

/** The same in a message: a value also ends at `: `, `; ` or a closing apostrophe, so that the reason stays
 * readable. */
bool secrets_mask_message(char *text);

#endif
