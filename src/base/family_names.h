/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file family_names.h
 * Names of labels that state several families, separated by ` or `: `FreeBSD or macOS`. Any thread.
 */
#ifndef BASE_FAMILY_NAMES_H
#define BASE_FAMILY_NAMES_H

#include <stddef.h>
#include <string.h>

#define FAMILY_NAMES_SEPARATOR " or "

/** Returns the rest of @p names after its first name, or NULL for a single name. */
static inline const char *family_names_next(const char *names)
{
    const char *found = strstr(names, FAMILY_NAMES_SEPARATOR);
    return found != NULL ? found + strlen(FAMILY_NAMES_SEPARATOR) : NULL;
}

/** Returns the length of the first name of @p names. */
static inline size_t family_names_first(const char *names)
{
    const char *found = strstr(names, FAMILY_NAMES_SEPARATOR);
    return found != NULL ? (size_t)(found - names) : strlen(names);
}

#endif
