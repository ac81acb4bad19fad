/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/pipeline_internal.h"
#include <stdlib.h>
#include <string.h>

/* Blocks that all sinks have read come back to the stack; the ones used last lie on top, still in the cache.
 */
static void collect_blocks(worker_t *worker, stage_t *stage)
{
    for (size_t i = 0; i < stage->group->sink_count; i++) {
        ring_t *back = &worker->links[stage->group->sinks[i]].back;
        block_t *block;
        while ((block = ring_pop(back)) != NULL)
            stage->home[stage->home_count++] = block;
    }
}

static block_t *take_block(worker_t *worker, stage_t *stage)
{
    if (stage->home_count == 0)
        collect_blocks(worker, stage);
    block_t *block = stage->home[--stage->home_count];
    uint8_t *data = block->content.data;
    block->content = (synfix_block_t){.data = data, .capacity = stage->group->block_size};
    block->born_ns = worker->now_ns;
    return block;
}

static void send_block(worker_t *worker, stage_t *stage)
{
    block_t *block = stage->current;
    const group_t *group = stage->group;
    const uint32_t records = block->content.records;
    stage->current = NULL;
    if (stage->untold_ns == 0)
        stage->untold_ns = block->born_ns;
    if (group->encoding->seal != NULL)
        group->encoding->seal(stage->encoder, &block->content);
    atomic_store_explicit(&block->references, (unsigned)group->sink_count, memory_order_relaxed);
    for (size_t i = 0; i < group->sink_count; i++) {
        link_t *link = &worker->links[group->sinks[i]];
        const link_answer_t answer = link_put(worker, &worker->pipeline->sinks[group->sinks[i]], block);
        atomic_fetch_add_explicit(answer == LINK_DROPPED ? &link->dropped : &link->queued, records,
                                  memory_order_relaxed);
        if (answer != LINK_QUEUED && block_release(block))
            stage->home[stage->home_count++] = block;
    }
}

static void encode(worker_t *worker, stage_t *stage, const synfix_observation_t *observation)
{
    const synfix_encoding_t *encoding = stage->group->encoding;
    if (stage->current == NULL)
        stage->current = take_block(worker, stage);
    uint32_t records = stage->current->content.records;
    synfix_status_t status = encoding->encode(stage->encoder, observation, &stage->current->content);
    if (status == SYNFIX_AGAIN && records > 0) {
        send_block(worker, stage);
        stage->current = take_block(worker, stage);
        records = 0;
        status = encoding->encode(stage->encoder, observation, &stage->current->content);
    }
    if (status != SYNFIX_OK) {
        atomic_fetch_add_explicit(&stage->unencodable, 1, memory_order_relaxed);
        return;
    }
    synfix_block_t *block = &stage->current->content;
    block->records = records + 1;
    if (records == 0) {
        block->first_time_ns = observation->time_ns;
        block->first_number = observation->packet_number;
    }
    block->last_time_ns = observation->time_ns;
    block->last_number = observation->packet_number;
}

static void enrich(worker_t *worker, synfix_observation_t *observation)
{
    pipeline_t *pipeline = worker->pipeline;
    observation->annotations = worker->annotations;
    observation->annotation_count = 0;
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        enricher_t *enricher = &pipeline->enrichers[i];
        if (atomic_load_explicit(&enricher->failed, memory_order_relaxed))
            continue;
        const synfix_status_t status =
            enricher->module->enricher->enrich(enricher->instance, worker->states[i], observation);
        if (status >= 0)
            continue;
        atomic_fetch_add_explicit(&worker->enricher_failures, 1, memory_order_relaxed);
        if (!atomic_exchange(&enricher->failed, true))
            pipeline_log(pipeline, 0, "enricher %s: %s: switched off", enricher->module->name,
                         synfix_status_text(status));
    }
}

synfix_status_t synfix_observation_annotate(synfix_observation_t *observation, const char *name,
                                            const char *text)
{
    if (observation->annotations == NULL || observation->annotation_count >= SYNFIX_ANNOTATIONS_MAX)
        return SYNFIX_NO_MEMORY;
    /* the array is the worker's, only the view of those who read it is constant */
    synfix_annotation_t *array;
    memcpy(&array, &observation->annotations, sizeof array);
    array[observation->annotation_count++] = (synfix_annotation_t){.name = name, .text = text};
    return SYNFIX_OK;
}

static void on_observation(const synfix_observation_t *observation, void *user)
{
    worker_t *worker = user;
    synfix_observation_t enriched;
    if (worker->pipeline->enricher_count > 0) {
        enriched = *observation;
        enrich(worker, &enriched);
        observation = &enriched;
    }
    for (size_t i = 0; i < worker->pipeline->group_count; i++)
        encode(worker, &worker->stages[i], observation);
}

static bool on_filter(const synfix_headers_t *headers, void *user)
{
    const worker_t *worker = user;
    return worker->filter == NULL || filter_pass(worker->filter, headers);
}

