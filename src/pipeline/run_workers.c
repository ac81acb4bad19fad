/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Capture files with several workers. The calling thread reads, and adds each packet to the share of the
 * worker that owns its flow. Each worker sees each batch and processes its own share (flow phase). Timestamp
 * samples wait in the batch; when all workers have ended the flow phase, each adds the samples of its own
 * hosts in packet order (host phase). Each host therefore gets its samples in the same order for any number
 * of workers.
 *
 * A single worker runs in the calling thread (run_single): to pass packets to another core costs more than
 * the division of the work saves.
 */
#include "pipeline/run_workers.h"
#include "base/stream_store.h"
#include "base/thread_start.h"
#include "base/wake_event.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include "pipeline/worker_batch.h"
#include <stdlib.h>
#include <string.h>

/* Batches of the pool: room for 2 MiB of frames for each worker; 7 MiB more for other packets. */
#define POOL_BATCHES 16u
/* Threads are woken once for this number of batches: each wake-up is expensive. */
#define POOL_WAKE_BATCHES (POOL_BATCHES / 2)
#define WAIT_MS           20u /* interval of the check for blocks older than flush_ms */

/* Batches circulate in a ring that all workers see: batch n is in slot n % POOL_BATCHES. */
typedef struct worker_pool {
    pipeline_t *pipeline;
    worker_batch_t batches[POOL_BATCHES];
    _Atomic uint64_t filled; /* batches published */
    atomic_bool ended;
    wake_event_t freed;
    batch_input_t input; /* of the thread that reads */
} worker_pool_t;

typedef struct pool_worker {
    worker_pool_t *worker_pool;
    worker_t *worker;
    bool passes_samples; /* with uptime: the owners of the hosts need the samples */
    wake_event_t work;
} pool_worker_t;

static worker_batch_t *batch_at(worker_pool_t *worker_pool, uint64_t number)
{
    return &worker_pool->batches[number % POOL_BATCHES];
}

static void flow_phase(pool_worker_t *member, worker_batch_t *batch)
{
    const unsigned workers = member->worker_pool->pipeline->worker_count;
    partition_t *own = &batch->partitions[member->worker->index];
    synfix_engine_t *engine = member->worker->engine;
    worker_apply_updates(member->worker);
    if (member->passes_samples) {
        engine_set_samples(engine, &own->samples, workers);
    }
    worker_lock_enrichers(member->worker);
    engine_push_share(engine, &own->share, batch->contexts);
    worker_unlock_enrichers(member->worker);
    stream_end();
}

/* The samples of all workers for the hosts of one of them, at the number of their packet in the batch. */
typedef struct owned_samples {
    uint64_t present[SPLIT_PACKETS_MAX / 64];
    const split_sample_t *at[SPLIT_PACKETS_MAX];
} owned_samples_t;

static void collect(owned_samples_t *owned, const split_samples_t *samples, unsigned owner)
{
    for (size_t i = 0; i < samples->count; i++) {
        if (samples->owners[i] == owner) {
            const unsigned number = samples->orders[i];
            owned->present[number / 64] |= UINT64_C(1) << number % 64;
            owned->at[number] = &samples->samples[i];
        }
    }
}

/* Moves the samples to the start of the array, in the order of their packets. Returns their number. */
static size_t order(owned_samples_t *owned)
{
    size_t count = 0;
    for (size_t word = 0; word < SPLIT_PACKETS_MAX / 64; word++) {
        for (uint64_t left = owned->present[word]; left != 0; left &= left - 1) {
            owned->at[count++] = owned->at[word * 64 + (size_t)__builtin_ctzll(left)];
        }
    }
    return count;
}

static void host_phase(const pool_worker_t *member, const worker_batch_t *batch)
{
    const unsigned workers = member->worker_pool->pipeline->worker_count;
    owned_samples_t owned;
    memset(owned.present, 0, sizeof owned.present);
    for (unsigned i = 0; i < workers; i++) {
        collect(&owned, &batch->partitions[i].samples, member->worker->index);
    }
    worker_lock_enrichers(member->worker);
    engine_push_samples(member->worker->engine, owned.at, order(&owned));
    worker_unlock_enrichers(member->worker);
}

static void wake_all(pool_worker_t *members, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        wake_event_signal(&members[i].work);
    }
}

/* The host phase of batch @p number. The last worker wakes the reading thread once several batches are free.
 * False: other workers are still in the flow phase. */
static bool host_step(const pool_worker_t *member, uint64_t number)
{
    worker_pool_t *worker_pool = member->worker_pool;
    worker_batch_t *batch = batch_at(worker_pool, number);
    if (atomic_load(&batch->flow_remaining) != 0) {
        return false;
    }
    host_phase(member, batch);
    if (atomic_fetch_sub(&batch->host_remaining, 1) == 1 &&
        atomic_load(&worker_pool->filled) - (number + 1) <= POOL_BATCHES - POOL_WAKE_BATCHES) {
        wake_event_signal(&worker_pool->freed);
    }
    return true;
}

/* The flow phase of batch @p number. The last worker wakes all for the host phase. */
static void flow_step(pool_worker_t *member, uint64_t number)
{
    worker_pool_t *worker_pool = member->worker_pool;
    worker_batch_t *batch = batch_at(worker_pool, number);
    flow_phase(member, batch);
    if (atomic_fetch_sub(&batch->flow_remaining, 1) == 1) {
        wake_all(member - member->worker->index, worker_pool->pipeline->worker_count);
    }
}

/* One phase of one batch, the host phase first. @p flow, @p host: the next batch of each phase. False: there
 * is nothing to do. */
