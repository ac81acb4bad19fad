/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/label_cache.h"

#include <stdlib.h>
#include <synfix/engine.h>

typedef struct cached_numbers {
    uint64_t stamp; /* of the fingerprint plus 1; 0: free */
    uint32_t slot;
    uint32_t label;
    uint32_t link;
} cached_numbers_t;

struct label_cache {
    host_labels_t *labels;
    cached_numbers_t numbers[SYNFIX_FINGERPRINT_SLOTS_DEFAULT]; /* more slots of an engine share them */
};

label_cache_t *label_cache_new(host_labels_t *labels)
{
    label_cache_t *cache = calloc(1, sizeof *cache);
    if (cache != NULL) {
        cache->labels = labels;
    }
    return cache;
}

void label_cache_free(label_cache_t *cache)
{
    free(cache);
}

void label_cache_number(label_cache_t *cache, const synfix_fingerprint_t *fingerprint,
                        host_sighting_t *sighting)
{
    cached_numbers_t *cached = &cache->numbers[fingerprint->slot % SYNFIX_FINGERPRINT_SLOTS_DEFAULT];
    if (cached->stamp != fingerprint->stamp + 1 || cached->slot != fingerprint->slot) {
        *cached = (cached_numbers_t){
            .stamp = fingerprint->stamp + 1,
            .slot = fingerprint->slot,
            .label = host_labels_add(cache->labels, fingerprint->match.label),
            .link = host_labels_add_text(cache->labels, fingerprint->link_label),
        };
        host_labels_add_clock(cache->labels, cached->label, host_clock_pack(&fingerprint->match));
    }
    sighting->label = cached->label;
    sighting->link = cached->link;
}