void worker_flush(worker_t *worker)
{
    for (size_t i = 0; i < worker->pipeline->group_count; i++) {
        stage_t *stage = &worker->stages[i];
        if (stage->current != NULL && stage->current->content.records > 0)
            send_block(worker, stage);
    }
}

/* One lock a batch, and none when no enricher can reload. */
void worker_begin(worker_t *worker)
{
    if (worker->pipeline->reloadable)
        (void)pthread_rwlock_rdlock(&worker->pipeline->at_packets);
}

void worker_end(worker_t *worker)
{
    if (worker->pipeline->reloadable)
        (void)pthread_rwlock_unlock(&worker->pipeline->at_packets);
}

/* A reload that fails leaves what there was: told, not fatal. */
static void reload_enrichers(pipeline_t *pipeline)
{
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        enricher_t *enricher = &pipeline->enrichers[i];
        synfix_error_t error = {.text = ""};
        if (!atomic_load_explicit(&enricher->reload, memory_order_relaxed) ||
            !atomic_exchange(&enricher->reload, false) || atomic_load(&enricher->failed))
            continue;
        (void)pthread_rwlock_wrlock(&pipeline->at_packets);
        const synfix_status_t status = enricher->module->enricher->reload(enricher->instance, &error);
        (void)pthread_rwlock_unlock(&pipeline->at_packets);
        if (status < 0)
            pipeline_log(pipeline, 1, "enricher %s: not reloaded: %s", enricher->module->name,
                         error.text[0] != '\0' ? error.text : synfix_status_text(status));
    }
}

/* What may change while a live run goes on. */
static void follow_settings(worker_t *worker)
{
    pipeline_t *pipeline = worker->pipeline;
    synfix_error_t error;
    const int uptime = atomic_load_explicit(&pipeline->uptime, memory_order_relaxed);
    const int signatures = atomic_load_explicit(&pipeline->signatures, memory_order_relaxed);
    const unsigned cpus = atomic_load_explicit(&pipeline->cpus_changed, memory_order_acquire);
    if (uptime != worker->uptime &&
        synfix_engine_set_uptime(worker->engine, (synfix_uptime_mode_t)uptime, &error) != SYNFIX_OK)
        pipeline_log(pipeline, 0, "worker %u: %s", worker->index, error.text);
    worker->uptime = uptime;
    if (signatures != worker->signatures &&
        synfix_engine_set_signatures(worker->engine, (synfix_signature_mode_t)signatures, &error) !=
            SYNFIX_OK)
        pipeline_log(pipeline, 0, "worker %u: %s", worker->index, error.text);
    worker->signatures = signatures;
    if (cpus != worker->cpus_changed)
        pipeline_pin(pipeline, worker);
    worker->cpus_changed = cpus;
}

/* Sinks sleep until a queue fills up, or until records have waited long enough. */
static void tell_sinks(worker_t *worker, stage_t *stage)
{
    for (size_t i = 0; i < stage->group->sink_count; i++)
        event_signal(&worker->pipeline->sinks[stage->group->sinks[i]].filled);
    stage->untold_ns = 0;
}

void worker_between(worker_t *worker)
{
    const int64_t flush_ns =
        (int64_t)atomic_load_explicit(&worker->pipeline->flush_ms, memory_order_relaxed) * 1000000;
    if (atomic_load_explicit(&worker->next_sigdb, memory_order_relaxed) != NULL) {
        synfix_sigdb_t *sigdb = atomic_exchange(&worker->next_sigdb, NULL);
        synfix_engine_set_sigdb(worker->engine, sigdb);
        synfix_sigdb_unref(sigdb);
    }
    if (atomic_load_explicit(&worker->next_filter, memory_order_relaxed) != NULL) {
        filter_unref(worker->filter);
        worker->filter = atomic_exchange(&worker->next_filter, NULL);
        synfix_engine_set_encapsulations(worker->engine, filter_encapsulations(worker->filter));
    }
    if (worker->pipeline->config.live)
        follow_settings(worker);
    if (worker->pipeline->reloadable)
        reload_enrichers(worker->pipeline);
    worker->now_ns = monotonic_ns();
    for (size_t i = 0; i < worker->pipeline->group_count; i++) {
        stage_t *stage = &worker->stages[i];
        if (stage->current != NULL && stage->current->content.records > 0 &&
            worker->now_ns - stage->current->born_ns >= flush_ns)
            send_block(worker, stage);
        else if (stage->current != NULL && stage->current->content.records == 0)
            stage->current->born_ns = worker->now_ns;
        if (stage->untold_ns != 0 && worker->now_ns - stage->untold_ns >= flush_ns)
            tell_sinks(worker, stage);
    }
}

