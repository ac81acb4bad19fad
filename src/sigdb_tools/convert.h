/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file convert.h
 * Signatures in other programs' forms, rewritten as `sig` lines as far as they carry over.
 */
#ifndef SIGDB_TOOLS_CONVERT_H
#define SIGDB_TOOLS_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <synfix/sigdb.h>

#define SIGDB_CONVERTED_SIZE 400

/*
 * Each reads one signature at the start of @p text and writes it into @p sig (SIGDB_CONVERTED_SIZE bytes);
 * @p used is how much of the text that took. NULL, or a constant reason why it does not carry over.
 */

/** `wss:ttl:df:size:options:quirks` of p0f v2, prads and satori. */
const char *sigdb_convert_p0f2(const char *text, size_t length, synfix_direction_t direction, char *sig,
                               size_t *used);

/** `window:kinds:mss:scale` of MuonFP (`64240:2-4-8-1-3:1460:7`); what it does not tell is left open. */
const char *sigdb_convert_muon(const char *text, size_t length, char *sig, size_t *used);

/** `flags_ttl_window_hash` of nDPI, when a layout of @p known (finished) gives the hash. */
const char *sigdb_convert_ndpi(const synfix_sigdb_t *known, const char *text, size_t length, char *sig,
                               size_t *used);

typedef struct sigdb_converter sigdb_converter_t;

/**
 * Converts whole files line by line; @p label is for signatures without a name, @p direction for forms that
 * do not tell theirs. @p known is borrowed. NULL without memory.
 */
sigdb_converter_t *sigdb_converter_new(const synfix_sigdb_t *known, const char *label,
                                       synfix_direction_t direction);

/** What follows is of another file, which may have another form. */
void sigdb_converter_next_file(sigdb_converter_t *converter);

/**
 * One line without its end. What holds a signature that does not carry over becomes a comment with the
 * reason; lines that hold none are passed over.
 */
void sigdb_converter_line(sigdb_converter_t *converter, const char *line);

typedef struct sigdb_converted {
    unsigned converted;
    unsigned refused;
} sigdb_converted_t;

/** Prints the database that was made and frees the converter. */
sigdb_converted_t sigdb_converter_finish(sigdb_converter_t *converter, FILE *out);

#endif
