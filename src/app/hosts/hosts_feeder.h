/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_feeder.h
 * Adds sightings to a host model in its own thread, so that decoding and the model use two processors.
 * The order is kept.
 */
#ifndef APP_HOSTS_HOSTS_FEEDER_H
#define APP_HOSTS_HOSTS_FEEDER_H

#include "hosts/host_model.h"

typedef struct hosts_feeder hosts_feeder_t;

/** Never NULL. @p model outlives the feeder. */
hosts_feeder_t *hosts_feeder_new(host_model_t *model);

/** Adds what is pending and ends the thread. NULL is allowed. */
void hosts_feeder_free(hosts_feeder_t *feeder);

/** Copies @p sighting; waits while the thread is far behind. */
void hosts_feeder_put(hosts_feeder_t *feeder, const host_sighting_t *sighting);

/** Waits until all sightings are in the model, which the caller may use until the next put. */
void hosts_feeder_drain(hosts_feeder_t *feeder);

#endif
