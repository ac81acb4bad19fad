/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Several workers on files. The caller reads batches and notes for each packet who owns its flow; every
 * worker gets every batch and works through its own packets (first pass). Points of hosts are kept at the
 * packet's place in the batch; when all workers are through, each takes those of its own hosts in packet
 * order (second pass). So every host sees its points in the same order whatever the number of workers. */
#include "engine/engine_points.h"
#include "engine/pipeline_internal.h"
#include <stdlib.h>
#include <string.h>

#define CREW_BATCHES 4u
#define CREW_PACKETS                                                                                         \
    (4u * SYNFIX_BATCH_MAX) /* several reads: handing over costs more than waiting for them */
#define WAIT_MS 5u

_Static_assert(CREW_PACKETS <= UINT16_MAX, "a place in a batch fits in 16 bits");

typedef struct batch {
    synfix_packet_t packets[CREW_PACKETS];
    uint8_t owners[CREW_PACKETS];
    bool pointed[CREW_PACKETS];
    synfix_host_point_t points[CREW_PACKETS];
    size_t count;
    uint8_t *bytes;
    size_t bytes_room;
    size_t bytes_used;
    atomic_uint first_left;  /* workers that have not ended the first pass */
    atomic_uint second_left; /* the same for the second */
} batch_t;

/* Batches go round in a ring that all look at: number n lies in slot n % CREW_BATCHES. */
typedef struct crew {
    pipeline_t *pipeline;
    batch_t *batches;
    _Atomic uint64_t filled; /* batches handed out */
    atomic_bool ended;
    event_t freed;
} crew_t;

typedef struct crew_member {
    crew_t *crew;
    worker_t *worker;
    batch_t *current; /* in the first pass */
    size_t cursor;    /* place of the newest point */
    synfix_packet_t own[CREW_PACKETS];
    event_t work;
} crew_member_t;

void crew_point(const synfix_host_point_t *point, void *user)
{
    worker_t *worker = user;
    if (worker->pipeline->config.live) {
        live_point(worker, point);
        return;
    }
    crew_member_t *member = worker->crew;
    batch_t *batch = member->current;
    /* points come in packet order; numbers may have gaps (filter) */
    while (member->cursor < batch->count && batch->packets[member->cursor].number < point->packet_number)
        member->cursor++;
    const size_t place = member->cursor;
    if (place == batch->count || batch->packets[place].number != point->packet_number ||
        batch->pointed[place]) {
        atomic_fetch_add(&worker->pipeline->points_dropped, 1);
        return;
    }
    batch->points[place] = *point;
    batch->pointed[place] = true;
}

static batch_t *batch_at(const crew_t *crew, uint64_t number)
{
    return &crew->batches[number % CREW_BATCHES];
}

static void first_pass(crew_member_t *member, batch_t *batch)
{
    size_t count = 0;
    worker_between(member->worker);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->owners[i] == member->worker->index)
            member->own[count++] = batch->packets[i];
    member->current = batch;
    member->cursor = 0;
    worker_begin(member->worker);
    if (count > 0)
        synfix_engine_push(member->worker->engine, member->own, count);
    worker_end(member->worker);
    member->current = NULL;
}

static void second_pass(crew_member_t *member, const batch_t *batch)
{
    const unsigned workers = member->crew->pipeline->worker_count;
    uint16_t which[CREW_PACKETS];
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->pointed[i] &&
            synfix_host_hash(&batch->points[i].headers) % workers == member->worker->index)
            which[count++] = (uint16_t)i;
    worker_begin(member->worker);
    engine_push_points(member->worker->engine, batch->points, which, count);
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
        batch_t *batch = batch_at(crew, *second);
        if (atomic_load(&batch->first_left) == 0) {
            second_pass(member, batch);
            ++*second;
            if (atomic_fetch_sub(&batch->second_left, 1) == 1)
                event_signal(&crew->freed);
            return true;
        }
    }
    if (*first < atomic_load(&crew->filled)) {
        batch_t *batch = batch_at(crew, *first);
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

/* Room for @p more octets; packets of the batch move along. */
static bool grow_bytes(batch_t *batch, size_t more)
{
    if (batch->bytes_used + more <= batch->bytes_room)
        return true;
    const size_t room = (batch->bytes_used + more) * 2;
    uint8_t *bytes = malloc(room);
    if (bytes == NULL)
        return false;
    if (batch->bytes_used > 0)
        memcpy(bytes, batch->bytes, batch->bytes_used);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->packets[i].captured_length > 0)
            batch->packets[i].data = bytes + (batch->packets[i].data - batch->bytes);
    free(batch->bytes);
    batch->bytes = bytes;
    batch->bytes_room = room;
    return true;
}

