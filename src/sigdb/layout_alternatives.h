/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file layout_alternatives.h
 * Alternatives in the option layout of a `sig`: `mss,sok|mss` and, by a name defined before, `@linux,?30`.
 * A `sig` with alternatives stands for one entry each.
 */
#ifndef SIGDB_LAYOUT_ALTERNATIVES_H
#define SIGDB_LAYOUT_ALTERNATIVES_H

#include "sigdb/labels.h"

enum {
    SIGDB_LAYOUT_NAMES_MAX = 16,
    SIGDB_LAYOUTS_MAX = 64, /* of one sig */
};

/** Named sets of layouts of the file that is read; slices of its text. Initialise with zero. */
typedef struct layout_names {
    unsigned count;
    struct {
        slice_t name;
        slice_t layouts;
    } items[SIGDB_LAYOUT_NAMES_MAX];
} layout_names_t;

/** Defines `NAME LAYOUT|LAYOUT...`. Returns NULL, or a constant reason. */
const char *layout_names_add(layout_names_t *names, slice_t value);

/** Receives one `sig` without alternatives and, in its text, its layout; both are valid during the call. All
 * else is the same in each `sig` of an iteration. Returns NULL, or a reason, which ends the iteration. */
typedef const char *(*layout_sig_t)(void *context, slice_t sig, slice_t layout);

/** Calls @p each for each layout of @p sig. Returns NULL, or a constant reason. */
const char *layouts_expand(const layout_names_t *names, slice_t sig, layout_sig_t each, void *context);

#endif
