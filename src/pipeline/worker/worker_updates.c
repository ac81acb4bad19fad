/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/worker_updates.h"
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/output_set.h"
#include "pipeline/worker/pipeline_state.h"
#include <stdlib.h>

void change_free(change_t *change)
{
    if (change != NULL) {
        free(change->outputs);
    }
    free(change);
}

/* A failed reload keeps the previous state; it is logged and not fatal. */
static void reload_enrichers(const worker_t *worker)
{
    pipeline_t *pipeline = worker->pipeline;
    for (size_t i = 0; i < worker->outputs.enricher_count; i++) {
        enricher_t *enricher = worker->outputs.enrichers[i];
        synfix_error_t error = {.text = ""};
        if (!atomic_load_explicit(&enricher->reload, memory_order_relaxed) ||
            !atomic_exchange(&enricher->reload, false) || atomic_load(&enricher->failed)) {
            continue;
        }
        (void)pthread_rwlock_wrlock(&pipeline->at_packets);
        const synfix_status_t status = enricher->module->enricher->reload(enricher->instance, &error);
        (void)pthread_rwlock_unlock(&pipeline->at_packets);
        if (status < 0) {
            pipeline_log(pipeline, 1, "enricher %s: not reloaded: %s", enricher->module->name,
                         error.text[0] != '\0' ? error.text : synfix_status_text(status));
        }
    }
}

/* Applies settings that may change during a live run. */
static void follow_settings(worker_t *worker)
{
    pipeline_t *pipeline = worker->pipeline;
    synfix_error_t error;
    const int uptime = atomic_load_explicit(&pipeline->uptime, memory_order_relaxed);
    const int signatures = atomic_load_explicit(&pipeline->signatures, memory_order_relaxed);
    const unsigned cpus = atomic_load_explicit(&pipeline->cpus_changed, memory_order_acquire);
    if (uptime != worker->uptime &&
        synfix_engine_set_uptime(worker->engine, (synfix_uptime_mode_t)uptime, &error) != SYNFIX_OK) {
        pipeline_log(pipeline, 0, "worker %u: %s", worker->index, error.text);
    }
    worker->uptime = uptime;
    if (signatures != worker->signatures &&
        synfix_engine_set_signatures(worker->engine, (synfix_signature_mode_t)signatures, &error) !=
            SYNFIX_OK) {
        pipeline_log(pipeline, 0, "worker %u: %s", worker->index, error.text);
    }
    worker->signatures = signatures;
    if (cpus != worker->cpus_changed) {
        pipeline_pin(pipeline, worker);
    }
    worker->cpus_changed = cpus;
}

/* Wakes sinks whose oldest block has waited long enough. */
static void wake_sinks(encoder_slot_t *slot)
{
    for (size_t i = 0; i < slot->group.sink_count; i++) {
        wake_event_signal(&slot->group.sinks[i]->filled);
    }
    slot->notify_pending_ns = 0;
}

/* Sends the current block to its sinks; the settings of the sinks may be freed afterwards. */
static void retire(worker_t *worker, encoder_slot_t *slot)
{
    worker_flush_slot(worker, slot);
    if (slot->current != NULL) {
        block_pool_return(slot, slot->current);
    }
    slot->current = NULL;
    wake_sinks(slot);
    encoder_slot_end(slot);
    slot->next = worker->retired;
    worker->retired = slot;
}

static void free_retired(worker_t *worker)
{
    encoder_slot_t **next = &worker->retired;
    while (*next != NULL) {
        encoder_slot_t *slot = *next;
        if (!block_pool_is_idle(slot)) {
            next = &slot->next;
            continue;
        }
        *next = slot->next;
        encoder_slot_free(slot);
    }
}

static void change_over(worker_t *worker, change_t *change)
{
    const output_set_t *next = &change->outputs[worker->index];
    for (size_t i = 0; i < worker->outputs.slot_count; i++) {
        if (!outputs_have(next, worker->outputs.slots[i])) {
            retire(worker, worker->outputs.slots[i]);
        }
    }
    for (size_t i = 0; i < change->added_count; i++) {
        atomic_store(&change->added[i]->queues[worker->index].before, worker_observations(worker));
    }
    worker->outputs = *next;
    atomic_fetch_sub(&change->remaining,
                     1); /* the last access: `change` and retired outputs may be freed now */
}

/* Marks a worker that accepts no further change: a worker that ends and a thread that offers a change
 * exchange the pointer atomically, so exactly one of them applies the change. */
static change_t *closed_queue(void)
{
    static const change_t none;
    return (change_t *)(uintptr_t)&none; /* never written to */
}

static void take_change(worker_t *worker, change_t *then)
{
    change_t *change = atomic_exchange(&worker->next_change, then);
    if (change != NULL && change != closed_queue()) {
        change_over(worker, change);
    }
}

void worker_last_change(worker_t *worker)
{
    take_change(worker, closed_queue());
}

void worker_offer_change(worker_t *worker, change_t *change)
{
    change_t *none = NULL;
    if (!atomic_compare_exchange_strong(&worker->next_change, &none, change)) {
        change_over(worker, change);
    }
}

/* Passes on the blocks that are older than flush_ms, and wakes sinks that have waited as long. */
static void flush_old_blocks(worker_t *worker)
{
    const int64_t flush_ns =
        (int64_t)atomic_load_explicit(&worker->pipeline->flush_ms, memory_order_relaxed) * 1000000;
    worker->now_ns = monotonic_ns();
    for (size_t i = 0; i < worker->outputs.slot_count; i++) {
        encoder_slot_t *slot = worker->outputs.slots[i];
        if (slot->current != NULL && slot->current->content.records > 0 &&
            worker->now_ns - slot->current->born_ns >= flush_ns) {
            worker_flush_slot(worker, slot);
        } else if (slot->current != NULL && slot->current->content.records == 0) {
            slot->current->born_ns = worker->now_ns;
        }
        if (slot->notify_pending_ns != 0 && worker->now_ns - slot->notify_pending_ns >= flush_ns) {
            wake_sinks(slot);
        }
    }
}

void worker_apply_updates(worker_t *worker)
{
    if (atomic_load_explicit(&worker->next_sigdb, memory_order_relaxed) != NULL) {
        synfix_sigdb_t *sigdb = atomic_exchange(&worker->next_sigdb, NULL);
        synfix_engine_set_sigdb(worker->engine, sigdb);
        synfix_sigdb_unref(sigdb);
    }
    if (atomic_load_explicit(&worker->next_filter, memory_order_relaxed) != NULL) {
        worker_set_filter(worker, atomic_exchange(&worker->next_filter, NULL));
    }
    if (worker->pipeline->config.live) {
        follow_settings(worker);
    }
    if (atomic_load_explicit(&worker->next_change, memory_order_relaxed) != NULL) {
        take_change(worker, NULL);
    }
    if (worker->retired != NULL) {
        free_retired(worker);
    }
    if (worker->outputs.reloadable) {
        reload_enrichers(worker);
    }
    flush_old_blocks(worker);
}
