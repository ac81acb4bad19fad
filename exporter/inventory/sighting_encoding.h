/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sighting_encoding.h
 * Observations as sightings in a block: how they reach a host model in another thread.
 */
#ifndef EXPORTER_INVENTORY_SIGHTING_ENCODING_H
#define EXPORTER_INVENTORY_SIGHTING_ENCODING_H

#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <synfix/module.h>

typedef struct sighting_settings {
    host_labels_t *labels;       /* of the model that takes the sightings */
    const host_filter_t *filter; /* observations of other times and addresses are left out; NULL: all */
} sighting_settings_t;

/** settings: a sighting_settings_t. A block holds whole host_sighting_t. */
extern const synfix_encoding_t sighting_encoding;

/** Adds the sightings of a block to @p model. */
void sighting_block_add(const synfix_block_t *block, host_model_t *model);

#endif
