/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/live_samples.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include <stdlib.h>
#include <string.h>

#define SAMPLES_ALL 8192u /* sum over all rings into one worker */
#define SAMPLES_MIN 64u

/* Ring pair from one worker to another: pointers to samples circulate between `full` and `empty`. */
typedef struct sample_ring {
    ring_t full;
    ring_t empty;
    synfix_timestamp_sample_t *samples;
} sample_ring_t;

struct sample_rings {
    size_t count;
    _Alignas(RING_LINE) sample_ring_t rings[]; /* [from * workers + to]; none from a worker to itself */
};

_Static_assert(sizeof(sample_ring_t) % RING_LINE == 0, "aligned_alloc() needs a multiple of the alignment");

void live_sample(const synfix_timestamp_sample_t *sample, void *user)
{
    worker_t *worker = user;
    const unsigned workers = worker->pipeline->worker_count;
    const unsigned owner = synfix_host_hash(&sample->headers) % workers;
    if (owner == worker->index) {
        if (worker->own_count < WORKER_SAMPLES) {
            worker->own_samples[worker->own_count++] = *sample;
        }
        return;
    }
    sample_ring_t *ring = &worker->sample_rings->rings[worker->index * workers + owner];
    synfix_timestamp_sample_t *free_sample = ring_pop(&ring->empty);
    if (free_sample == NULL) {
        atomic_fetch_add(&worker->pipeline->samples_dropped, 1);
        return;
    }
    *free_sample = *sample;
    (void)ring_push(&ring->full, free_sample);
}

void live_receive_samples(worker_t *worker)
{
    const unsigned workers = worker->pipeline->worker_count;
    worker_lock_enrichers(worker);
    for (size_t i = 0; i < worker->own_count; i++) {
        synfix_engine_push_sample(worker->engine, &worker->own_samples[i]);
    }
    worker->own_count = 0;
    for (unsigned from = 0; workers > 1 && from < workers; from++) {
        sample_ring_t *ring = &worker->sample_rings->rings[from * workers + worker->index];
        synfix_timestamp_sample_t *sample;
        while ((sample = ring_pop(&ring->full)) != NULL) {
            synfix_engine_push_sample(worker->engine, sample);
            (void)ring_push(&ring->empty, sample);
        }
    }
    worker_unlock_enrichers(worker);
}

static bool ring_open(sample_ring_t *ring, size_t room)
{
    ring->samples = malloc(room * sizeof *ring->samples);
    if (ring->samples == NULL || !ring_init(&ring->full, room) || !ring_init(&ring->empty, room)) {
        return false;
    }
    for (size_t k = 0; k < room; k++) {
        (void)ring_push(&ring->empty, &ring->samples[k]);
    }
    return true;
}

sample_rings_t *sample_rings_new(unsigned workers)
{
    const size_t count = (size_t)workers * workers;
    const size_t size = sizeof(sample_rings_t) + count * sizeof(sample_ring_t);
    const size_t room = SAMPLES_ALL / workers > SAMPLES_MIN ? SAMPLES_ALL / workers : SAMPLES_MIN;
    sample_rings_t *rings = aligned_alloc(RING_LINE, size);
    if (rings == NULL) {
        return NULL;
    }
    memset(rings, 0, size);
    rings->count = count;
    for (size_t i = 0; i < count; i++) {
        const bool own = i / workers == i % workers;
        if (!own && !ring_open(&rings->rings[i], room)) {
            sample_rings_free(rings);
            return NULL;
        }
    }
    return rings;
}

void sample_rings_free(sample_rings_t *rings)
{
    for (size_t i = 0; rings != NULL && i < rings->count; i++) {
        ring_destroy(&rings->rings[i].full);
        ring_destroy(&rings->rings[i].empty);
        free(rings->rings[i].samples);
    }
    free(rings);
}
