/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/live_samples.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include <stdlib.h>
#include <string.h>

#define POINTS_ALL 8192u /* sum over all rings into one worker */
#define POINTS_MIN 64u

/* Ring pair from one worker to another: pointers to samples circulate between `full` and `empty`. */
typedef struct sample_ring {
    ring_t full;
    ring_t empty;
    synfix_timestamp_sample_t *points;
} sample_ring_t;

struct sample_rings {
    size_t count;
    _Alignas(RING_LINE) sample_ring_t links[]; /* [from * workers + to]; none from a worker to itself */
};

_Static_assert(sizeof(sample_ring_t) % RING_LINE == 0, "aligned_alloc() needs a multiple of the alignment");

void live_sample(const synfix_timestamp_sample_t *point, void *user)
{
    worker_t *worker = user;
    const unsigned workers = worker->pipeline->worker_count;
    const unsigned owner = synfix_host_hash(&point->headers) % workers;
    if (owner == worker->index) {
        if (worker->own_count < WORKER_SAMPLES) {
            worker->own_samples[worker->own_count++] = *point;
        }
        return;
    }
    sample_ring_t *link = &worker->sample_rings->links[worker->index * workers + owner];
    synfix_timestamp_sample_t *place = ring_pop(&link->empty);
    if (place == NULL) {
        atomic_fetch_add(&worker->pipeline->samples_dropped, 1);
        return;
    }
    *place = *point;
    (void)ring_push(&link->full, place);
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
        sample_ring_t *link = &worker->sample_rings->links[from * workers + worker->index];
        synfix_timestamp_sample_t *point;
        while ((point = ring_pop(&link->full)) != NULL) {
            synfix_engine_push_sample(worker->engine, point);
            (void)ring_push(&link->empty, point);
        }
    }
    worker_unlock_enrichers(worker);
}

static bool ring_open(sample_ring_t *link, size_t room)
{
    link->points = malloc(room * sizeof *link->points);
    if (link->points == NULL || !ring_init(&link->full, room) || !ring_init(&link->empty, room)) {
        return false;
    }
    for (size_t k = 0; k < room; k++) {
        (void)ring_push(&link->empty, &link->points[k]);
    }
    return true;
}

sample_rings_t *sample_rings_new(unsigned workers)
{
    const size_t count = (size_t)workers * workers;
    const size_t size = sizeof(sample_rings_t) + count * sizeof(sample_ring_t);
    const size_t room = POINTS_ALL / workers > POINTS_MIN ? POINTS_ALL / workers : POINTS_MIN;
    sample_rings_t *rings = aligned_alloc(RING_LINE, size);
    if (rings == NULL) {
        return NULL;
    }
    memset(rings, 0, size);
    rings->count = count;
    for (size_t i = 0; i < count; i++) {
        const bool own = i / workers == i % workers;
        if (!own && !ring_open(&rings->links[i], room)) {
            sample_rings_free(rings);
            return NULL;
        }
    }
    return rings;
}

void sample_rings_free(sample_rings_t *rings)
{
    for (size_t i = 0; rings != NULL && i < rings->count; i++) {
        ring_destroy(&rings->links[i].full);
        ring_destroy(&rings->links[i].empty);
        free(rings->links[i].points);
    }
    free(rings);
}
