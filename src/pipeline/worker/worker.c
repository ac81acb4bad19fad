/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/worker.h"
#include "engine/engine_filter.h"
#include "engine/engine_tables.h"
#include "engine/plain_output.h"
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/live_samples.h"
#include "pipeline/worker/output_set.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink_queue.h"
#include <stdlib.h>
#include <string.h>

static void send_block(worker_t *worker, encoder_slot_t *slot)
{
    block_t *block = slot->current;
    const encoding_group_t *group = &slot->group;
    const uint32_t records = block->content.records;
    slot->current = NULL;
    if (slot->notify_pending_ns == 0) {
        slot->notify_pending_ns = block->born_ns;
    }
    if (group->encoding->seal != NULL) {
        group->encoding->seal(slot->encoder, &block->content);
    }
    atomic_store_explicit(&block->references, (unsigned)group->sink_count, memory_order_relaxed);
    for (size_t i = 0; i < group->sink_count; i++) {
        sink_queue_t *queue = &group->sinks[i]->queues[worker->index];
        const queue_result_t answer = sink_queue_put(worker, group->sinks[i], block);
        atomic_fetch_add_explicit(answer == QUEUE_DROPPED ? &queue->dropped : &queue->queued, records,
                                  memory_order_relaxed);
        if (answer != QUEUE_QUEUED && block_release(block)) {
            block_pool_return(slot, block);
        }
    }
}

static __attribute__((noinline)) void count_unencodable(const worker_t *worker, const encoding_group_t *group)
{
    for (size_t i = 0; i < group->sink_count; i++) {
        atomic_fetch_add_explicit(&group->sinks[i]->queues[worker->index].unencodable, 1,
                                  memory_order_relaxed);
    }
}

/* The block is full: the next one takes the observation. */
static __attribute__((noinline)) synfix_status_t encode_into_next(worker_t *worker, encoder_slot_t *slot,
                                                                  const synfix_observation_t *observation)
{
    send_block(worker, slot);
    slot->current = block_pool_take(slot, worker->now_ns);
    return slot->group.encoding->encode(slot->encoder, observation, &slot->current->content);
}

static __attribute__((noinline)) void take_block(const worker_t *worker, encoder_slot_t *slot)
{
    slot->current = block_pool_take(slot, worker->now_ns);
}

/* The common case calls only the encoder: each register that must survive a call costs as much as a field of
 * the record. */
static inline __attribute__((always_inline)) void encode(worker_t *worker, encoder_slot_t *slot,
                                                         const synfix_observation_t *observation)
{
    if (__builtin_expect(slot->current == NULL, 0)) {
        take_block(worker, slot);
    }
    uint32_t records = slot->current->content.records; /* an encoder may count the record itself */
    synfix_status_t status =
        slot->group.encoding->encode(slot->encoder, observation, &slot->current->content);
    if (__builtin_expect(status != SYNFIX_OK, 0)) {
        if (status == SYNFIX_AGAIN && records > 0) {
            status = encode_into_next(worker, slot, observation);
            records = 0;
        }
        if (status != SYNFIX_OK) {
            count_unencodable(worker, &slot->group);
            return;
        }
    }
    synfix_block_t *block = &slot->current->content;
    block->records = records + 1;
    if (__builtin_expect(records == 0, 0)) {
        block->first_time_ns = observation->time_ns;
        block->first_number = observation->packet_number;
    }
    block->last_time_ns = observation->time_ns;
    block->last_number = observation->packet_number;
}

static void enrich(worker_t *worker, synfix_observation_t *observation)
{
    const pipeline_t *pipeline = worker->pipeline;
    observation->annotations = worker->annotations;
    observation->annotation_count = 0;
    for (size_t i = 0; i < worker->outputs.enricher_count; i++) {
        enricher_t *enricher = worker->outputs.enrichers[i];
        if (atomic_load_explicit(&enricher->failed, memory_order_relaxed)) {
            continue;
        }
        const synfix_status_t status = enricher->module->enricher->enrich(
            enricher->instance, enricher->states[worker->index], observation);
        if (status >= 0) {
            continue;
        }
        atomic_fetch_add_explicit(&worker->enricher_failures, 1, memory_order_relaxed);
        if (!atomic_exchange(&enricher->failed, true)) {
            pipeline_log(pipeline, 0, "enricher %s: %s: disabled", enricher->module->name,
                         synfix_status_text(status));
        }
    }
}

