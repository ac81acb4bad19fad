/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Converts entries to rows, and rows of an inventory to entries. */
#include "hosts/host_entry.h"
#include "hosts/host_index.h"

#include <string.h>

static uint32_t add_label(host_model_t *model, const host_label_t *label)
{
    const synfix_label_t copy = {
        .type = label->generic ? 'g' : 's',
        .tool = label->tool,
        .id = label->id,
        .os_class = label->os_class,
        .name = label->family,
        .flavor = label->flavor,
        .text = label->text,
    };
    return host_labels_add(model->labels, &copy);
}

static void merge_signature(host_model_t *model, host_entry_t *entry, const host_signature_count_t *from)
{
    const entry_signature_t signature = {
        .signature = from->signature,
        .label = add_label(model, from->label),
        .count = from->count < UINT32_MAX ? (uint32_t)from->count : UINT32_MAX,
        .link = host_labels_add_text(model->labels, from->link_label),
        .last_ns = from->last_ns,
        .link_mtu = from->link_mtu,
        .match_kind = from->match_kind,
        .quality = from->quality,
        .distance = from->distance,
        .initial_ttl = from->initial_ttl,
        .random_ttl = from->random_ttl,
    };
    if (signature.count != 0) {
        entry_count_signature(model, entry, &signature);
    }
}

static bool has_change(const host_model_t *model, const host_entry_t *entry, const entry_change_t *wanted)
{
    for (uint32_t slot = entry->changes; slot != 0;) {
        const entry_change_t *change = slot_at(&model->changes, slot);
        if (change->time_ns == wanted->time_ns && change->reasons == wanted->reasons) {
            return true;
        }
        slot = change->next;
    }
    return false;
}

static void merge_change(host_model_t *model, host_entry_t *entry, const host_change_t *from)
{
    const entry_change_t change = {
        .time_ns = from->time_ns,
        .reasons = from->reasons,
        .before = add_label(model, from->before),
        .after = add_label(model, from->after),
        .score = from->score,
    };
    if (!has_change(model, entry, &change)) {
        entry_add_change(model, entry, &change);
    }
}

static void merge_newest(host_model_t *model, host_entry_t *entry, const host_row_t *row)
{
    entry->distance = row->distance;
    entry->initial_ttl = row->initial_ttl;
    entry->random_ttl = row->random_ttl;
    entry->mtu = row->link_mtu;
    entry->link = host_labels_add_text(model->labels, row->link_label);
    entry->verdict = add_label(model, row->label);
}

static void merge_uptime(host_entry_t *entry, const host_uptime_t *uptime)
{
    const uint32_t restarts = entry->uptime.restarts + uptime->restarts;
    if (uptime->measured_ns > entry->uptime.measured_ns) {
        entry->uptime = *uptime;
    }
    entry->uptime.restarts = restarts;
}

static void note_row_times(host_model_t *model, const host_row_t *row)
{
    host_model_stats_t *stats = &model->stats;
    stats->observations += row->observations;
    if (stats->first_ns == 0 || row->first_ns < stats->first_ns) {
        stats->first_ns = row->first_ns;
    }
    if (row->last_ns > stats->last_ns) {
        stats->last_ns = row->last_ns;
    }
}

/* Rows list the newest item first, entries evict the oldest one: the items are added from the last to the
 * first. */
static void merge_lists(host_model_t *model, host_entry_t *entry, const host_row_t *row)
{
    for (size_t i = row->label_count; i > 0; i--) {
        if (row->labels[i - 1].count != 0) {
            entry_count_label(entry, add_label(model, row->labels[i - 1].label),
                              (uint32_t)row->labels[i - 1].count, row->labels[i - 1].quality,
                              row->labels[i - 1].version_quality);
        }
    }
    for (size_t i = row->signature_count; i > 0; i--) {
        merge_signature(model, entry, &row->signatures[i - 1]);
    }
    for (size_t i = row->change_count; i > 0; i--) {
        merge_change(model, entry, &row->changes[i - 1]);
    }
    if (row->changes_seen > row->change_count) {
        entry->changes_seen += (uint32_t)(row->changes_seen - row->change_count);
    }
}

static void merge_sharing(host_entry_t *entry, const host_row_t *row)
{
    entry->kept_reasons |= (uint16_t)(row->reasons & SYNFIX_HOST_SHARING_REASONS);
    entry->reasons |= entry->kept_reasons;
    if (row->score > entry->score) {
        entry->score = row->score;
    }
}

bool host_model_merge(host_model_t *model, const host_row_t *row)
{
    const uint32_t slot = model_get(model, &row->key, row->first_ns);
    if (slot == 0) {
        return false;
    }
    host_entry_t *entry = entry_at(model, slot);
    const bool newest = row->last_ns >= entry->last_ns;
    note_row_times(model, row);
    entry->observations += row->observations;
    merge_lists(model, entry, row);
    if (newest) {
        merge_newest(model, entry, row);
        entry->last_ns = row->last_ns;
    }
    merge_uptime(entry, &row->uptime);
    host_behaviour_merge(&entry->behaviour, &row->habits);
    merge_sharing(entry, row);
    if (row->first_ns < entry->first_ns) {
        entry->first_ns = row->first_ns;
    }
    model_note_update(model, slot);
    return true;
}

