/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_index.h"

#include <stdlib.h>
#include <string.h>

#define EVICTION_SAMPLE 8u
#define EVIDENCE_SHARE  8u     /* room for the evidence of 1/EVIDENCE_SHARE of the hosts ... */
#define EVIDENCE_MIN    16384u /* ... or of this number, if larger */

static bool pools_init(host_model_t *model)
{
    const uint32_t hosts = model->config.hosts;
    const uint32_t share = hosts / EVIDENCE_SHARE > EVIDENCE_MIN ? hosts / EVIDENCE_SHARE : EVIDENCE_MIN;
    const uint32_t evidence = share < hosts ? share : hosts;
    model->evidence_owners = calloc(evidence, sizeof *model->evidence_owners);
    return slot_pool_init(&model->entries, sizeof(host_entry_t), hosts) &&
           slot_pool_init(&model->signatures, sizeof(entry_signature_t), hosts) &&
           slot_pool_init(&model->changes, sizeof(entry_change_t), hosts) &&
           slot_pool_init(&model->evidence, sizeof(host_evidence_t), evidence) &&
           model->evidence_owners != NULL;
}

host_model_t *host_model_new(const host_model_config_t *config)
{
    host_model_t *model = calloc(1, sizeof *model);
    if (model == NULL) {
        return NULL;
    }
    model->config = *config;
    if (model->config.hosts == 0) {
        model->config.hosts = HOST_MODEL_HOSTS_DEFAULT;
    }
    (void)pthread_mutex_init(&model->mutex, NULL);
    model->labels = host_labels_new();
    if (!host_index_init(model) || !pools_init(model) || model->labels == NULL) {
        host_model_free(model);
        return NULL;
    }
    return model;
}

void host_model_free(host_model_t *model)
{
    if (model == NULL) {
        return;
    }
    slot_pool_clear(&model->entries);
    slot_pool_clear(&model->signatures);
    slot_pool_clear(&model->changes);
    slot_pool_clear(&model->evidence);
    host_labels_free(model->labels);
    free(model->evidence_owners);
    host_index_clear(model);
    (void)pthread_mutex_destroy(&model->mutex);
    free(model);
}

void host_model_lock(host_model_t *model)
{
    (void)pthread_mutex_lock(&model->mutex);
}

void host_model_unlock(host_model_t *model)
{
    (void)pthread_mutex_unlock(&model->mutex);
}

host_labels_t *host_model_labels(host_model_t *model)
{
    return model->labels;
}

/* The oldest of a small sample replaces the oldest of all. */
static uint32_t choose_victim(host_model_t *model)
{
    uint32_t victim = 0;
    for (unsigned i = 0; i < EVICTION_SAMPLE; i++) {
        model->hand = model->hand % model->entries.used + 1;
        const host_entry_t *entry = entry_at(model, model->hand);
        if (entry->key.role != 0 && (victim == 0 || entry->last_ns < entry_at(model, victim)->last_ns)) {
            victim = model->hand;
        }
    }
    return victim;
}

/* The slot keeps its position in the list of updates: the next host in the slot is an update, too. */
static void remove_host(host_model_t *model, uint32_t slot)
{
    host_entry_t *entry = entry_at(model, slot);
    const uint32_t next = entry->next_updated;
    const bool updated = entry->updated;
    host_index_remove(model, slot);
    entry_clear(model, entry);
    *entry = (host_entry_t){.next_updated = next, .updated = updated};
    model->stats.hosts--;
}

static uint32_t take_entry(host_model_t *model)
{
    uint32_t slot = slot_take(&model->entries);
    if (slot == 0 && model->entries.used > 0 && (slot = choose_victim(model)) != 0) {
        remove_host(model, slot);
        model->stats.evicted++;
    }
    return slot;
}

uint32_t model_get(host_model_t *model, const host_key_t *key, int64_t time_ns)
{
    uint32_t slot = host_index_find(model, key);
    if (slot != 0) {
        return slot;
    }
    slot = host_index_reserve(model) ? take_entry(model) : 0;
    if (slot == 0) {
        return 0;
    }
    host_entry_t *entry = entry_at(model, slot);
    entry->key = *key;
    entry->first_ns = time_ns;
    entry->last_ns = time_ns;
    host_index_add(model, slot);
    model->stats.hosts++;
    return slot;
}

void model_note_update(host_model_t *model, uint32_t slot)
{
    host_entry_t *entry = entry_at(model, slot);
    if (!model->config.note_updates || entry->updated) {
        return;
    }
    entry->updated = true;
    entry->next_updated = 0;
    if (model->last_updated != 0) {
        entry_at(model, model->last_updated)->next_updated = slot;
    } else {
        model->first_updated = slot;
    }
    model->last_updated = slot;
}

static void note_times(host_model_t *model, int64_t time_ns)
{
    host_model_stats_t *stats = &model->stats;
    stats->observations++;
    if (stats->first_ns == 0 || time_ns < stats->first_ns) {
        stats->first_ns = time_ns;
    }
    if (time_ns > stats->last_ns) {
        stats->last_ns = time_ns;
    }
}

