/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/read_ahead.h"
#include "base/huge_pages.h"
#include "base/spsc_ring.h"
#include "base/stop_check.h"
#include "base/wake_event.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Enough that one wake-up serves several chunks: it costs more than a read. */
#define CHUNKS 8u

struct read_ahead {
    read_ahead_source_t source;
    uint8_t *memory;
    read_ahead_chunk_t chunks[CHUNKS];
    ring_t full;
    ring_t empty;
    wake_event_t filled;
    wake_event_t emptied;
    atomic_bool stopping;
    pthread_t thread;
};

static ssize_t read_descriptor(int descriptor, uint8_t *to, size_t size, size_t *consumed)
{
    ssize_t got;
    do {
        got = read(descriptor, to, size);
    } while (got < 0 && errno == EINTR);
    *consumed = got > 0 ? (size_t)got : 0;
    return got;
}

static void read_chunk(const read_ahead_t *ahead, read_ahead_chunk_t *chunk)
{
    const read_ahead_source_t *source = &ahead->source;
    uint8_t *to = chunk->base + AHEAD_ROOM;
    const ssize_t got = source->read != NULL
                            ? source->read(source->user, to, AHEAD_CHUNK, &chunk->consumed)
                            : read_descriptor(source->descriptor, to, AHEAD_CHUNK, &chunk->consumed);
    chunk->length = got > 0 ? (size_t)got : 0;
    chunk->reason = got < 0 ? errno : 0;
}

static read_ahead_chunk_t *wait_empty(read_ahead_t *ahead)
{
    for (;;) {
        read_ahead_chunk_t *chunk = ring_pop(&ahead->empty);
        if (chunk != NULL || atomic_load(&ahead->stopping)) {
            return chunk;
        }
        wake_event_arm(&ahead->emptied);
        if (ring_count(&ahead->empty) == 0 && !atomic_load(&ahead->stopping)) {
            wake_event_wait(&ahead->emptied, STOP_CHECK_MS);
        }
    }
}

static void *run(void *user)
{
    read_ahead_t *ahead = user;
    read_ahead_chunk_t *chunk;
    while (!atomic_load(&ahead->stopping) && (chunk = wait_empty(ahead)) != NULL) {
        read_chunk(ahead, chunk);
        const size_t length = chunk->length;
        (void)ring_push(&ahead->full, chunk); /* the ring has room for all chunks */
        wake_event_signal(&ahead->filled);
        if (length == 0) {
            break;
        }
    }
    return NULL;
}

static void free_parts(read_ahead_t *ahead)
{
    wake_event_destroy(&ahead->filled);
    wake_event_destroy(&ahead->emptied);
    ring_destroy(&ahead->full);
    ring_destroy(&ahead->empty);
    huge_pages_free(ahead->memory);
    free(ahead);
}

read_ahead_t *read_ahead_start(const read_ahead_source_t *source)
{
    read_ahead_t *ahead = aligned_alloc(RING_LINE, sizeof *ahead);
    if (ahead == NULL) {
        return NULL;
    }
    *ahead = (read_ahead_t){.source = *source, .memory = huge_pages_new(CHUNKS * (AHEAD_ROOM + AHEAD_CHUNK))};
    const bool made = wake_event_init(&ahead->filled) && wake_event_init(&ahead->emptied) &&
                      ring_init(&ahead->full, CHUNKS) && ring_init(&ahead->empty, CHUNKS) &&
                      ahead->memory != NULL;
    if (made) {
        huge_pages_map(ahead->memory);
    }
    for (unsigned i = 0; made && i < CHUNKS; i++) {
        ahead->chunks[i].base = ahead->memory + i * (size_t)(AHEAD_ROOM + AHEAD_CHUNK);
        (void)ring_push(&ahead->empty, &ahead->chunks[i]);
    }
    if (!made || pthread_create(&ahead->thread, NULL, run, ahead) != 0) {
        free_parts(ahead);
        return NULL;
    }
    return ahead;
}

void read_ahead_stop(read_ahead_t *ahead)
{
    if (ahead == NULL) {
        return;
    }
    atomic_store(&ahead->stopping, true);
    wake_event_signal(&ahead->emptied);
    (void)pthread_join(ahead->thread, NULL);
    free_parts(ahead);
}

read_ahead_chunk_t *read_ahead_take(read_ahead_t *ahead, unsigned timeout_ms)
{
    read_ahead_chunk_t *chunk = ring_pop(&ahead->full);
    if (chunk != NULL) {
        return chunk;
    }
    wake_event_arm(&ahead->filled);
    if (ring_count(&ahead->full) == 0) {
        wake_event_wait(&ahead->filled, timeout_ms);
    }
    return ring_pop(&ahead->full);
}

void read_ahead_return(read_ahead_t *ahead, read_ahead_chunk_t *chunk)
{
    if (chunk == NULL) {
        return;
    }
    (void)ring_push(&ahead->empty, chunk);
    if (ring_count(&ahead->empty) >= CHUNKS / 2) {
        wake_event_signal(&ahead->emptied);
    }
}
