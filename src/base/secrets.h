/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file secrets.h
 * Secrets in texts that others may read: `password=VALUE` and `secret=VALUE` in module specifications.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include <stdbool.h>

/**
 * Overwrites the value behind each `password=` and `secret=` of @p text with `*`, up to the next `&` or the
 * end: a value may hold a comma. The length stays. Returns whether there was one. Any thread.
 */
bool secrets_mask(char *text);

#endif
