/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plural.h
 * The ending of a noun after a number in a message.
 */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

#include <stdint.h>

/** "" for one, "s" for any other @p count. Static. */
static inline const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

#endif
