/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_index.h
 * Finds entries by key and by address. Private to the files of the model.
 */
#ifndef HOSTS_HOST_INDEX_H
#define HOSTS_HOST_INDEX_H

#include "hosts/host_entry.h"

/** Makes an empty index. False: out of memory. */
bool host_index_init(host_model_t *model);
/** Frees the index. */
void host_index_clear(host_model_t *model);

/** Returns the slot of the entry with @p key; 0: none. */
uint32_t host_index_find(const host_model_t *model, const host_key_t *key);

/** Reserves memory for one more entry; false: out of memory. */
bool host_index_reserve(host_model_t *model);

/** Adds entry @p slot, whose key is set and not yet in the index. Needs host_index_reserve() before. */
void host_index_add(host_model_t *model, uint32_t slot);
void host_index_remove(host_model_t *model, uint32_t slot);

/** Returns the first entry that may have the address; 0: none. Follow next_address and compare. */
uint32_t host_index_first(const host_model_t *model, const synfix_address_t *address, uint8_t ip_version);

#endif
