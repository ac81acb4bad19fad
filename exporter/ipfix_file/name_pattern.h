/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file name_pattern.h
 * Form of the file names that a target with conversions of a date (%Y) can have. Private to
 * exporter/ipfix_file.
 */
#ifndef EXPORTER_IPFIX_FILE_NAME_PATTERN_H
#define EXPORTER_IPFIX_FILE_NAME_PATTERN_H

#include <glib.h>
#include <stdbool.h>

/** Length of the longest name; a longer name matches no pattern. */
#define NAME_PATTERN_NAME_MAX 255u

typedef struct name_pattern name_pattern_t;

/** The form of the names of the target @p base (without directory), followed by @p suffix as written. */
name_pattern_t *name_pattern_new(const char *base, const char *suffix);
void name_pattern_free(name_pattern_t *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(name_pattern_t, name_pattern_free)

/** All conversions have known texts. Where one has not (%c, %x), any text fits it: enough to look at a file,
 * not to remove it. */
bool name_pattern_is_exact(const name_pattern_t *pattern);

/**
 * Returns whether the file name @p name (without directory) has the form. The time is at most proportional to
 * the length of the name multiplied by the number of texts of all conversions, for any name.
 */
bool name_pattern_matches(const name_pattern_t *pattern, const char *name);

#endif
