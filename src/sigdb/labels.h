/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file labels.h
 * Labels of a database while it is loaded; each distinct label is stored once.
 */
#ifndef SIGDB_LABELS_H
#define SIGDB_LABELS_H

#include <string.h>

#include "sigdb/sigdb_internal.h"

/** Bytes of a file, without a terminating NUL. */
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

static inline bool slice_is(slice_t slice, const char *word)
{
    return slice.length == strlen(word) && memcmp(slice.at, word, slice.length) == 0;
}

static inline bool slice_starts_with(slice_t slice, const char *word)
{
    return slice.length >= strlen(word) && memcmp(slice.at, word, strlen(word)) == 0;
}

/** Parses the whole slice as a decimal number from @p least to @p most. Returns NULL, or the reason. */
static inline const char *slice_number(slice_t slice, uint32_t least, uint32_t most, uint32_t *number)
{
    text_scanner_t scanner;
    scanner_start(&scanner, slice.at, slice.length);
    scanner_number(&scanner, most, number);
    if (scanner.reason == NULL && (scanner.at != scanner.end || *number < least)) {
        return "the number is wrong";
    }
    return scanner.reason;
}

/** Removes the part before the first @p separator, or everything, from the slice; false: the slice was empty.
 */
static inline bool slice_next(slice_t *rest, char separator, slice_t *part)
{
    if (rest->length == 0) {
        return false;
    }
    const char *end = memchr(rest->at, separator, rest->length);
    const size_t length = end == NULL ? rest->length : (size_t)(end - rest->at);
    const size_t passed = end == NULL ? length : length + 1;
    *part = slice_trim((slice_t){rest->at, length});
    *rest = (slice_t){rest->at + passed, rest->length - passed};
    return true;
}

/** Finds or adds the label @p key, whose class has to be in @p classes. Returns NULL, or the reason. */
const char *sigdb_intern_label(synfix_sigdb_t *sigdb, slice_t key, slice_t classes, uint32_t *index);

/** Index of the label of the same type, class and name as label @p of, with the flavor @p flavor. */
const char *sigdb_intern_relative(synfix_sigdb_t *sigdb, uint32_t of, slice_t flavor, uint32_t *index);

/** Index of the label of the same type and class as label @p of, without name; its text is the class. */
const char *sigdb_intern_class(synfix_sigdb_t *sigdb, uint32_t of, uint32_t *index);

#endif
