/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sighting_encoding.h
 * Encodes observations as sightings in a block, for a host model in another thread.
 */
#ifndef EXPORTER_INVENTORY_SIGHTING_ENCODING_H
#define EXPORTER_INVENTORY_SIGHTING_ENCODING_H

#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <synfix/module.h>

typedef struct sighting_settings {
    host_labels_t *labels;       /* label table of the model that receives the sightings */
    const host_filter_t *filter; /* observations outside its times and addresses are omitted; NULL: all */
} sighting_settings_t;

/** settings: a sighting_settings_t. A block contains whole host_sighting_t values. */
extern const synfix_encoding_t sighting_encoding;

/** Adds the sightings of a block to @p model. */
void sighting_block_add(const synfix_block_t *block, host_model_t *model);

#endif
