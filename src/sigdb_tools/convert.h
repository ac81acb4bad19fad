/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file convert.h
 * Converts signatures of other programs into `sig` lines, as far as they can be represented.
 */
#ifndef SIGDB_TOOLS_CONVERT_H
#define SIGDB_TOOLS_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <synfix/sigdb.h>

#define SIGDB_CONVERTED_SIZE 400

/*
 * Each function converts the signature at the start of @p text into @p sig (SIGDB_CONVERTED_SIZE bytes) and
 * sets @p used to its length in the text. Returns NULL, or a constant reason why the signature cannot be
 * represented.
 */

/** `wss:ttl:df:size:options:quirks` of p0f v2, prads and satori. */
const char *sigdb_convert_p0f2(const char *text, size_t length, synfix_direction_t direction, char *sig,
                               size_t *used);

/** `window:kinds:mss:scale` of MuonFP (`64240:2-4-8-1-3:1460:7`); fields that it lacks match any value. */
const char *sigdb_convert_muon(const char *text, size_t length, char *sig, size_t *used);

/** `flags_ttl_window_hash` of nDPI, if a layout of the finished database @p known has the hash. */
const char *sigdb_convert_ndpi(const synfix_sigdb_t *known, const char *text, size_t length, char *sig,
                               size_t *used);

typedef struct sigdb_converter sigdb_converter_t;

/**
 * Converts whole files line by line; @p label is used for signatures without a name, @p direction for formats
 * without a direction. @p known has to outlive the converter. NULL: out of memory.
 */
sigdb_converter_t *sigdb_converter_new(const synfix_sigdb_t *known, const char *label,
                                       synfix_direction_t direction);

/** The next line is the first one of another file, which may have another format. */
void sigdb_converter_next_file(sigdb_converter_t *converter);

/**
 * Converts one line, without its line feed; leading blanks do not count, as in the files of p0f v3. A
 * signature that cannot be represented becomes a comment with the reason; lines without a signature are
 * skipped.
 */
void sigdb_converter_line(sigdb_converter_t *converter, const char *line);

typedef struct sigdb_converted {
    unsigned converted;
    unsigned refused;
} sigdb_converted_t;

/** Prints the resulting database and frees the converter. */
sigdb_converted_t sigdb_converter_finish(sigdb_converter_t *converter, FILE *out);

#endif
