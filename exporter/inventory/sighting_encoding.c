/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/inventory/sighting_encoding.h"

#include <glib.h>
#include <string.h>

/* A power of two; as many fingerprints as an engine remembers by default. */
#define CACHE_SLOTS 8192u

/* Numbers that follow from a fingerprint, so that texts are compared once. */
typedef struct cached_numbers {
    uint32_t slot;
    uint32_t label;
    uint64_t stamp; /* 0: free */
    uint32_t link;
} cached_numbers_t;

typedef struct sighting_encoder {
    const sighting_settings_t *settings;
    cached_numbers_t cache[CACHE_SLOTS];
} sighting_encoder_t;

static synfix_status_t create(const void *settings, unsigned worker, void **encoder, synfix_error_t *error)
{
    (void)worker;
    sighting_encoder_t *made = g_try_new0(sighting_encoder_t, 1);
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "hosts: out of memory");
    }
    made->settings = settings;
    *encoder = made;
    return SYNFIX_OK;
}

static void number_texts(sighting_encoder_t *encoder, const synfix_fingerprint_t *fingerprint,
                         host_sighting_t *sighting)
{
    cached_numbers_t *cached = &encoder->cache[fingerprint->slot % CACHE_SLOTS];
    host_labels_t *labels = encoder->settings->labels;
    if (cached->stamp != fingerprint->stamp + 1 || cached->slot != fingerprint->slot) {
        *cached = (cached_numbers_t){
            .slot = fingerprint->slot,
            .stamp = fingerprint->stamp + 1,
            .label = host_labels_add(labels, fingerprint->match.label),
            .link = host_labels_add_text(labels, fingerprint->link_label),
        };
    }
    sighting->label = cached->label;
    sighting->link = cached->link;
}

static bool is_wanted(const host_filter_t *filter, const synfix_observation_t *observation)
{
    return filter == NULL ||
           (host_filter_time(filter, observation->time_ns) &&
            host_filter_address(filter, &observation->headers->source, observation->headers->ip_version));
}

static synfix_status_t encode(void *state, const synfix_observation_t *observation, synfix_block_t *block)
{
    sighting_encoder_t *encoder = state;
    host_sighting_t sighting;
    if (block->capacity - block->length < sizeof sighting) {
        return SYNFIX_AGAIN;
    }
    if (!is_wanted(encoder->settings->filter, observation) || !host_sighting_read(&sighting, observation)) {
        return SYNFIX_OK;
    }
    if (observation->fingerprint != NULL) {
        number_texts(encoder, observation->fingerprint, &sighting);
    }
    memcpy(block->data + block->length, &sighting, sizeof sighting);
    block->length += (uint32_t)sizeof sighting;
    return SYNFIX_OK;
}

const synfix_encoding_t sighting_encoding = {
    .block_size = 65536, .create = create, .encode = encode, .destroy = g_free};

void sighting_block_add(const synfix_block_t *block, host_model_t *model)
{
    host_sighting_t sighting;
    host_model_lock(model);
    for (uint32_t at = 0; at + sizeof sighting <= block->length; at += (uint32_t)sizeof sighting) {
        memcpy(&sighting, block->data + at, sizeof sighting);
        (void)host_model_add(model, &sighting, NULL);
    }
    host_model_unlock(model);
}
