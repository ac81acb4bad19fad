/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/family_counts.h"
#include <string.h>

/* The name is copied: its database may be replaced while a reader prints the name. */
static void fill(family_slot_t *slot, const synfix_label_t *label)
{
    const size_t length = strlen(label->name);
    const size_t kept = length < FAMILY_NAME_SIZE ? length : FAMILY_NAME_SIZE - 1;
    memcpy(slot->name, label->name, kept);
    slot->name[kept] = '\0';
    atomic_store_explicit(&slot->id, label->id, memory_order_release);
}

family_slot_t *family_counts_slot(family_counts_t *counts, const synfix_label_t *label)
{
    for (uint32_t step = 0; step < FAMILY_SLOTS; step++) {
        family_slot_t *slot = &counts->slots[(label->id + step) & (FAMILY_SLOTS - 1)];
        const uint32_t id = atomic_load_explicit(&slot->id, memory_order_relaxed);
        if (id == 0) {
            fill(slot, label);
        }
        if (id == 0 || id == label->id) {
            return slot;
        }
    }
    return NULL;
}

bool family_counts_at(const family_counts_t *counts, size_t index, const char **family, uint64_t *count)
{
    if (index >= FAMILY_SLOTS + 2) {
        return false;
    }
    *family = index == FAMILY_SLOTS ? "unknown" : "other";
    if (index >= FAMILY_SLOTS) {
        *count = counter_get(index == FAMILY_SLOTS ? &counts->unlabelled : &counts->further);
        return true;
    }
    const family_slot_t *slot = &counts->slots[index];
    const bool used = atomic_load_explicit(&slot->id, memory_order_acquire) != 0;
    *family = used ? slot->name : "";
    *count = used ? counter_get(&slot->count) : 0;
    return true;
}