void host_model_add_change(host_model_t *model, const host_key_t *key, const host_change_t *change)
{
    const uint32_t slot = model_get(model, key, change->time_ns);
    if (slot == 0) {
        return;
    }
    host_entry_t *entry = entry_at(model, slot);
    merge_change(model, entry, change);
    entry->kept_reasons |= (uint16_t)(change->reasons & SYNFIX_HOST_SHARING_REASONS);
    entry->reasons |= entry->kept_reasons;
    if (change->score > entry->score) {
        entry->score = change->score;
    }
    model_note_update(model, slot);
}

/* Equal counts are sorted by text, so that the order is always the same. */
static bool label_is_before(const host_label_count_t *a, const host_label_count_t *b)
{
    return a->count > b->count || (a->count == b->count && strcmp(a->label->text, b->label->text) < 0);
}

static void row_labels(const host_model_t *model, const host_entry_t *entry, host_row_t *row)
{
    for (unsigned i = 0; i < ENTRY_LABELS; i++) {
        const host_label_count_t added = {
            .label = host_labels_at(model->labels, entry->labels[i]),
            .count = entry->label_counts[i],
            .quality = entry->label_quality[i],
            .version_quality = entry->label_version_quality[i],
        };
        if (added.count == 0) {
            continue;
        }
        size_t index = row->label_count++;
        for (; index > 0 && label_is_before(&added, &row->labels[index - 1]); index--) {
            row->labels[index] = row->labels[index - 1];
        }
        row->labels[index] = added;
    }
}

static const char *link_text(const host_model_t *model, uint32_t link)
{
    return link != HOST_LABEL_UNKNOWN ? host_labels_at(model->labels, link)->text : NULL;
}

static bool signature_is_before(const entry_signature_t *a, const host_signature_count_t *b)
{
    return a->count > b->count || (a->count == b->count && a->last_ns > b->last_ns);
}

static void row_signature(const host_model_t *model, const entry_signature_t *from, host_row_t *row)
{
    size_t index = row->signature_count++;
    for (; index > 0 && signature_is_before(from, &row->signatures[index - 1]); index--) {
        row->signatures[index] = row->signatures[index - 1];
    }
    row->signatures[index] = (host_signature_count_t){
        .signature = from->signature,
        .label = host_labels_at(model->labels, from->label),
        .count = from->count,
        .last_ns = from->last_ns,
        .match_kind = from->match_kind,
        .quality = from->quality,
        .distance = from->distance,
        .initial_ttl = from->initial_ttl,
        .random_ttl = from->random_ttl,
        .link_mtu = from->link_mtu,
        .link_label = link_text(model, from->link),
    };
}

static void row_lists(const host_model_t *model, const host_entry_t *entry, host_row_t *row)
{
    if (entry->signature.count != 0) {
        row_signature(model, &entry->signature, row);
    }
    for (uint32_t slot = entry->signature_slots; slot != 0;) {
        const entry_signature_t *signature = slot_at(&model->signatures, slot);
        if (row->signature_count < HOST_SIGNATURES_MAX) {
            row_signature(model, signature, row);
        }
        slot = signature->next;
    }
    for (uint32_t slot = entry->changes; slot != 0 && row->change_count < HOST_CHANGES_MAX;) {
        const entry_change_t *change = slot_at(&model->changes, slot);
        row->changes[row->change_count++] = (host_change_t){
            .time_ns = change->time_ns,
            .reasons = change->reasons,
            .score = change->score,
            .before = host_labels_at(model->labels, change->before),
            .after = host_labels_at(model->labels, change->after),
        };
        slot = change->next;
    }
}

/* The fields that host_row_conclude() reads. */
static void row_evidence(const host_model_t *model, const host_entry_t *entry, host_row_t *row)
{
    row->score = entry->score;
    row->habits = host_habits_of(&entry->behaviour, entry->key.role == HOST_SERVER);
    row_labels(model, entry, row);
}

/* The entry of the same address and tags in the other role; NULL: none. */
static const host_entry_t *other_role(const host_model_t *model, const host_entry_t *entry)
{
    host_key_t key = entry->key;
    key.role = key.role == HOST_SERVER ? HOST_CLIENT : HOST_SERVER;
    const uint32_t slot = host_index_find(model, &key);
    return slot != 0 ? entry_at(model, slot) : NULL;
}

void entry_row(const host_model_t *model, const host_entry_t *entry, host_row_t *row)
{
    const host_entry_t *other = other_role(model, entry);
    host_row_t others = {.label_count = 0};
    *row = (host_row_t){
        .key = entry->key,
        .first_ns = entry->first_ns,
        .last_ns = entry->last_ns,
        .observations = entry->observations,
        .distance = entry->distance,
        .initial_ttl = entry->initial_ttl,
        .random_ttl = entry->random_ttl,
        .link_mtu = entry->mtu,
        .link_label = link_text(model, entry->link),
        .uptime = entry->uptime,
        .reasons = entry->reasons,
        .changes_seen = entry->changes_seen,
    };
    row_evidence(model, entry, row);
    row_lists(model, entry, row);
    if (other != NULL) {
        row_evidence(model, other, &others);
    }
    host_row_conclude(row, other != NULL ? &others : NULL, model->labels);
}
