/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file labels.h
 * Labels of a database that is being loaded, each distinct one once.
 */
#ifndef SIGDB_LABELS_H
#define SIGDB_LABELS_H

#include "sigdb/sigdb_internal.h"

/** Some bytes of a file, not terminated. */
typedef struct slice {
    const char *at;
    size_t length;
} slice_t;

static inline slice_t slice_trim(slice_t slice)
{
    while (slice.length > 0 && (slice.at[0] == ' ' || slice.at[0] == '\t')) {
        slice.at++;
        slice.length--;
    }
    while (slice.length > 0 && (slice.at[slice.length - 1] == ' ' || slice.at[slice.length - 1] == '\t' ||
                                slice.at[slice.length - 1] == '\r')) {
        slice.length--;
    }
    return slice;
}

/** Index of the label @p key, added when it is new; its class must be in @p classes. NULL, or a reason. */
const char *sigdb_intern_label(synfix_sigdb_t *sigdb, slice_t key, slice_t classes, uint32_t *index);

#endif
