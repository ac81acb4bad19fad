/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_input.h
 * Signatures from captures and from lists of labelled observations (JSONL, CSV; also gzipped).
 */
#ifndef APP_SIGDB_SIGDB_INPUT_H
#define APP_SIGDB_SIGDB_INPUT_H

#include <glib.h>
#include <synfix/match.h>

typedef struct sigdb_item {
    uint64_t number; /* frame, or line */
    synfix_direction_t direction;
    synfix_signature_t signature;
    uint8_t offers;   /* SYNFIX_OFFER_* of the SYN that a SYN+ACK answers; 0 unknown */
    gboolean partial; /* only window, MSS, scale and layout are known */
    const char *os;   /* label; NULL in a capture */
    const char *name; /* source of a labelled observation; may be NULL */
    double weight;    /* connections */
} sigdb_item_t;

/** FALSE ends the reading early, without an error. */
typedef gboolean (*sigdb_item_function)(const sigdb_item_t *item, void *context);

/** A capture file: each SYN and SYN+ACK with whole options. */
synfix_status_t sigdb_input_capture(const char *path, sigdb_item_function function, void *context,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Labelled observations. A row that cannot be read is an error with file and line. */
synfix_status_t sigdb_input_labelled(const char *path, sigdb_item_function function, void *context,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Answer for an item; for a partial one the best of what the missing fields may be. */
struct synfix_sigdb;
void sigdb_input_match(const struct synfix_sigdb *sigdb, const sigdb_item_t *item, synfix_match_t *match);

#endif
