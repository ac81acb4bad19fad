/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file date_words.h
 * All texts that a conversion of a date (%b) can become in a file name, in the current locale. Private to
 * exporter/ipfix_file.
 */
#ifndef EXPORTER_IPFIX_FILE_DATE_WORDS_H
#define EXPORTER_IPFIX_FILE_DATE_WORDS_H

#include <glib.h>

/**
 * The different texts of g_date_time_format for @p conversion, modifiers included (`%-d`), for UTC times of
 * the years 1970 to 2199. @p letter is its last character. NULL: the texts are not known. g_ptr_array_unref
 * the result.
 */
GPtrArray *date_words_new(const char *conversion, char letter);

/** The format that @p letter stands for (`%Y-%m-%d` for F); NULL: it stands for none. */
const char *date_words_expand(char letter);

#endif
