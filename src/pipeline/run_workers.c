/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Several workers on files. The caller reads and decodes, and notes for each packet who owns its flow; every
 * worker gets every batch and works through its own packets (first pass). Points of hosts are kept at the
 * packet's place in the batch; when all workers are through, each takes those of its own hosts in packet
 * order (second pass). So every host sees its points in the same order whatever the number of workers.
 *
 * One worker alone does all itself (run_inline): what goes over to another core costs it more than decoding.
 */
#include "pipeline/pipeline_internal.h"
#include "pipeline/worker_batch.h"
#include <stdlib.h>

#define CREW_BATCHES 32u                /* 4 MiB */
#define CREW_WAKE    (CREW_BATCHES / 2) /* who waits is woken for several batches: each wake-up is dear */
#define WAIT_MS      20u                /* blocks that are old enough are looked for this often */

/* Batches go round in a ring that all look at: number n lies in slot n % CREW_BATCHES. */
typedef struct crew {
    pipeline_t *pipeline;
    crew_batch_t batches[CREW_BATCHES];
    _Atomic uint64_t filled; /* batches handed out */
    atomic_bool ended;
    event_t freed;
} crew_t;

typedef struct crew_member {
    crew_t *crew;
    worker_t *worker;
    crew_batch_t *current; /* in the first pass */
    event_t work;
} crew_member_t;

static crew_batch_t *batch_at(crew_t *crew, uint64_t number)
{
    return &crew->batches[number % CREW_BATCHES];
}

static void keep_point(const engine_work_t *work, const engine_point_t *point, void *user)
{
    const crew_member_t *member = user;
    const size_t place = (size_t)(work - member->current->works);
    member->current->points[place] = *point;
    member->current->pointed[place] = true;
}

static void first_pass(crew_member_t *member, crew_batch_t *batch)
{
    const crew_share_t *share = &batch->shares[member->worker->index];
    worker_between(member->worker);
    member->current = batch;
    worker_begin(member->worker);
    engine_push_works(member->worker->engine, &share->tally, batch->works, share->which, share->count);
    worker_end(member->worker);
    member->current = NULL;
}

static void second_pass(crew_member_t *member, const crew_batch_t *batch)
{
    const unsigned workers = member->crew->pipeline->worker_count;
    uint16_t which[CREW_WORKS];
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->pointed[i] && batch->works[i].host_hash % workers == member->worker->index)
            which[count++] = (uint16_t)i;
    worker_begin(member->worker);
    engine_push_points(member->worker->engine, batch->works, batch->points, which, count);
    worker_end(member->worker);
}

static void wake_all(crew_member_t *members, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        event_signal(&members[i].work);
}

/* Both passes of a batch by this worker follow each other in order; the second waits for all first ones. */
static bool step(crew_member_t *member, uint64_t *first, uint64_t *second)
{
    crew_t *crew = member->crew;
    crew_member_t *members = member - member->worker->index;
    if (*second < *first) {
        crew_batch_t *batch = batch_at(crew, *second);
        if (atomic_load(&batch->first_left) == 0) {
            second_pass(member, batch);
            ++*second;
            if (atomic_fetch_sub(&batch->second_left, 1) == 1 &&
                atomic_load(&crew->filled) - *second <= CREW_BATCHES - CREW_WAKE)
                event_signal(&crew->freed);
            return true;
        }
    }
    if (*first < atomic_load(&crew->filled)) {
        crew_batch_t *batch = batch_at(crew, *first);
        first_pass(member, batch);
        ++*first;
        if (atomic_fetch_sub(&batch->first_left, 1) == 1)
            wake_all(members, crew->pipeline->worker_count);
        return true;
    }
    return false;
}

static void *member_main(void *user)
{
    crew_member_t *member = user;
    crew_t *crew = member->crew;
    uint64_t first = 0;
    uint64_t second = 0;
    pipeline_pin(crew->pipeline, member->worker);
    for (;;) {
        const bool ended = atomic_load(&crew->ended);
        if (step(member, &first, &second))
            continue;
        if (ended && second == atomic_load(&crew->filled))
            break;
        event_arm(&member->work);
        if (!step(member, &first, &second))
            event_wait(&member->work, WAIT_MS);
        worker_between(member->worker);
    }
    worker_flush(member->worker);
    return NULL;
}

