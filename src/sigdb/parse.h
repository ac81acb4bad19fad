/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file parse.h
 * The database parser, for callers that need every mistake of a text, not only the first one.
 */
#ifndef SIGDB_PARSE_H
#define SIGDB_PARSE_H

#include <stddef.h>
#include <stdio.h>

/**
 * Parses @p text (@p length bytes, no terminator needed) and discards the result. Writes one line
 * `name:line: reason` to @p out for each wrong line, with `?` for bytes of the name that cannot be
 * printed (replace_unprintable_bytes). Returns the number of these lines. Any thread.
 */
unsigned sigdb_check_text(const char *name, const char *text, size_t length, FILE *out);

#endif
