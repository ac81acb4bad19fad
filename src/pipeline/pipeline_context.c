/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Functions of the module context. */
#include "pipeline/pipeline_context.h"
#include "pipeline/run_single.h"
#include "pipeline/summary.h"

/* Functions of the module context. */
static void context_log(void *user, int level, const char *text)
{
    pipeline_log(user, level, "%s", text);
}

static void context_counters(void *user, synfix_engine_counters_t *counters)
{
    counters_add_up(user, counters);
}

static uint64_t context_packets_dropped(void *user)
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

static void context_packet_times(void *user, int64_t *first_ns, int64_t *last_ns)
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
            /* the sink of this instance is the caller, so it exists */
            sum += atomic_load(&pipeline->sinks[i]->queues[j].dropped);
        }
    }
    return sum;
}

synfix_module_context_t pipeline_module_context(pipeline_t *pipeline)
{
    const pipeline_config_t *config = &pipeline->config;
    return (synfix_module_context_t){
        .struct_size = sizeof pipeline->context,
        .user = pipeline,
        .live = config->live,
        .observation_domain = config->observation_domain,
        .log = context_log,
        .counters = context_counters,
        .packets_dropped = context_packets_dropped,
        .sigdb = context_sigdb,
        .packet_times = context_packet_times,
        .records_dropped = context_records_dropped,
        .interface = context_interface,
        .keep_block = block_keep,
        .release_block = block_let_go,
        .host_changes = config->hosts != NULL && config->host_changes,
    };
}
