/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_tracking.h"

synfix_status_t host_tracking_init(host_tracking_t *tracking, host_model_t *model, bool changes,
                                   synfix_error_t *error)
{
    *tracking = (host_tracking_t){.model = model, .changes = changes};
    if (model == NULL) {
        return SYNFIX_OK;
    }
    tracking->cache = label_cache_new(host_model_labels(model));
    return tracking->cache != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "hosts: out of memory");
}

void host_tracking_clear(host_tracking_t *tracking)
{
    label_cache_free(tracking->cache);
    *tracking = (host_tracking_t){.model = NULL};
}

/* The record contains timestamps, but no other TCP option, as a record of an uptime does. */
static void make_record(host_tracking_t *tracking, const synfix_observation_t *observation,
                        const synfix_host_change_t *change, synfix_observation_t *record)
{
    tracking->options = (synfix_tcp_options_t){
        .has_timestamps = observation->options->has_timestamps,
        .timestamp_value = observation->options->timestamp_value,
        .timestamp_echo = observation->options->timestamp_echo,
    };
    *record = *observation;
    record->options = &tracking->options;
    record->kind = SYNFIX_OBSERVATION_HOST_CHANGE;
    record->fingerprint = NULL;
    record->uptime = (synfix_uptime_t){.frequency = 0};
    record->muon_fingerprint = NULL;
    record->host_change = change;
}

bool host_tracking_add(host_tracking_t *tracking, const synfix_observation_t *observation,
                       synfix_host_change_t *change, synfix_observation_t *record)
{
    host_sighting_t sighting;
    if (!host_sighting_read(&sighting, observation)) {
        return false;
    }
    if (observation->fingerprint != NULL) {
        label_cache_number(tracking->cache, observation->fingerprint, &sighting);
    }
    host_model_lock(tracking->model);
    const bool changed = host_model_add(tracking->model, &sighting, change);
    host_model_unlock(tracking->model);
    if (!changed || !tracking->changes) {
        return false;
    }
    make_record(tracking, observation, change, record);
    return true;
}
