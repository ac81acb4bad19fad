/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/error_cause.h"
#include "pipeline/live_sources.h"
#include "pipeline/module_instances.h"
#include "pipeline/output_set.h"
#include "pipeline/pipeline_internal.h"
#include "pipeline/reconfigure.h"
#include "pipeline/run_live.h"
#include "pipeline/run_observations.h"
#include "pipeline/run_single.h"
#include "pipeline/run_workers.h"
#include "pipeline/sink_thread.h"
#include "pipeline/summary.h"
#include "pipeline/worker.h"
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pipeline_log(const pipeline_t *pipeline, int level, const char *format, ...)
{
    char text[SYNFIX_ERROR_SIZE + 128];
    va_list arguments;
    if (pipeline->config.log == NULL) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pipeline->config.log(pipeline->config.log_user, level, text);
}

bool pipeline_stopping(const pipeline_t *pipeline)
{
    return atomic_load_explicit(&pipeline->stops, memory_order_relaxed) != 0;
}

void pipeline_note_times(pipeline_t *pipeline, int64_t first_ns, int64_t last_ns)
{
    if (!atomic_load_explicit(&pipeline->any_packet, memory_order_relaxed)) {
        atomic_store(&pipeline->first_ns, first_ns);
        atomic_store(&pipeline->any_packet, true);
    }
    atomic_store_explicit(&pipeline->last_ns, last_ns, memory_order_relaxed);
}

void pipeline_pin(const pipeline_t *pipeline, const worker_t *worker)
{
    cpu_set_t set;
    const int cpu = atomic_load(&pipeline->cpus[worker->index]);
    if (cpu < 0 && atomic_load(&pipeline->cpus_changed) == 0) {
        return;
    }
    CPU_ZERO(&set);
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (cpu < 0 || cpu == i) {
            CPU_SET((unsigned)i, &set);
        }
    }
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
        pipeline_log(pipeline, 1, "worker %u: cannot run on processor %d", worker->index, cpu);
    }
}

static void store_cpus(pipeline_t *pipeline, const int *cpus)
{
    for (unsigned i = 0; i < PIPELINE_WORKERS_MAX; i++) {
        atomic_store(&pipeline->cpus[i], cpus != NULL && i < pipeline->worker_count ? cpus[i] : -1);
    }
}

void pipeline_set_cpus(pipeline_t *pipeline, const int *cpus)
{
    store_cpus(pipeline, cpus);
    atomic_fetch_add(&pipeline->cpus_changed, 1);
}

/* Functions of the module context. */
static void context_log(void *user, int level, const char *text)
{
    pipeline_log(user, level, "%s", text);
}

synfix_status_t pipeline_opened(const char *name, synfix_status_t status, const synfix_error_t *own,
                                synfix_error_t *error)
{
    if (status == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    if (status > 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: the module answers %d, which is no failure, but did not open", name,
                           (int)status);
    }
    if (own->text[0] == '\0') {
        return synfix_fail(error, status, "%s: %s", name, synfix_status_text(status));
    }
    (void)synfix_fail(error, status, "%s", own->text);
    return error_attribute(error, own->cause, status);
}

static void context_counters(void *user, synfix_engine_counters_t *counters)
{
    counters_add_up(user, counters);
}

static uint64_t host_dropped(void *user)
{
    synfix_source_stats_t stats;
    sources_add_up(user, &stats);
    return stats.dropped_kernel + stats.dropped_interface + stats.unread;
}

static synfix_sigdb_t *context_sigdb(void *user)
{
    pipeline_t *pipeline = user;
    (void)pthread_mutex_lock(&pipeline->mutex);
    synfix_sigdb_t *sigdb = pipeline->sigdb == NULL ? NULL : synfix_sigdb_ref(pipeline->sigdb);
    (void)pthread_mutex_unlock(&pipeline->mutex);
    return sigdb;
}

static const char *context_interface(void *user, size_t position)
{
    const pipeline_t *pipeline = user;
    const size_t index = position * pipeline->worker_count;
    return pipeline->context.live && index < pipeline->source_count
               ? synfix_options_target(pipeline->sources[index].options)
               : NULL;
}

static void host_times(void *user, int64_t *first_ns, int64_t *last_ns)
{
    const pipeline_t *pipeline = user;
    *first_ns = atomic_load(&pipeline->first_ns);
    *last_ns = atomic_load(&pipeline->last_ns);
}

