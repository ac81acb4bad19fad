/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Two tables of slots: by key with linear probing, and by address with lists, because one address may have
 * thousands of hosts in different VLANs and tunnels.
 */
#include "hosts/host_index.h"

#include "base/hash_mix.h"
#include <stdlib.h>
#include <string.h>

#define INDEX_MIN 1024u

static uint32_t key_hash(const host_key_t *key)
{
    uint64_t words[2];
    uint64_t tags = 0;
    memcpy(words, key->address.bytes, sizeof words);
    memcpy(&tags, &key->vlan_id, sizeof tags);
    return (uint32_t)(hash_mix(hash_mix(words[0], words[1]), tags ^ ((uint64_t)key->tunnel_id << 16)) >> 7);
}

static uint32_t *address_head(const host_model_t *model, const synfix_address_t *address, uint8_t ip_version)
{
    uint64_t words[2];
    memcpy(words, address->bytes, sizeof words);
    return &model->address_index[(hash_mix(words[0], words[1] ^ ip_version) >> 7) & model->index_mask];
}

bool host_index_init(host_model_t *model)
{
    model->index_mask = INDEX_MIN - 1;
    model->index = calloc(INDEX_MIN, sizeof *model->index);
    model->address_index = calloc(INDEX_MIN, sizeof *model->address_index);
    return model->index != NULL && model->address_index != NULL;
}

void host_index_clear(host_model_t *model)
{
    free(model->index);
    free(model->address_index);
}

/* Position of the key in the table, or the free position for it. */
static uint32_t position_of(const host_model_t *model, const host_key_t *key, uint32_t hash)
{
    uint32_t position = hash & model->index_mask;
    while (model->index[position] != 0) {
        const host_entry_t *entry = entry_at(model, model->index[position]);
        if (entry->hash == hash && memcmp(&entry->key, key, sizeof *key) == 0) {
            break;
        }
        position = (position + 1) & model->index_mask;
    }
    return position;
}

uint32_t host_index_find(const host_model_t *model, const host_key_t *key)
{
    return model->index[position_of(model, key, key_hash(key))];
}

uint32_t host_index_first(const host_model_t *model, const synfix_address_t *address, uint8_t ip_version)
{
    return *address_head(model, address, ip_version);
}

static void link_address(host_model_t *model, uint32_t slot)
{
    host_entry_t *entry = entry_at(model, slot);
    uint32_t *head = address_head(model, &entry->key.address, entry->key.ip_version);
    entry->previous_address = 0;
    entry->next_address = *head;
    if (*head != 0) {
        entry_at(model, *head)->previous_address = slot;
    }
    *head = slot;
}

static void unlink_address(host_model_t *model, const host_entry_t *entry)
{
    if (entry->next_address != 0) {
        entry_at(model, entry->next_address)->previous_address = entry->previous_address;
    }
    if (entry->previous_address != 0) {
        entry_at(model, entry->previous_address)->next_address = entry->next_address;
    } else {
        *address_head(model, &entry->key.address, entry->key.ip_version) = entry->next_address;
    }
}

void host_index_add(host_model_t *model, uint32_t slot)
{
    host_entry_t *entry = entry_at(model, slot);
    entry->hash = key_hash(&entry->key);
    model->index[position_of(model, &entry->key, entry->hash)] = slot;
    link_address(model, slot);
}

/* Moves later entries up, so that no search ends too early. */
static void close_gap(host_model_t *model, uint32_t hole)
{
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

void host_index_remove(host_model_t *model, uint32_t slot)
{
    const host_entry_t *entry = entry_at(model, slot);
    unlink_address(model, entry);
    close_gap(model, position_of(model, &entry->key, entry->hash));
}

static void fill_again(host_model_t *model, const uint32_t *old, uint32_t old_mask)
{
    for (uint32_t i = 0; i <= old_mask; i++) {
        if (old[i] == 0) {
            continue;
        }
        uint32_t position = entry_at(model, old[i])->hash & model->index_mask;
        while (model->index[position] != 0) {
            position = (position + 1) & model->index_mask;
        }
        model->index[position] = old[i];
        link_address(model, old[i]);
    }
}

bool host_index_reserve(host_model_t *model)
{
    if (model->stats.hosts < model->index_mask / 4 * 3) {
        return true;
    }
    const uint32_t size = (model->index_mask + 1) * 2;
    uint32_t *index = calloc(size, sizeof *index);
    uint32_t *address_index = calloc(size, sizeof *address_index);
    if (index == NULL || address_index == NULL) {
        free(index);
        free(address_index);
        return false;
    }
    uint32_t *old = model->index;
    const uint32_t old_mask = model->index_mask;
    free(model->address_index);
    model->index = index;
    model->address_index = address_index;
    model->index_mask = size - 1;
    fill_again(model, old, old_mask);
    free(old);
    return true;
}
