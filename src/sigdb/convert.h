/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file convert.h
 * Signatures in other programs' forms, rewritten as `sig` lines as far as they carry over.
 */
#ifndef SIGDB_CONVERT_H
#define SIGDB_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SIGDB_CONVERTED_SIZE 400

/**
 * `wss:ttl:df:size:options:quirks` of p0f v2, prads and satori, into @p sig (SIGDB_CONVERTED_SIZE bytes).
 * @p used is how much of the text that took. NULL, or a constant reason why it does not carry over.
 */
const char *sigdb_convert_p0f2(const char *text, size_t length, char *sig, size_t *used);

/** `window:kinds:mss:scale` of MuonFP (`64240:2-4-8-1-3:1460:7`); what it does not tell is left open. */
const char *sigdb_convert_muon(const char *text, size_t length, char *sig);

typedef struct sigdb_converted {
    unsigned converted;
    unsigned refused;
} sigdb_converted_t;

/**
 * Converts one line of a file; @p label is for lines that have none. Prints label and sig, or a comment with
 * the reason. Lines that hold no signature are passed over.
 */
void sigdb_convert_line(const char *line, const char *label, FILE *out, sigdb_converted_t *counts);

#endif
