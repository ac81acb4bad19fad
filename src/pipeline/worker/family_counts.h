/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file family_counts.h
 * Observations of SYNs and SYN+ACKs by the family of their label (`Linux`). One worker adds, any thread
 * reads.
 */
#ifndef PIPELINE_WORKER_FAMILY_COUNTS_H
#define PIPELINE_WORKER_FAMILY_COUNTS_H

#include "base/counter.h"
#include <stdbool.h>
#include <stddef.h>
#include <synfix/observation.h>

#define FAMILY_SLOTS     512u /* a power of two; one for each label */
#define FAMILY_NAME_SIZE 48u

typedef struct family_slot {
    _Atomic uint32_t id; /* of the label; 0: free. Set last, then the name is constant */
    char name[FAMILY_NAME_SIZE];
    counter_t count;
} family_slot_t;

typedef struct family_counts {
    counter_t unlabelled;
    counter_t further; /* labels without a slot */
    family_slot_t slots[FAMILY_SLOTS];
} family_counts_t;

/** Slow path of family_counts_add(): finds or makes the slot of @p label; NULL: the table is full. */
family_slot_t *family_counts_slot(family_counts_t *counts, const synfix_label_t *label);

/** Counts an observation with @p fingerprint. */
static inline void family_counts_add(family_counts_t *counts, const synfix_fingerprint_t *fingerprint)
{
    const synfix_label_t *label = fingerprint->match.label;
    if (label == NULL) {
        counter_add(&counts->unlabelled, 1);
        return;
    }
    family_slot_t *slot = &counts->slots[label->id & (FAMILY_SLOTS - 1)];
    if (__builtin_expect(atomic_load_explicit(&slot->id, memory_order_relaxed) != label->id, 0)) {
        slot = family_counts_slot(counts, label);
    }
    counter_add(slot != NULL ? &slot->count : &counts->further, 1);
}

/** Entry @p index with its family and count, counted from 0; false beyond the last. Families may occur
 * several times. */
bool family_counts_at(const family_counts_t *counts, size_t index, const char **family, uint64_t *count);

#endif
