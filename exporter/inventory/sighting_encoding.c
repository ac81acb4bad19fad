/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/inventory/sighting_encoding.h"

#include "hosts/label_cache.h"
#include <glib.h>
#include <string.h>

typedef struct sighting_encoder {
    const sighting_settings_t *settings;
    label_cache_t *cache;
} sighting_encoder_t;

static void destroy(void *state)
{
    sighting_encoder_t *encoder = state;
    label_cache_free(encoder->cache);
    g_free(encoder);
}

static synfix_status_t create(const void *settings, unsigned worker, void **encoder, synfix_error_t *error)
{
    (void)worker;
    const sighting_settings_t *wanted = settings;
    label_cache_t *cache = label_cache_new(wanted->labels);
    if (cache == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "hosts: out of memory");
    }
    sighting_encoder_t *made = g_new0(sighting_encoder_t, 1);
    *made = (sighting_encoder_t){.settings = wanted, .cache = cache};
    *encoder = made;
    return SYNFIX_OK;
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
        label_cache_number(encoder->cache, observation->fingerprint, &sighting);
    }
    memcpy(block->data + block->length, &sighting, sizeof sighting);
    block->length += (uint32_t)sizeof sighting;
    return SYNFIX_OK;
}

const synfix_encoding_t sighting_encoding = {
    .block_size = 65536, .create = create, .encode = encode, .destroy = destroy};

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