static bool is_free(crew_t *crew, uint64_t number)
{
    return atomic_load(&batch_at(crew, number)->second_left) == 0;
}

/* Once all slots are taken, until several are free. */
static void wait_free(crew_t *crew, uint64_t number)
{
    if (is_free(crew, number))
        return;
    while (!is_free(crew, number + CREW_WAKE - 1)) {
        event_arm(&crew->freed);
        if (!is_free(crew, number + CREW_WAKE - 1))
            event_wait(&crew->freed, WAIT_MS);
    }
}

static void feed(crew_t *crew, crew_member_t *members, reader_t *reader)
{
    const unsigned workers = crew->pipeline->worker_count;
    const synfix_engine_config_t config = reader_config(reader);
    synfix_status_t status = SYNFIX_OK;
    for (uint64_t number = 0; status != SYNFIX_END;) {
        crew_batch_t *batch = batch_at(crew, number);
        wait_free(crew, number);
        status = crew_batch_fill(batch, reader, &config);
        if (batch->packets == 0)
            continue;
        atomic_store(&batch->first_left, workers);
        atomic_store(&batch->second_left, workers);
        atomic_store(&crew->filled, ++number);
        if (number % CREW_WAKE == 0 || !batch->more)
            wake_all(members, workers);
    }
}

static void end_crew(crew_t *crew, crew_member_t *members, unsigned started)
{
    atomic_store(&crew->ended, true);
    wake_all(members, started);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(members[i].worker->thread, NULL);
}

static synfix_status_t run_members(crew_t *crew, crew_member_t *members, synfix_error_t *error)
{
    pipeline_t *pipeline = crew->pipeline;
    reader_t reader = reader_begin(pipeline);
    synfix_status_t status = SYNFIX_OK;
    unsigned started = 0;
    while (started < pipeline->worker_count && status == SYNFIX_OK) {
        worker_t *worker = &pipeline->workers[started];
        if (pthread_create(&worker->thread, NULL, member_main, &members[started]) != 0)
            status = synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: no thread", started);
        else
            started++;
    }
    if (status == SYNFIX_OK)
        feed(crew, members, &reader);
    end_crew(crew, members, started);
    return reader_end(&reader, status, error);
}

static bool open_crew(crew_t *crew, crew_member_t *members)
{
    pipeline_t *pipeline = crew->pipeline;
    bool made = event_init(&crew->freed);
    for (size_t i = 0; made && i < CREW_BATCHES; i++)
        made = crew_batch_init(&crew->batches[i], pipeline->worker_count);
    for (unsigned i = 0; made && i < pipeline->worker_count; i++) {
        members[i] = (crew_member_t){.crew = crew, .worker = &pipeline->workers[i]};
        made = event_init(&members[i].work);
        if (pipeline->config.engine.uptime != SYNFIX_UPTIME_OFF)
            engine_set_on_point(pipeline->workers[i].engine, keep_point, &members[i]);
    }
    return made;
}

static void close_crew(crew_t *crew, crew_member_t *members)
{
    for (size_t i = 0; i < CREW_BATCHES; i++)
        crew_batch_destroy(&crew->batches[i]);
    for (unsigned i = 0; i < crew->pipeline->worker_count; i++)
        event_destroy(&members[i].work);
    event_destroy(&crew->freed);
}

synfix_status_t run_crew(pipeline_t *pipeline, synfix_error_t *error)
{
    crew_t *crew = calloc(1, sizeof *crew);
    crew_member_t *members = calloc(pipeline->worker_count, sizeof *members);
    synfix_status_t status = SYNFIX_NO_MEMORY;
    if (crew != NULL && members != NULL) {
        crew->pipeline = pipeline;
        status = open_crew(crew, members) ? run_members(crew, members, error) : SYNFIX_NO_MEMORY;
        close_crew(crew, members);
    }
    free(crew);
    free(members);
    return status == SYNFIX_NO_MEMORY ? synfix_fail(error, status, "workers: out of memory") : status;
}