static bool step(pool_worker_t *member, uint64_t *flow, uint64_t *host)
{
    if (*host < *flow && host_step(member, *host)) {
        ++*host;
        return true;
    }
    if (*flow < atomic_load(&member->worker_pool->filled)) {
        flow_step(member, *flow);
        ++*flow;
        return true;
    }
    return false;
}

static void *member_main(void *user)
{
    pool_worker_t *member = user;
    worker_pool_t *worker_pool = member->worker_pool;
    uint64_t flow = 0; /* next batch of each phase */
    uint64_t host = 0;
    pipeline_pin(worker_pool->pipeline, member->worker);
    for (;;) {
        const bool ended = atomic_load(&worker_pool->ended);
        if (step(member, &flow, &host)) {
            continue;
        }
        if (ended && host == atomic_load(&worker_pool->filled)) {
            break;
        }
        wake_event_arm(&member->work);
        if (!step(member, &flow, &host)) {
            wake_event_wait(&member->work, WAIT_MS);
        }
        worker_apply_updates(member->worker);
    }
    worker_flush(member->worker);
    return NULL;
}

static bool is_free(worker_pool_t *worker_pool, uint64_t number)
{
    return atomic_load(&batch_at(worker_pool, number)->host_remaining) == 0;
}

/* Waits when all slots are in use, until several are free. */
static void wait_free(worker_pool_t *worker_pool, uint64_t number)
{
    if (is_free(worker_pool, number)) {
        return;
    }
    while (!is_free(worker_pool, number + POOL_WAKE_BATCHES - 1)) {
        wake_event_arm(&worker_pool->freed);
        if (!is_free(worker_pool, number + POOL_WAKE_BATCHES - 1)) {
            wake_event_wait(&worker_pool->freed, WAIT_MS);
        }
    }
}

/* Fills batch after batch, up to the end of the last source. */
static void feed(worker_pool_t *worker_pool, pool_worker_t *members, file_reader_t *reader)
{
    const unsigned workers = worker_pool->pipeline->worker_count;
    const synfix_engine_config_t config = file_reader_config(reader);
    synfix_status_t status = SYNFIX_OK;
    for (uint64_t number = 0; status != SYNFIX_END;) {
        worker_batch_t *batch = batch_at(worker_pool, number);
        wait_free(worker_pool, number);
        status = worker_batch_fill(batch, &worker_pool->input, reader, &config);
        if (batch->packets == 0) {
            continue;
        }
        atomic_store(&batch->flow_remaining, workers);
        atomic_store(&batch->host_remaining, workers);
        atomic_store(&worker_pool->filled, ++number);
        if (number % POOL_WAKE_BATCHES == 0 || !batch->more) {
            wake_all(members, workers);
        }
    }
}

static void stop_pool(worker_pool_t *worker_pool, pool_worker_t *members, unsigned started)
{
    atomic_store(&worker_pool->ended, true);
    wake_all(members, started);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(members[i].worker->thread, NULL);
    }
}

static synfix_status_t run_members(worker_pool_t *worker_pool, pool_worker_t *members, synfix_error_t *error)
{
    pipeline_t *pipeline = worker_pool->pipeline;
    file_reader_t reader = file_reader_begin(pipeline);
    synfix_status_t status = SYNFIX_OK;
    unsigned started = 0;
    while (started < pipeline->worker_count && status == SYNFIX_OK) {
        worker_t *worker = &pipeline->workers[started];
        status = thread_start(&worker->thread, member_main, &members[started], "worker", error);
        started += status == SYNFIX_OK;
    }
    if (status == SYNFIX_OK) {
        feed(worker_pool, members, &reader);
    }
    stop_pool(worker_pool, members, started);
    return file_reader_end(&reader, status, error);
}

static bool open_pool(worker_pool_t *worker_pool, pool_worker_t *members)
{
    pipeline_t *pipeline = worker_pool->pipeline;
    bool made = wake_event_init(&worker_pool->freed);
    for (size_t i = 0; made && i < POOL_BATCHES; i++) {
        made = worker_batch_init(&worker_pool->batches[i], pipeline->worker_count);
    }
    for (unsigned i = 0; made && i < pipeline->worker_count; i++) {
        members[i] = (pool_worker_t){.worker_pool = worker_pool,
                                     .worker = &pipeline->workers[i],
                                     .passes_samples = pipeline->config.engine.uptime != SYNFIX_UPTIME_OFF};
        made = wake_event_init(&members[i].work);
    }
    return made;
}

static void close_pool(worker_pool_t *worker_pool, pool_worker_t *members)
{
    for (size_t i = 0; i < POOL_BATCHES; i++) {
        worker_batch_destroy(&worker_pool->batches[i]);
    }
    for (unsigned i = 0; i < worker_pool->pipeline->worker_count; i++) {
        wake_event_destroy(&members[i].work);
    }
    wake_event_destroy(&worker_pool->freed);
}

synfix_status_t run_workers(pipeline_t *pipeline, synfix_error_t *error)
{
    worker_pool_t *worker_pool = calloc(1, sizeof *worker_pool);
    pool_worker_t *members = calloc(pipeline->worker_count, sizeof *members);
    synfix_status_t status = SYNFIX_NO_MEMORY;
    if (worker_pool != NULL && members != NULL) {
        worker_pool->pipeline = pipeline;
        status =
            open_pool(worker_pool, members) ? run_members(worker_pool, members, error) : SYNFIX_NO_MEMORY;
        close_pool(worker_pool, members);
    }
    free(worker_pool);
    free(members);
    return status == SYNFIX_NO_MEMORY ? synfix_fail(error, status, "workers: out of memory") : status;
}
