/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file printable.h
 * Names of files and interfaces in printed text: a name may consist of any bytes.
 */
#ifndef APP_COMMON_PRINTABLE_H
#define APP_COMMON_PRINTABLE_H

#include "base/message_text.h"
#include <glib.h>

/** A copy of @p text with `?` for bytes that cannot be printed (replace_unprintable_bytes); the caller frees
 * it.
 */
static inline char *printable_copy(const char *text)
{
    char *const copy = g_strdup(text);
    replace_unprintable_bytes(copy);
    return copy;
}

#endif