static bool stage_open(worker_t *worker, stage_t *stage, const group_t *group)
{
    stage->group = group;
    /* every queue full, one block in the hands of every sink, one being filled */
    stage->block_count = group->sink_count * (group->queue_blocks + 1) + 1;
    stage->blocks = calloc(stage->block_count, sizeof *stage->blocks);
    stage->home = calloc(stage->block_count, sizeof(block_t *));
    stage->memory = malloc(stage->block_count * group->block_size);
    if (stage->blocks == NULL || stage->home == NULL || stage->memory == NULL)
        return false;
    for (size_t i = stage->block_count; i-- > 0;) {
        stage->blocks[i].content.data = stage->memory + i * group->block_size;
        stage->home[stage->home_count++] = &stage->blocks[i];
    }
    for (size_t i = 0; i < group->sink_count; i++) {
        link_t *link = &worker->links[group->sinks[i]];
        if (!ring_init(&link->out, group->queue_blocks) || !ring_init(&link->back, stage->block_count))
            return false;
    }
    return true;
}

static synfix_status_t open_stages(worker_t *worker, synfix_error_t *error)
{
    pipeline_t *pipeline = worker->pipeline;
    worker->stages = calloc(pipeline->group_count + 1, sizeof *worker->stages);
    worker->links = aligned_alloc(RING_LINE, (pipeline->sink_count + 1) * sizeof(link_t));
    if (worker->stages == NULL || worker->links == NULL)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker->index);
    memset(worker->links, 0, (pipeline->sink_count + 1) * sizeof(link_t));
    for (size_t i = 0; i < pipeline->group_count; i++) {
        const group_t *group = &pipeline->groups[i];
        if (!stage_open(worker, &worker->stages[i], group))
            return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker->index);
        if (group->encoding->create == NULL)
            continue;
        synfix_error_t own = {.text = ""};
        const synfix_status_t status = pipeline_opened(
            pipeline->sinks[group->sinks[0]].name,
            group->encoding->create(group->settings, worker->index, &worker->stages[i].encoder, &own), &own,
            error);
        if (status != SYNFIX_OK) {
            worker->stages[i].encoder = NULL;
            return status;
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t open_states(worker_t *worker, synfix_error_t *error)
{
    for (size_t i = 0; i < worker->pipeline->enricher_count; i++) {
        const enricher_t *enricher = &worker->pipeline->enrichers[i];
        if (enricher->module->enricher->worker_open == NULL)
            continue;
        synfix_error_t own = {.text = ""};
        const synfix_status_t status =
            pipeline_opened(enricher->module->name,
                            enricher->module->enricher->worker_open(enricher->instance, worker->index,
                                                                    &worker->states[i], &own),
                            &own, error);
        if (status != SYNFIX_OK)
            return status;
        worker->states_open[i] = true;
    }
    return SYNFIX_OK;
}

synfix_status_t worker_open(worker_t *worker, pipeline_t *pipeline, unsigned index, synfix_error_t *error)
{
    worker->pipeline = pipeline;
    worker->index = index;
    worker->now_ns = monotonic_ns();
    worker->filter = pipeline->config.filter == NULL ? NULL : filter_ref(pipeline->config.filter);
    if (!event_init(&worker->room))
        return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", index);
    synfix_status_t status = open_stages(worker, error);
    if (status == SYNFIX_OK)
        status = open_states(worker, error);
    if (status != SYNFIX_OK)
        return status;
    synfix_engine_config_t config = pipeline->config.engine;
    config.on_observation = on_observation;
    config.observation_user = worker;
    if (config.filter == NULL && (pipeline->config.filter != NULL || pipeline->config.live)) {
        config.filter = on_filter;
        config.filter_user = worker;
    }
    config.encapsulations &= filter_encapsulations(pipeline->config.filter);
    worker->uptime = (int)config.uptime;
    worker->signatures = (int)config.signatures;
    if (pipeline->config.live && pipeline->worker_count > 1) {
        config.on_host_point = live_point;
        config.host_point_user = worker;
    }
    return synfix_engine_new(&config, &worker->engine, error);
}

void worker_close(worker_t *worker)
{
    const pipeline_t *pipeline = worker->pipeline;
    if (pipeline == NULL)
        return;
    synfix_engine_free(worker->engine);
    for (size_t i = 0; i < pipeline->enricher_count; i++)
        if (worker->states_open[i] && pipeline->enrichers[i].module->enricher->worker_close != NULL)
            pipeline->enrichers[i].module->enricher->worker_close(pipeline->enrichers[i].instance,
                                                                  worker->states[i]);
    for (size_t i = 0; worker->stages != NULL && i < pipeline->group_count; i++) {
        stage_t *stage = &worker->stages[i];
        if (stage->encoder != NULL && stage->group->encoding->destroy != NULL)
            stage->group->encoding->destroy(stage->encoder);
        free(stage->blocks);
        free(stage->home);
        free(stage->memory);
    }
    for (size_t i = 0; worker->links != NULL && i < pipeline->sink_count; i++) {
        ring_destroy(&worker->links[i].out);
        ring_destroy(&worker->links[i].back);
        spill_close(&worker->links[i].spill);
    }
    free(worker->stages);
    free(worker->links);
    filter_unref(worker->filter);
    filter_unref(atomic_exchange(&worker->next_filter, NULL));
    synfix_sigdb_unref(atomic_exchange(&worker->next_sigdb, NULL));
    event_destroy(&worker->room);
}
