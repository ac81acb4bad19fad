/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Requests to a running pipeline. */
#include "pipeline/pipeline.h"
#include "pipeline/worker/enricher.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink.h"
#include "pipeline/worker/worker.h"

synfix_status_t pipeline_check_cpus(const pipeline_t *pipeline, const int *cpus, synfix_error_t *error)
{
    cpu_set_t before;
    if (cpus == NULL || pthread_getaffinity_np(pthread_self(), sizeof before, &before) != 0) {
        return SYNFIX_OK;
    }
    synfix_status_t status = SYNFIX_OK;
    for (unsigned i = 0; status == SYNFIX_OK && i < pipeline->worker_count; i++) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET((unsigned)cpus[i], &one);
        if (pthread_setaffinity_np(pthread_self(), sizeof one, &one) != 0) {
            status = synfix_fail(error, SYNFIX_INVALID,
                                 "cpus: the process cannot run on CPU %d; name CPUs that are online and "
                                 "permitted, see taskset -p",
                                 cpus[i]);
        }
    }
    (void)pthread_setaffinity_np(pthread_self(), sizeof before, &before);
    return status;
}

void pipeline_set_cpus(pipeline_t *pipeline, const int *cpus)
{
    pipeline_store_cpus(pipeline, cpus);
    atomic_fetch_add(&pipeline->cpus_changed, 1);
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

void pipeline_set_filter(pipeline_t *pipeline, header_filter_t *filter)
{
    header_filter_t *open = filter == NULL
                                ? header_filter_new()
                                : header_filter_ref(filter); /* NULL: make a filter that passes everything */
    for (unsigned i = 0; open != NULL && i < pipeline->worker_count; i++) {
        header_filter_unref(atomic_exchange(&pipeline->workers[i].next_filter, header_filter_ref(open)));
    }
    if (open != NULL) {
        header_filter_unref(atomic_exchange(&pipeline->next_filter, header_filter_ref(open)));
    }
    header_filter_unref(open);
}

void pipeline_set_flush(pipeline_t *pipeline, uint32_t flush_ms)
{
    atomic_store_explicit(&pipeline->flush_ms, flush_ms, memory_order_relaxed);
}
