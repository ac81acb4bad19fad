/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_entry.h"

#include "base/hash_mix.h"
#include <stdlib.h>
#include <string.h>

#define EVICTION_SAMPLE 8u
#define INDEX_MIN       1024u
#define EVIDENCE_SHARE  8u /* evidence is kept of so many times fewer hosts */
#define EVIDENCE_MIN    16384u

static uint32_t key_hash(const host_key_t *key)
{
    uint64_t words[2];
    uint64_t tags = 0;
    memcpy(words, key->address.bytes, sizeof words);
    memcpy(&tags, &key->vlan_id, sizeof tags);
    return (uint32_t)(hash_mix(hash_mix(words[0], words[1]), tags ^ ((uint64_t)key->tunnel_id << 16)) >> 7);
}

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
    model->index_mask = INDEX_MIN - 1;
    model->index = calloc(INDEX_MIN, sizeof *model->index);
    model->labels = host_labels_new();
    if (!pools_init(model) || model->index == NULL || model->labels == NULL) {
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
    free(model->index);
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

/* Place of the key in the index: its own, or the free one where it belongs. */
static uint32_t index_place(const host_model_t *model, const host_key_t *key, uint32_t hash)
{
    uint32_t place = hash & model->index_mask;
    while (model->index[place] != 0) {
        const host_entry_t *entry = entry_at(model, model->index[place]);
        if (entry->hash == hash && memcmp(&entry->key, key, sizeof *key) == 0) {
            break;
        }
        place = (place + 1) & model->index_mask;
    }
    return place;
}

/* Those behind a removed one move up, so that no search ends too early. */
static void index_remove(host_model_t *model, uint32_t place)
{
    uint32_t hole = place;
    for (uint32_t next = (hole + 1) & model->index_mask; model->index[next] != 0;
         next = (next + 1) & model->index_mask) {
        const uint32_t wanted = entry_at(model, model->index[next])->hash & model->index_mask;
        if (((next - wanted) & model->index_mask) < ((next - hole) & model->index_mask)) {
            continue;
        }
        model->index[hole] = model->index[next];
        hole = next;
    }
    model->index[hole] = 0;
}

static bool index_grow(host_model_t *model)
{
    const uint32_t size = (model->index_mask + 1) * 2;
    uint32_t *grown = calloc(size, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= model->index_mask; i++) {
        if (model->index[i] == 0) {
            continue;
        }
        uint32_t place = entry_at(model, model->index[i])->hash & (size - 1);
        while (grown[place] != 0) {
            place = (place + 1) & (size - 1);
        }
        grown[place] = model->index[i];
    }
    free(model->index);
    model->index = grown;
    model->index_mask = size - 1;
    return true;
}

/* The oldest of a few is nearly as good a choice as the oldest of all. */
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

/* The slot keeps its place in the list of updates: the host that follows is an update, too. */
static void remove_host(host_model_t *model, uint32_t slot)
{
    host_entry_t *entry = entry_at(model, slot);
    const uint32_t next = entry->next_updated;
    const bool updated = entry->updated;
    index_remove(model, index_place(model, &entry->key, entry->hash));
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

uint32_t model_find(const host_model_t *model, const host_key_t *key)
{
    return model->index[index_place(model, key, key_hash(key))];
}

uint32_t model_get(host_model_t *model, const host_key_t *key, int64_t time_ns)
{
    const uint32_t hash = key_hash(key);
    uint32_t slot = model->index[index_place(model, key, hash)];
    if (slot != 0) {
        return slot;
    }
    if (model->stats.hosts >= model->index_mask / 4 * 3 && !index_grow(model)) {
        return 0;
    }
    slot = take_entry(model);
    if (slot == 0) {
        return 0;
    }
    host_entry_t *entry = entry_at(model, slot);
    entry->key = *key;
    entry->hash = hash;
    entry->first_ns = time_ns;
    entry->last_ns = time_ns;
    model->index[index_place(model, key, hash)] = slot;
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
    entry_count_label(entry, sighting->label, 1, sighting->quality);
    entry_count_signature(model, entry, &signature);
    if (sighting->time_ns < entry->last_ns) {
        return;
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

bool host_model_observe(host_model_t *model, const synfix_observation_t *observation,
                        synfix_host_change_t *change)
{
    host_sighting_t sighting;
    if (!host_sighting_read(&sighting, observation)) {
        return false;
    }
    if (observation->fingerprint != NULL) {
        sighting.label = host_labels_add(model->labels, observation->fingerprint->match.label);
        sighting.link = host_labels_add_text(model->labels, observation->fingerprint->link_label);
    }
    return host_model_add(model, &sighting, change);
}

bool host_model_each(host_model_t *model, host_row_fn each, void *user)
{
    host_row_t row;
    for (uint32_t slot = 1; slot <= model->entries.used; slot++) {
        const host_entry_t *entry = entry_at(model, slot);
        if (entry->key.role == 0) {
            continue;
        }
        entry_row(model, entry, &row);
        if (!each(&row, user)) {
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
    for (uint32_t slot = 1; slot <= model->entries.used; slot++) {
        const host_entry_t *entry = entry_at(model, slot);
        if (entry->key.role == 0 || entry->key.ip_version != ip_version ||
            memcmp(&entry->key.address, address, sizeof *address) != 0) {
            continue;
        }
        entry_row(model, entry, &row);
        count++;
        if (!each(&row, user)) {
            break;
        }
    }
    return count;
}

size_t host_model_updated(host_model_t *model, size_t limit, host_row_fn each, void *user)
{
    host_row_t row;
    size_t count = 0;
    model->given_first = model->first_updated;
    model->given_last = 0;
    while (model->first_updated != 0 && count < limit) {
        const uint32_t slot = model->first_updated;
        host_entry_t *entry = entry_at(model, slot);
        model->first_updated = entry->next_updated;
        model->given_last = slot;
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
    if (model->given_last == 0) {
        return;
    }
    for (uint32_t slot = model->given_first;; slot = entry_at(model, slot)->next_updated) {
        entry_at(model, slot)->updated = true;
        if (slot == model->given_last) {
            break;
        }
    }
    entry_at(model, model->given_last)->next_updated = model->first_updated;
    if (model->last_updated == 0) {
        model->last_updated = model->given_last;
    }
    model->first_updated = model->given_first;
    model->given_last = 0;
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
