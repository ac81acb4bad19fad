/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file label_cache.h
 * Caches the numbers of label and link of a fingerprint, so that the texts of a fingerprint are compared
 * once. One cache serves one engine and one thread.
 */
#ifndef HOSTS_LABEL_CACHE_H
#define HOSTS_LABEL_CACHE_H

#include "hosts/host_sighting.h"

typedef struct label_cache label_cache_t;

/** @p labels must outlive the cache. NULL: out of memory. */
label_cache_t *label_cache_new(host_labels_t *labels);
/** @p cache may be NULL. */
void label_cache_free(label_cache_t *cache);

/** Sets label and link of @p sighting from @p fingerprint. */
void label_cache_number(label_cache_t *cache, const synfix_fingerprint_t *fingerprint,
                        host_sighting_t *sighting);

#endif
