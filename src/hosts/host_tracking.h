/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_tracking.h
 * Adds the observations of one worker to the host model that all workers share.
 */
#ifndef HOSTS_HOST_TRACKING_H
#define HOSTS_HOST_TRACKING_H

#include "hosts/host_model.h"
#include "hosts/label_cache.h"
#include <synfix/status.h>

/** All zeros: no hosts are tracked. */
typedef struct host_tracking {
    host_model_t *model; /* of the caller of pipeline_new() */
    label_cache_t *cache;
    bool changes;                 /* changes become observations */
    synfix_tcp_options_t options; /* of the last record */
} host_tracking_t;

/** @p model may be NULL. host_tracking_clear() whatever the result. */
synfix_status_t host_tracking_init(host_tracking_t *tracking, host_model_t *model, bool changes,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
void host_tracking_clear(host_tracking_t *tracking);

/**
 * Adds @p observation to the model. True when it shows a change that is to be exported: then @p change
 * describes it, and @p record is an observation of kind HOST_CHANGE that refers to @p change.
 */
bool host_tracking_add(host_tracking_t *tracking, const synfix_observation_t *observation,
                       synfix_host_change_t *change, synfix_observation_t *record);

#endif