/* The source may use its memory anew with the next read, so what the workers will look at is copied. */
static bool keep_packets(batch_t *batch, size_t count)
{
    size_t need = 0;
    for (size_t i = 0; i < count; i++)
        need += batch->packets[batch->count + i].captured_length;
    if (!grow_bytes(batch, need))
        return false;
    for (size_t i = 0; i < count; i++) {
        synfix_packet_t *packet = &batch->packets[batch->count++];
        if (packet->captured_length == 0)
            continue;
        memcpy(batch->bytes + batch->bytes_used, packet->data, packet->captured_length);
        packet->data = batch->bytes + batch->bytes_used;
        batch->bytes_used += packet->captured_length;
    }
    return true;
}

/* Goes on reading as long as the source has plenty. */
static synfix_status_t fill_batch(batch_t *batch, reader_t *reader, synfix_error_t *error)
{
    size_t count = SYNFIX_BATCH_MAX;
    synfix_status_t status = SYNFIX_OK;
    batch->count = 0;
    batch->bytes_used = 0;
    while (count == SYNFIX_BATCH_MAX && batch->count < CREW_PACKETS) {
        status = reader_next(reader, batch->packets + batch->count, &count);
        if (!keep_packets(batch, count))
            return synfix_fail(error, SYNFIX_NO_MEMORY, "batch of packets: out of memory");
    }
    return status;
}

static void name_owners(batch_t *batch, unsigned workers)
{
    for (size_t i = 0; i < batch->count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = synfix_decode(&batch->packets[i], &headers);
        const bool flow = verdict == SYNFIX_VERDICT_SYN || verdict == SYNFIX_VERDICT_SYN_ACK ||
                          verdict == SYNFIX_VERDICT_SEGMENT;
        const uint64_t key =
            flow ? synfix_flow_hash(&headers) % SYNFIX_FLOW_SHARDS : batch->packets[i].number;
        batch->owners[i] = (uint8_t)(key % workers);
        batch->pointed[i] = false;
    }
}

static void wait_free(crew_t *crew, const batch_t *batch)
{
    while (atomic_load(&batch->second_left) != 0) {
        event_arm(&crew->freed);
        if (atomic_load(&batch->second_left) != 0)
            event_wait(&crew->freed, WAIT_MS);
    }
}

static synfix_status_t feed(crew_t *crew, crew_member_t *members, reader_t *reader, synfix_error_t *error)
{
    const unsigned workers = crew->pipeline->worker_count;
    for (;;) {
        const uint64_t number = atomic_load(&crew->filled);
        batch_t *batch = batch_at(crew, number);
        wait_free(crew, batch);
        const synfix_status_t status = fill_batch(batch, reader, error);
        if (status < 0)
            return status;
        if (batch->count == 0 && status == SYNFIX_END)
            return SYNFIX_OK;
        if (batch->count == 0)
            continue;
        name_owners(batch, workers);
        atomic_store(&batch->first_left, workers);
        atomic_store(&batch->second_left, workers);
        atomic_store(&crew->filled, number + 1);
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
    reader_t reader = {.pipeline = pipeline};
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
        status = feed(crew, members, &reader, error);
    end_crew(crew, members, started);
    if (status == SYNFIX_OK && reader.status != SYNFIX_OK)
        status = synfix_fail(error, reader.status, "%s", reader.error.text);
    return status;
}

synfix_status_t run_crew(pipeline_t *pipeline, synfix_error_t *error)
{
    const unsigned count = pipeline->worker_count;
    crew_t crew = {.pipeline = pipeline, .batches = calloc(CREW_BATCHES, sizeof(batch_t))};
    crew_member_t *members = calloc(count, sizeof *members);
    synfix_status_t status = SYNFIX_OK;
    if (crew.batches == NULL || members == NULL || !event_init(&crew.freed))
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    for (unsigned i = 0; i < count && status == SYNFIX_OK; i++) {
        members[i].crew = &crew;
        members[i].worker = &pipeline->workers[i];
        pipeline->workers[i].crew = &members[i];
        if (!event_init(&members[i].work))
            status = synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = run_members(&crew, members, error);
        for (unsigned i = 0; i < count; i++)
            event_destroy(&members[i].work);
        event_destroy(&crew.freed);
    }
    for (size_t i = 0; crew.batches != NULL && i < CREW_BATCHES; i++)
        free(crew.batches[i].bytes);
    free(crew.batches);
    free(members);
    return status;
}