static void encode_for_all(worker_t *worker, const synfix_observation_t *observation)
{
    for (size_t i = 0; i < worker->outputs.slot_count; i++) {
        encode(worker, worker->outputs.slots[i], observation);
    }
}

/* A separate function: the copy on the stack slows each call of a function that contains it. */
static __attribute__((noinline)) void enrich_and_encode(worker_t *worker,
                                                        const synfix_observation_t *observation)
{
    synfix_observation_t enriched = *observation;
    enrich(worker, &enriched);
    encode_for_all(worker, &enriched);
}

void worker_observe(worker_t *worker, const synfix_observation_t *observation)
{
    if (worker->outputs.only != NULL) {
        encode(worker, worker->outputs.only, observation);
    } else if (worker->outputs.enricher_count > 0) {
        enrich_and_encode(worker, observation);
    } else {
        encode_for_all(worker, observation);
    }
}

/* With enrichers, several encoders or host tracking. The record of a change follows the record of the packet
 * that shows it. */
static __attribute__((noinline)) void observe_and_track(worker_t *worker,
                                                        const synfix_observation_t *observation)
{
    synfix_host_change_t change;
    synfix_observation_t record;
    worker_observe(worker, observation);
    if (worker->hosts.model != NULL && host_tracking_add(&worker->hosts, observation, &change, &record)) {
        worker_observe(worker, &record);
    }
}

/* Encodes the first of @p count observations that fit into the current block. Returns their number, which
 * includes one that cannot be encoded. */
static size_t encode_some(worker_t *worker, encoder_slot_t *slot,
                          const synfix_plain_observation_t *const *observations, size_t count)
{
    if (slot->current == NULL) {
        take_block(worker, slot);
    }
    synfix_block_t *block = &slot->current->content;
    synfix_status_t status;
    const size_t done =
        slot->group.encoding->encode_plain(slot->encoder, observations, count, block, &status);
    if (done > 0) {
        if (block->records == 0) {
            block->first_time_ns = observations[0]->time_ns;
            block->first_number = observations[0]->packet_number;
        }
        block->last_time_ns = observations[done - 1]->time_ns;
        block->last_number = observations[done - 1]->packet_number;
        block->records += (uint32_t)done;
    }
    if (status == SYNFIX_AGAIN && block->records > 0) {
        send_block(worker, slot);
    } else if (status != SYNFIX_OK) {
        count_unencodable(worker, &slot->group);
        return done + 1;
    }
    return done;
}

static bool on_plain(const synfix_plain_observation_t *const *observations, size_t count, void *user)
{
    worker_t *worker = user;
    encoder_slot_t *slot = worker->outputs.plain;
    if (slot == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        family_counts_add(&worker->families, observations[i]->fingerprint);
    }
    for (size_t done = 0; done < count;) {
        done += encode_some(worker, slot, observations + done, count - done);
    }
    return true;
}

static void on_observation(const synfix_observation_t *observation, void *user)
{
    worker_t *worker = user;
    if (observation->fingerprint != NULL) {
        family_counts_add(&worker->families, observation->fingerprint);
    }
    if (worker->outputs.only != NULL && worker->hosts.model == NULL) {
        encode(worker, worker->outputs.only, observation);
    } else {
        observe_and_track(worker, observation);
    }
}

static bool on_filter(const synfix_headers_t *headers, void *user)
{
    const worker_t *worker = user;
    return header_filter_pass(worker->filter, headers);
}

void worker_set_filter(worker_t *worker, header_filter_t *filter)
{
    header_filter_unref(worker->filter);
    worker->filter = filter;
    if (worker->pipeline->config.engine.filter == NULL) {
        engine_set_filter(worker->engine, filter == NULL ? NULL : on_filter, worker);
    }
    synfix_engine_set_encapsulations(worker->engine, header_filter_encapsulations(filter));
}

void worker_flush_slot(worker_t *worker, encoder_slot_t *slot)
{
    if (slot->current != NULL && slot->current->content.records > 0) {
        send_block(worker, slot);
    }
}