static uint64_t context_records_dropped(void *user, const void *instance)
{
    const pipeline_t *pipeline = user;
    uint64_t sum = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        for (unsigned j = 0; atomic_load(&pipeline->instances[i]) == instance && j < pipeline->worker_count;
             j++) {
            sum +=
                atomic_load(&pipeline->sinks[i]->links[j].dropped); /* a sink asks for itself, so it exists */
        }
    }
    return sum;
}

void pipeline_config_init(pipeline_config_t *config)
{
    *config = (pipeline_config_t){.workers = 1,
                                  .flush_ms = PIPELINE_FLUSH_DEFAULT,
                                  .queue_bytes = PIPELINE_QUEUE_DEFAULT,
                                  .overflow_bytes = PIPELINE_OVERFLOW_DEFAULT,
                                  .sink_timeout_ms = PIPELINE_SINK_TIMEOUT_DEFAULT,
                                  .grace_ms = PIPELINE_GRACE_DEFAULT};
    synfix_engine_config_init(&config->engine, sizeof config->engine);
}

static synfix_status_t open_sources(pipeline_t *pipeline, const pipeline_config_t *config,
                                    synfix_error_t *error)
{
    const size_t handles = config->live ? pipeline->worker_count : 1;
    pipeline->sources = calloc(config->source_count * handles + 1, sizeof *pipeline->sources);
    if (pipeline->sources == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sources: out of memory");
    }
    for (size_t i = 0; i < config->source_count * handles; i++) {
        source_t *source = &pipeline->sources[pipeline->source_count++];
        source->spec = module_spec_ref(config->sources[i / handles]);
        source->module = source->spec->module;
        source->options = source->spec->options;
    }
    return config->live ? error_attribute(error, SYNFIX_CAUSE_DEVICE, live_open_sources(pipeline, error))
                        : error_attribute(error, SYNFIX_CAUSE_INPUT, files_open(pipeline, error));
}

static synfix_status_t open_outputs(pipeline_t *pipeline, const pipeline_config_t *config,
                                    synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < config->enricher_count && status == SYNFIX_OK; i++) {
        status = enricher_new(pipeline, config->enrichers[i], &pipeline->enrichers[i], error);
        pipeline->enricher_count += status == SYNFIX_OK;
    }
    for (size_t i = 0; i < config->sink_count && status == SYNFIX_OK; i++) {
        status = sink_new(pipeline, config->sinks[i], pipeline->sinks, &pipeline->sinks[i], error);
        if (status == SYNFIX_OK) {
            sink_register(pipeline, pipeline->sinks[i], i);
        }
    }
    return status;
}

/* Opens the workers, after sources, sinks and enrichers. */
static synfix_status_t open_workers(pipeline_t *pipeline, synfix_error_t *error)
{
    const unsigned count = pipeline->worker_count;
    output_set_t *outputs = NULL;
    pipeline->workers = aligned_alloc(_Alignof(worker_t), count * sizeof *pipeline->workers);
    if (pipeline->workers == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    memset(pipeline->workers, 0, count * sizeof *pipeline->workers);
    const synfix_status_t made = outputs_make(pipeline, pipeline->sinks, pipeline->sink_count,
                                              pipeline->enrichers, pipeline->enricher_count, &outputs, error);
    if (made != SYNFIX_OK) {
        return made;
    }
    for (unsigned i = 0; i < count; i++) {
        pipeline->workers[i].pipeline = pipeline;
        pipeline->workers[i].outputs = outputs[i];
    }
    free(outputs);
    for (unsigned i = 0; i < count; i++) {
        const synfix_status_t status = worker_open(&pipeline->workers[i], pipeline, i, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t check_config(const pipeline_config_t *config, synfix_error_t *error)
{
    if (config->workers < 1 || config->workers > PIPELINE_WORKERS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "workers: %u is not between 1 and %u", config->workers,
                           PIPELINE_WORKERS_MAX);
    }
    if (config->observations != NULL && (config->source_count > 0 || config->live)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "observations come from the caller or from sources, not from both");
    }
    if ((config->source_count < 1 && config->observations == NULL) ||
        config->source_count > PIPELINE_SOURCES_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "sources: 1 to %u, not %zu", PIPELINE_SOURCES_MAX,
                           config->source_count);
    }
    if (config->sink_count > PIPELINE_SINKS_MAX || config->enricher_count > PIPELINE_ENRICHERS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks and %u enrichers", PIPELINE_SINKS_MAX,
                           PIPELINE_ENRICHERS_MAX);
    }
    return SYNFIX_OK;
}

