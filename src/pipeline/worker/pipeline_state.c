/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/pipeline_state.h"
#include "base/error_cause.h"
#include "pipeline/worker/worker.h"
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>

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

void pipeline_end(pipeline_t *pipeline)
{
    unsigned none = 0;
    (void)atomic_compare_exchange_strong(&pipeline->stops, &none, 1);
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

void pipeline_store_cpus(pipeline_t *pipeline, const int *cpus)
{
    for (unsigned i = 0; i < PIPELINE_WORKERS_MAX; i++) {
        atomic_store(&pipeline->cpus[i], cpus != NULL && i < pipeline->worker_count ? cpus[i] : -1);
    }
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