void worker_flush(worker_t *worker)
{
    for (size_t i = 0; i < worker->outputs.slot_count; i++) {
        worker_flush_slot(worker, worker->outputs.slots[i]);
    }
}

/* One lock for each batch, and none when no enricher can reload. */
void worker_lock_enrichers(worker_t *worker)
{
    if (worker->outputs.reloadable) {
        (void)pthread_rwlock_rdlock(&worker->pipeline->at_packets);
    }
}

void worker_unlock_enrichers(worker_t *worker)
{
    if (worker->outputs.reloadable) {
        (void)pthread_rwlock_unlock(&worker->pipeline->at_packets);
    }
}

/* The table of hosts of a live run is made at the start, also where it is not used yet: so a reload that
 * switches the uptime on cannot fail. Memory that is not touched costs nothing. */
static synfix_status_t make_engine(worker_t *worker, const synfix_engine_config_t *config,
                                   synfix_error_t *error)
{
    synfix_status_t status = engine_new(config, worker->pipeline->few_packets, &worker->engine, error);
    if (status == SYNFIX_OK && worker->pipeline->config.live && config->uptime == SYNFIX_UPTIME_OFF) {
        status = synfix_engine_set_uptime(worker->engine, SYNFIX_UPTIME_REGRESSION, error);
        status =
            status == SYNFIX_OK ? synfix_engine_set_uptime(worker->engine, SYNFIX_UPTIME_OFF, error) : status;
    }
    return status;
}

/* The configuration of a worker's engine: that of the pipeline, with the worker's functions. */
static synfix_engine_config_t engine_config_of(worker_t *worker)
{
    const pipeline_t *pipeline = worker->pipeline;
    synfix_engine_config_t config = pipeline->config.engine;
    config.on_observation = on_observation;
    config.observation_user = worker;
    config.encapsulations &= header_filter_encapsulations(pipeline->config.filter);
    if (config.filter == NULL && worker->filter != NULL) {
        config.filter = on_filter;
        config.filter_user = worker;
    }
    if (pipeline->config.live && pipeline->worker_count > 1) {
        config.on_timestamp_sample = live_sample;
        config.timestamp_sample_user = worker;
    }
    return config;
}

synfix_status_t worker_open(worker_t *worker, pipeline_t *pipeline, unsigned index, synfix_error_t *error)
{
    worker->pipeline = pipeline;
    worker->index = index;
    worker->now_ns = monotonic_ns();
    worker->filter = pipeline->config.filter == NULL ? NULL : header_filter_ref(pipeline->config.filter);
    if (!wake_event_init(&worker->room)) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", index);
    }
    const synfix_engine_config_t config = engine_config_of(worker);
    worker->uptime = (int)config.uptime;
    worker->signatures = (int)config.signatures;
    synfix_status_t status =
        host_tracking_init(&worker->hosts, pipeline->config.hosts, pipeline->config.host_changes, error);
    if (status == SYNFIX_OK) {
        status = make_engine(worker, &config, error);
    }
    if (status == SYNFIX_OK && worker->hosts.model == NULL) { /* the host model reads decoded headers */
        engine_set_on_plain(worker->engine, on_plain, worker);
    }
    return status;
}

void worker_close(worker_t *worker)
{
    if (worker->pipeline == NULL) {
        return;
    }
    synfix_engine_free(worker->engine);
    for (size_t i = 0; i < worker->outputs.slot_count; i++) {
        encoder_slot_free(worker->outputs.slots[i]);
    }
    while (worker->retired != NULL) {
        encoder_slot_t *slot = worker->retired;
        worker->retired = slot->next;
        encoder_slot_free(slot);
    }
    host_tracking_clear(&worker->hosts);
    header_filter_unref(worker->filter);
    header_filter_unref(atomic_exchange(&worker->next_filter, NULL));
    synfix_sigdb_unref(atomic_exchange(&worker->next_sigdb, NULL));
    wake_event_destroy(&worker->room);
}

uint64_t worker_observations(const worker_t *worker)
{
    synfix_engine_counters_t counters = {0};
    synfix_engine_counters(worker->engine, &counters);
    return counters.verdicts[SYNFIX_VERDICT_SYN] + counters.verdicts[SYNFIX_VERDICT_SYN_ACK] +
           counters.uptime_observations;
}