/* Writers first: a reload must not starve behind workers that always have a batch. */
static bool init_locks(pipeline_t *pipeline)
{
    pthread_rwlockattr_t writers_first;
    if (!event_init(&pipeline->sink_ended) || pthread_mutex_init(&pipeline->mutex, NULL) != 0 ||
        pthread_mutex_init(&pipeline->changing, NULL) != 0 ||
        pthread_mutex_init(&pipeline->sinks_lock, NULL) != 0) {
        return false;
    }
    if (pthread_rwlockattr_init(&writers_first) != 0) {
        return false;
    }
    (void)pthread_rwlockattr_setkind_np(&writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    const bool made = pthread_rwlock_init(&pipeline->at_packets, &writers_first) == 0;
    (void)pthread_rwlockattr_destroy(&writers_first);
    return made;
}

unsigned pipeline_workers_of(const pipeline_config_t *config, const char **reason)
{
    if (config->observations != NULL) {
        *reason = "observations of the caller";
        return 1;
    }
    *reason = "uptime in p0f's way"; /* depends on the order of all packets */
    if (config->engine.uptime == SYNFIX_UPTIME_P0F) {
        return 1;
    }
    *reason = "host changes"; /* the same */
    if (config->hosts != NULL && config->host_changes && !config->live) {
        return 1;
    }
    for (size_t i = 0; i < config->enricher_count && !config->live; i++) {
        *reason = config->enrichers[i]->module->name;
        if (config->enrichers[i]->module->enricher->in_order) {
            return 1;
        }
    }
    return config->workers;
}

synfix_status_t pipeline_new(const pipeline_config_t *config, pipeline_t **pipeline, synfix_error_t *error)
{
    synfix_status_t status = check_config(config, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    pipeline_t *made = calloc(1, sizeof *made);
    if (made == NULL || !init_locks(made)) {
        free(made);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "pipeline: out of memory");
    }
    made->config = *config;
    atomic_store(&made->flush_ms, config->flush_ms);
    made->config.drop_when_full |= config->live;
    made->config.filter = config->filter == NULL ? NULL : filter_ref(config->filter);
    made->sigdb = config->engine.sigdb == NULL ? NULL : synfix_sigdb_ref(config->engine.sigdb);
    made->context = (synfix_module_context_t){
        .struct_size = sizeof made->context,
        .user = made,
        .live = config->live,
        .observation_domain = config->observation_domain,
        .log = context_log,
        .counters = context_counters,
        .packets_dropped = host_dropped,
        .sigdb = context_sigdb,
        .packet_times = host_times,
        .records_dropped = context_records_dropped,
        .interface = context_interface,
        .keep_block = block_keep,
        .release_block = block_let_go,
        .host_changes = config->hosts != NULL && config->host_changes,
    };
    const char *reason = NULL;
    made->worker_count = pipeline_workers_of(config, &reason);
    atomic_store(&made->uptime, (int)config->engine.uptime);
    atomic_store(&made->signatures, (int)config->engine.signatures);
    store_cpus(made, config->cpus);
    if (made->worker_count < config->workers) {
        pipeline_log(made, 2, "%s: one worker", reason);
    }
    status = open_sources(made, config, error);
    if (status == SYNFIX_OK && config->on_sources_open != NULL) {
        status = config->on_sources_open(config->sources_open_user, error);
    }
    if (status == SYNFIX_OK) {
        status = open_outputs(made, config, error);
    }
    if (status == SYNFIX_OK) {
        status = open_workers(made, error);
    }
    if (status != SYNFIX_OK) {
        pipeline_free(made);
        return status;
    }
    *pipeline = made;
    return SYNFIX_OK;
}

void pipeline_free(pipeline_t *pipeline)
{
    if (pipeline == NULL || pipeline_abandoned(pipeline)) {
        return;
    }
    for (size_t i = 0; i < pipeline->source_count; i++) {
        source_close(pipeline, &pipeline->sources[i]);
        module_spec_unref(pipeline->sources[i].spec);
    }
    for (unsigned i = 0; pipeline->workers != NULL && i < pipeline->worker_count; i++) {
        worker_last_change(&pipeline->workers[i]);
        worker_close(&pipeline->workers[i]);
    }
    change_free(pipeline->change);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_free(pipeline->sinks[i]);
    }
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++) {
        enricher_free(pipeline->enrichers[i]);
        enricher_free(pipeline->retired_enrichers[i]);
    }
    while (pipeline->names != NULL) {
        name_t *name = pipeline->names;
        pipeline->names = name->next;
        free(name);
    }
    free(pipeline->sources);
    free(pipeline->workers);
    filter_unref(pipeline->config.filter);
    filter_unref(atomic_exchange(&pipeline->next_filter, NULL));
    synfix_sigdb_unref(pipeline->sigdb);
    event_destroy(&pipeline->sink_ended);
    (void)pthread_rwlock_destroy(&pipeline->at_packets);
    (void)pthread_mutex_destroy(&pipeline->mutex);
    (void)pthread_mutex_destroy(&pipeline->changing);
    (void)pthread_mutex_destroy(&pipeline->sinks_lock);
    free(pipeline);
}

