/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file layout_alternatives.h
 * Alternatives in the option layout of a `sig`: `mss,sok|mss` and, by a name given before, `@linux,?30`.
 * A `sig` with alternatives stands for one entry each.
 */
#ifndef SIGDB_LAYOUT_ALTERNATIVES_H
#define SIGDB_LAYOUT_ALTERNATIVES_H

#include "sigdb/labels.h"

enum {
    SIGDB_LAYOUT_NAMES_MAX = 16,
    SIGDB_LAYOUTS_MAX = 64, /* of one sig */
};

/** Named sets of layouts of the file that is being read; slices of its text. Starts with zeros. */
typedef struct layout_names {
    unsigned count;
    struct {
        slice_t name;
        slice_t layouts;
    } items[SIGDB_LAYOUT_NAMES_MAX];
} layout_names_t;

/** Remembers `NAME LAYOUT|LAYOUT...`. NULL, or a constant reason. */
const char *layout_names_add(layout_names_t *names, slice_t value);

/** Gets one `sig` without alternatives, which lives as long as the call. NULL, or a reason that ends all. */
typedef const char *(*layout_sig_t)(void *context, slice_t sig);

/** Calls @p each for each of the layouts of @p sig. NULL, or a constant reason. */
const char *layouts_expand(const layout_names_t *names, slice_t sig, layout_sig_t each, void *context);

#endif
