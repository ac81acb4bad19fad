/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/cached_fields.h"
#include "base/huge_pages.h"
#include <glib.h>

/* A signature may occur inside and outside of tunnels; one cache entry serves both. */
static uint16_t find_cached_id(const compiled_template_t *compiled, unsigned variant)
{
    const compiled_template_t *own = &compiled[variant];
    for (unsigned i = 0; i < variant; i++) {
        const compiled_template_t *other = &compiled[i];
        if (other->cached_count == own->cached_count &&
            memcmp(other->cached_codes, own->cached_codes, own->cached_count) == 0 &&
            memcmp(other->cached_lengths, own->cached_lengths,
                   own->cached_count * sizeof own->cached_lengths[0]) == 0) {
            return (uint16_t)i;
        }
    }
    return (uint16_t)variant;
}

/* Fields that are longer than an entry are encoded for each record. */
static uint32_t choose_stride(const compiled_template_t *compiled)
{
    uint32_t bytes = 0;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        bytes = MAX(bytes, compiled[i].cached_usual);
    }
    bytes += (uint32_t)sizeof(cached_fields_t);
    return (bytes + 63) / 64 * 64;
}

bool fields_cache_init(fields_cache_t *cache, compiled_template_t compiled[IPFIX_VARIANTS])
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        compiled[i].cached_id = find_cached_id(compiled, i);
    }
    cache->stride = choose_stride(compiled);
    cache->entries =
        huge_pages_new_lazy((size_t)SYNFIX_FINGERPRINT_SLOTS_DEFAULT * cache->stride + COPY_SLACK);
    return cache->entries != NULL;
}

void fields_cache_clear(fields_cache_t *cache)
{
    huge_pages_free(cache->entries);
    cache->entries = NULL;
}

static uint32_t write_fields(uint8_t *at, const compiled_template_t *compiled,
                             const synfix_observation_t *observation)
{
    const uint8_t *begin = at;
    for (unsigned i = 0; i < compiled->cached_count; i++) {
        uint8_t *end =
            fingerprint_field_write(at, (fingerprint_field_t)compiled->cached_codes[i], observation);
        at = compiled->cached_lengths[i] != 0 ? string_fix_length(at, end, compiled->cached_lengths[i]) : end;
    }
    return (uint32_t)(at - begin);
}

/* @p entry: NULL, or where the fields are kept when they fit. */
static encoded_fields_t encode_fields(fields_cache_t *cache, const compiled_template_t *compiled,
                                      const synfix_observation_t *observation, cached_fields_t *entry)
{
    const uint32_t length = write_fields(cache->scratch, compiled, observation);
    if (entry != NULL && sizeof *entry + length <= cache->stride) {
        *entry = (cached_fields_t){.stamp = observation->fingerprint->stamp,
                                   .slot = observation->fingerprint->slot,
                                   .length = (uint16_t)length,
                                   .cached_id = compiled->cached_id};
        memcpy(entry->bytes, cache->scratch, length);
    }
    return (encoded_fields_t){cache->scratch, length};
}

encoded_fields_t fields_cache_find(fields_cache_t *cache, const compiled_template_t *compiled,
                                   const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint == NULL || compiled->cached_count == 0) {
        return encode_fields(cache, compiled, observation, NULL);
    }
    cached_fields_t *entry = fields_cache_entry(cache, fingerprint);
    return cached_fields_match(entry, compiled, fingerprint)
               ? (encoded_fields_t){entry->bytes, entry->length}
               : encode_fields(cache, compiled, observation, entry);
}