synfix_status_t pipeline_run(pipeline_t *pipeline, synfix_error_t *error)
{
    synfix_status_t status = sinks_start(pipeline, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (pipeline->config.observations != NULL) {
        status = run_observations(pipeline, error);
    } else if (pipeline->config.live) {
        status = run_live(pipeline, error);
    } else if (pipeline->worker_count > 1) {
        status = run_pool(pipeline, error);
    } else {
        status = run_inline(pipeline, error);
    }
    sinks_finish(pipeline);
    return status;
}

void pipeline_end(pipeline_t *pipeline)
{
    unsigned none = 0;
    (void)atomic_compare_exchange_strong(&pipeline->stops, &none, 1);
}

void pipeline_stop(pipeline_t *pipeline)
{
    if (atomic_fetch_add(&pipeline->stops, 1) == 0) {
        return;
    }
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *sink = pipeline->sinks[i];
        if (sink != NULL && sink->functions->stop != NULL) {
            sink->functions->stop(sink->instance);
        }
    }
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
}

void pipeline_set_sigdb(pipeline_t *pipeline, synfix_sigdb_t *sigdb)
{
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        synfix_sigdb_unref(atomic_exchange(&pipeline->workers[i].next_sigdb, synfix_sigdb_ref(sigdb)));
    }
    (void)pthread_mutex_lock(&pipeline->mutex);
    synfix_sigdb_t *old = pipeline->sigdb;
    pipeline->sigdb = synfix_sigdb_ref(sigdb);
    (void)pthread_mutex_unlock(&pipeline->mutex);
    synfix_sigdb_unref(old);
}

void pipeline_set_filter(pipeline_t *pipeline, filter_t *filter)
{
    filter_t *open =
        filter == NULL ? filter_new() : filter_ref(filter); /* NULL: make a filter that passes everything */
    for (unsigned i = 0; open != NULL && i < pipeline->worker_count; i++) {
        filter_unref(atomic_exchange(&pipeline->workers[i].next_filter, filter_ref(open)));
    }
    if (open != NULL) {
        filter_unref(atomic_exchange(&pipeline->next_filter, filter_ref(open)));
    }
    filter_unref(open);
}

void pipeline_set_flush(pipeline_t *pipeline, uint32_t flush_ms)
{
    atomic_store_explicit(&pipeline->flush_ms, flush_ms, memory_order_relaxed);
}

void pipeline_reload(pipeline_t *pipeline)
{
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] != NULL) {
            atomic_store(&pipeline->sinks[i]->reload, true);
        }
    }
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        atomic_store(&pipeline->enrichers[i]->reload,
                     pipeline->enrichers[i]->module->enricher->reload != NULL);
    }
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
}

bool pipeline_abandoned(const pipeline_t *pipeline)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] != NULL && atomic_load(&pipeline->sinks[i]->abandoned)) {
            return true;
        }
    }
    return false;
}

unsigned pipeline_workers(const pipeline_t *pipeline)
{
    return pipeline->worker_count;
}