static void count_sighting(host_model_t *model, host_entry_t *entry, const host_sighting_t *sighting)
{
    const entry_signature_t signature = {
        .signature = sighting->facts.signature,
        .label = sighting->label,
        .count = 1,
        .link = sighting->link,
        .last_ns = sighting->time_ns,
        .link_mtu = sighting->link_mtu,
        .match_kind = sighting->match_kind,
        .quality = sighting->quality,
        .distance = sighting->distance,
        .initial_ttl = sighting->initial_ttl,
        .random_ttl = sighting->random_ttl,
    };
    entry->observations++;
    entry_count_label(entry, sighting->label, 1, sighting->quality, sighting->version_quality);
    entry_count_signature(model, entry, &signature);
    if (sighting->time_ns < entry->last_ns) {
        return;
    }
    if (!sighting->repeated && !sighting->tool) {
        host_behaviour_add(&entry->behaviour, sighting);
    }
    entry->distance = sighting->distance;
    entry->initial_ttl = sighting->initial_ttl;
    entry->random_ttl = sighting->random_ttl;
    if (sighting->link_mtu != 0) {
        entry->link = sighting->link;
    }
}

bool host_model_add(host_model_t *model, const host_sighting_t *sighting, synfix_host_change_t *change)
{
    const uint32_t slot = model_get(model, &sighting->key, sighting->time_ns);
    note_times(model, sighting->time_ns);
    if (slot == 0) {
        model->stats.lost++;
        return false;
    }
    host_entry_t *entry = entry_at(model, slot);
    const bool is_uptime = sighting->kind == SYNFIX_OBSERVATION_UPTIME;
    if (!is_uptime) {
        count_sighting(model, entry, sighting);
    }
    const bool changed = entry_detect(model, entry, slot, sighting, change);
    if (sighting->time_ns < entry->first_ns) {
        entry->first_ns = sighting->time_ns;
    }
    if (sighting->time_ns > entry->last_ns) {
        entry->last_ns = sighting->time_ns;
    }
    model->stats.changes += changed;
    model_note_update(model, slot);
    return changed;
}

bool host_model_row(const host_model_t *model, uint32_t slot, host_row_t *row)
{
    if (slot == 0 || slot > model->entries.used || entry_at(model, slot)->key.role == 0) {
        return false;
    }
    entry_row(model, entry_at(model, slot), row);
    row->slot = slot;
    return true;
}

const host_key_t *host_model_key(const host_model_t *model, uint32_t slot)
{
    return &entry_at(model, slot)->key;
}

bool host_model_each(host_model_t *model, host_row_fn each, void *user)
{
    host_row_t row;
    for (uint32_t slot = 1; slot <= model->entries.used; slot++) {
        if (host_model_row(model, slot, &row) && !each(&row, user)) {
            return false;
        }
    }
    return true;
}

size_t host_model_find(host_model_t *model, const synfix_address_t *address, uint8_t ip_version,
                       host_row_fn each, void *user)
{
    host_row_t row;
    size_t count = 0;
    for (uint32_t slot = host_index_first(model, address, ip_version); slot != 0;
         slot = entry_at(model, slot)->next_address) {
        const host_entry_t *entry = entry_at(model, slot);
        if (entry->key.ip_version != ip_version ||
            memcmp(&entry->key.address, address, sizeof *address) != 0) {
            continue;
        }
        count++;
        (void)host_model_row(model, slot, &row);
        if (!each(&row, user)) {
            break;
        }
    }
    return count;
}

void host_model_update_all(host_model_t *model)
{
    for (uint32_t slot = 1; slot <= model->entries.used; slot++) {
        if (entry_at(model, slot)->key.role != 0) {
            model_note_update(model, slot);
        }
    }
}

size_t host_model_updated(host_model_t *model, size_t limit, host_row_fn each, void *user)
{
    host_row_t row;
    size_t count = 0;
    model->passed_first = model->first_updated;
    model->passed_last = 0;
    while (model->first_updated != 0 && count < limit) {
        const uint32_t slot = model->first_updated;
        host_entry_t *entry = entry_at(model, slot);
        model->first_updated = entry->next_updated;
        model->passed_last = slot;
        entry->updated = false;
        count++;
        if (entry->key.role == 0) {
            continue;
        }
        entry_row(model, entry, &row);
        if (!each(&row, user)) {
            break;
        }
    }
    if (model->first_updated == 0) {
        model->last_updated = 0;
    }
    return count;
}

void host_model_restore_updated(host_model_t *model)
{
    if (model->passed_last == 0) {
        return;
    }
    for (uint32_t slot = model->passed_first;; slot = entry_at(model, slot)->next_updated) {
        entry_at(model, slot)->updated = true;
        if (slot == model->passed_last) {
            break;
        }
    }
    entry_at(model, model->passed_last)->next_updated = model->first_updated;
    if (model->last_updated == 0) {
        model->last_updated = model->passed_last;
    }
    model->first_updated = model->passed_first;
    model->passed_last = 0;
}

void host_model_expire(host_model_t *model)
{
    if (model->config.lifetime_ns <= 0) {
        return;
    }
    for (uint32_t slot = 1; slot <= model->entries.used; slot++) {
        host_entry_t *entry = entry_at(model, slot);
        if (entry->key.role == 0 || entry->updated ||
            model->stats.last_ns - entry->last_ns <= model->config.lifetime_ns) {
            continue;
        }
        remove_host(model, slot);
        slot_release(&model->entries, slot);
        model->stats.expired++;
    }
}

void host_model_stats(const host_model_t *model, host_model_stats_t *stats)
{
    *stats = model->stats;
    stats->limit = model->config.hosts;
}
