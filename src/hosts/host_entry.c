/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counters, signatures, changes and evidence of one host. */
#include "hosts/host_entry.h"

#include <string.h>

void entry_count_label(host_entry_t *entry, uint32_t label, uint32_t count, uint8_t quality,
                       uint8_t version_quality)
{
    unsigned index = 0;
    for (unsigned i = 0; i < ENTRY_LABELS; i++) {
        if (entry->label_counts[i] != 0 && entry->labels[i] == label) {
            entry->label_counts[i] += count;
            if (quality > entry->label_quality[i]) {
                entry->label_quality[i] = quality;
            }
            if (version_quality > entry->label_version_quality[i]) {
                entry->label_version_quality[i] = version_quality;
            }
            return;
        }
        if (entry->label_counts[i] < entry->label_counts[index]) {
            index = i;
        }
    }
    entry->labels[index] = label;
    entry->label_counts[index] = count;
    entry->label_quality[index] = quality;
    entry->label_version_quality[index] = version_quality;
}

static bool same_signature(const entry_signature_t *a, const entry_signature_t *b)
{
    return a->label == b->label && memcmp(&a->signature, &b->signature, sizeof a->signature) == 0;
}

/* Keeps the position in the list. */
static void replace_signature(entry_signature_t *old, const entry_signature_t *wanted)
{
    const uint32_t next = old->next;
    *old = *wanted;
    old->next = next;
}

static void renew_signature(entry_signature_t *old, const entry_signature_t *wanted)
{
    const uint32_t count = old->count + wanted->count;
    if (wanted->last_ns >= old->last_ns) {
        replace_signature(old, wanted);
    }
    old->count = count;
}

static bool is_rarer(const entry_signature_t *one, const entry_signature_t *other)
{
    return one->count < other->count || (one->count == other->count && one->last_ns < other->last_ns);
}

/* The signature of the entry that is @p wanted, or NULL; then @p rarest is the rarest one. */
static entry_signature_t *find_signature(host_model_t *model, host_entry_t *entry,
                                         const entry_signature_t *wanted, entry_signature_t **rarest)
{
    *rarest = &entry->signature;
    if (same_signature(&entry->signature, wanted)) {
        return &entry->signature;
    }
    for (uint32_t slot = entry->signature_slots; slot != 0;) {
        entry_signature_t *known = slot_at(&model->signatures, slot);
        if (same_signature(known, wanted)) {
            return known;
        }
        *rarest = is_rarer(known, *rarest) ? known : *rarest;
        slot = known->next;
    }
    return NULL;
}

/* False: the entry or the model has no room. */
static bool add_signature(host_model_t *model, host_entry_t *entry, const entry_signature_t *wanted)
{
    const bool room = entry->signature_count < HOST_SIGNATURES_MAX;
    const uint32_t fresh = room ? slot_take(&model->signatures) : 0;
    if (fresh == 0) {
        model->stats.details_lost += room;
        return false;
    }
    entry_signature_t *added = slot_at(&model->signatures, fresh);
    *added = *wanted;
    added->next = entry->signature_slots;
    entry->signature_slots = fresh;
    entry->signature_count++;
    return true;
}

void entry_count_signature(host_model_t *model, host_entry_t *entry, const entry_signature_t *wanted)
{
    if (entry->signature.count == 0) {
        replace_signature(&entry->signature, wanted);
        entry->signature_count = 1;
        return;
    }
    entry_signature_t *rarest = NULL;
    entry_signature_t *known = find_signature(model, entry, wanted, &rarest);
    if (known != NULL) {
        renew_signature(known, wanted);
    } else if (!add_signature(model, entry, wanted)) {
        replace_signature(rarest, wanted);
    }
}

static void release_evidence(host_model_t *model, host_entry_t *entry)
{
    if (entry->evidence == 0) {
        return;
    }
    model->evidence_owners[entry->evidence - 1] = 0;
    slot_release(&model->evidence, entry->evidence);
    entry->evidence = 0;
}

void entry_clear(host_model_t *model, host_entry_t *entry)
{
    for (uint32_t slot = entry->signature_slots; slot != 0;) {
        const uint32_t next = ((const entry_signature_t *)slot_at(&model->signatures, slot))->next;
        slot_release(&model->signatures, slot);
        slot = next;
    }
    for (uint32_t slot = entry->changes; slot != 0;) {
        const uint32_t next = ((const entry_change_t *)slot_at(&model->changes, slot))->next;
        slot_release(&model->changes, slot);
        slot = next;
    }
    release_evidence(model, entry);
}

/* Evicts the last entry of the list if the list is full or memory is short. */
static uint32_t take_change(host_model_t *model, host_entry_t *entry)
{
    const bool room = entry->change_count < HOST_CHANGES_MAX;
    uint32_t slot = room ? slot_take(&model->changes) : 0;
    if (slot != 0) {
        entry->change_count++;
        return slot;
    }
    model->stats.details_lost += room;
    uint32_t *link = &entry->changes;
    for (slot = *link; slot != 0; slot = *link) {
        entry_change_t *change = slot_at(&model->changes, slot);
        if (change->next == 0) {
            break;
        }
        link = &change->next;
    }
    *link = 0;
    return slot;
}

void entry_add_change(host_model_t *model, host_entry_t *entry, const entry_change_t *change)
{
    const uint32_t slot = take_change(model, entry);
    entry->changes_seen++;
    if (slot == 0) {
        return;
    }
    uint32_t *link = &entry->changes;
    while (*link != 0 &&
           ((const entry_change_t *)slot_at(&model->changes, *link))->time_ns > change->time_ns) {
        link = &((entry_change_t *)slot_at(&model->changes, *link))->next;
    }
    entry_change_t *added = slot_at(&model->changes, slot);
    *added = *change;
    added->next = *link;
    *link = slot;
}

/* Reuses the evidence of the least recent host in a small sample. */
static uint32_t steal_evidence(host_model_t *model)
{
    uint32_t chosen = 0;
    for (unsigned i = 0; i < 8; i++) {
        model->evidence_hand = model->evidence_hand % model->evidence.used + 1;
        const uint32_t owner = model->evidence_owners[model->evidence_hand - 1];
        if (owner == 0) {
            continue;
        }
        if (chosen == 0 ||
            entry_at(model, owner)->last_ns < entry_at(model, model->evidence_owners[chosen - 1])->last_ns) {
            chosen = model->evidence_hand;
        }
    }
    if (chosen == 0) {
        return 0;
    }
    host_entry_t *owner = entry_at(model, model->evidence_owners[chosen - 1]);
    owner->kept_reasons |= owner->reasons;
    release_evidence(model, owner);
    return slot_take(&model->evidence);
}

host_evidence_t *entry_evidence(host_model_t *model, host_entry_t *entry, uint32_t slot)
{
    if (entry->evidence == 0) {
        uint32_t found = slot_take(&model->evidence);
        model->stats.evidence_lost += found == 0;
        if (found == 0 && model->evidence.used > 0) {
            found = steal_evidence(model);
        }
        if (found == 0) {
            return NULL;
        }
        entry->evidence = found;
        model->evidence_owners[found - 1] = slot;
    }
    return slot_at(&model->evidence, entry->evidence);
}
