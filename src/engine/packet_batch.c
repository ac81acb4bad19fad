/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A fingerprint is ten times as large as the rest of an observation, and most packets of a batch share
 * theirs with others. The batch stores it once for each (slot, stamp) and finds it through a small table
 * indexed by slot. */
#include <stdlib.h>
#include <string.h>
#include <synfix/batch.h>

#define SHARED 64u /* a power of two */
#define NONE   UINT32_MAX

typedef struct item {
    synfix_observation_t observation;
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    uint8_t option_bytes[40];
} item_t;

struct synfix_batch {
    size_t capacity;
    size_t count;
    uint64_t missed;
    item_t *items;
    synfix_fingerprint_t *fingerprints;
    uint32_t fingerprint_count;
    uint32_t shared[SHARED]; /* index in fingerprints */
};

synfix_status_t synfix_batch_new(size_t capacity, synfix_batch_t **batch, synfix_error_t *error)
{
    if (capacity < 1 || capacity > SYNFIX_BATCH_CAPACITY_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "batch: a capacity of %zu is not 1 to %u", capacity,
                           SYNFIX_BATCH_CAPACITY_MAX);
    }
    synfix_batch_t *made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->capacity = capacity;
        made->items = calloc(capacity, sizeof *made->items);
        made->fingerprints = calloc(capacity, sizeof *made->fingerprints);
    }
    if (made == NULL || made->items == NULL || made->fingerprints == NULL) {
        synfix_batch_free(made);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "batch: out of memory");
    }
    synfix_batch_clear(made);
    *batch = made;
    return SYNFIX_OK;
}

void synfix_batch_free(synfix_batch_t *batch)
{
    if (batch == NULL) {
        return;
    }
    free(batch->items);
    free(batch->fingerprints);
    free(batch);
}

static const synfix_fingerprint_t *keep_fingerprint(synfix_batch_t *batch,
                                                    const synfix_fingerprint_t *fingerprint)
{
    uint32_t *shared = &batch->shared[fingerprint->slot % SHARED];
    if (*shared != NONE) {
        const synfix_fingerprint_t *kept = &batch->fingerprints[*shared];
        if (kept->slot == fingerprint->slot && kept->stamp == fingerprint->stamp) {
            return kept;
        }
    }
    *shared = batch->fingerprint_count;
    batch->fingerprints[batch->fingerprint_count] = *fingerprint;
    return &batch->fingerprints[batch->fingerprint_count++];
}

void synfix_batch_add(const synfix_observation_t *observation, void *user)
{
    synfix_batch_t *batch = user;
    if (batch->count == batch->capacity) {
        batch->missed++;
        return;
    }
    item_t *item = &batch->items[batch->count++];
    item->observation = *observation;
    item->headers = *observation->headers;
    item->options = *observation->options;
    if (item->headers.options != NULL) {
        const size_t captured = item->headers.options_captured;
        memcpy(item->option_bytes, item->headers.options,
               captured < sizeof item->option_bytes ? captured : sizeof item->option_bytes);
        item->headers.options = item->option_bytes;
    }
    item->observation.headers = &item->headers;
    item->observation.options = &item->options;
    item->observation.community_id = NULL;
    item->observation.muon_fingerprint = NULL;
    item->observation.annotations = NULL;
    item->observation.annotation_count = 0;
    if (observation->fingerprint != NULL) {
        item->observation.fingerprint = keep_fingerprint(batch, observation->fingerprint);
    }
}

size_t synfix_batch_count(const synfix_batch_t *batch)
{
    return batch->count;
}

const synfix_observation_t *synfix_batch_at(const synfix_batch_t *batch, size_t index)
{
    return index < batch->count ? &batch->items[index].observation : NULL;
}

uint64_t synfix_batch_missed(const synfix_batch_t *batch)
{
    return batch->missed;
}

void synfix_batch_clear(synfix_batch_t *batch)
{
    batch->count = 0;
    batch->fingerprint_count = 0;
    for (uint32_t i = 0; i < SHARED; i++) {
        batch->shared[i] = NONE;
    }
}
