/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/hosts_feeder.h"

#include <glib.h>

#define BLOCKS          8u
#define BLOCK_SIGHTINGS 512u

typedef struct block {
    unsigned count;
    host_sighting_t sightings[BLOCK_SIGHTINGS];
} block_t;

struct hosts_feeder {
    host_model_t *model;
    GThread *thread;
    GAsyncQueue *full;  /* block_t *; the feeder itself: end */
    GAsyncQueue *empty; /* block_t * */
    block_t *current;   /* NULL: none is begun */
    block_t blocks[BLOCKS];
};

static gpointer add_blocks(gpointer user)
{
    hosts_feeder_t *feeder = user;
    for (;;) {
        block_t *block = g_async_queue_pop(feeder->full);
        if ((gpointer)block == (gpointer)feeder) {
            return NULL;
        }
        for (unsigned i = 0; i < block->count; i++) {
            (void)host_model_add(feeder->model, &block->sightings[i], NULL);
        }
        block->count = 0;
        g_async_queue_push(feeder->empty, block);
    }
}

hosts_feeder_t *hosts_feeder_new(host_model_t *model)
{
    hosts_feeder_t *feeder = g_new0(hosts_feeder_t, 1);
    feeder->model = model;
    feeder->full = g_async_queue_new();
    feeder->empty = g_async_queue_new();
    for (unsigned i = 0; i < BLOCKS; i++) {
        g_async_queue_push(feeder->empty, &feeder->blocks[i]);
    }
    feeder->thread = g_thread_new("hosts", add_blocks, feeder);
    return feeder;
}

static void send_current(hosts_feeder_t *feeder)
{
    if (feeder->current != NULL) {
        g_async_queue_push(feeder->full, feeder->current);
        feeder->current = NULL;
    }
}

void hosts_feeder_put(hosts_feeder_t *feeder, const host_sighting_t *sighting)
{
    if (feeder->current == NULL) {
        feeder->current = g_async_queue_pop(feeder->empty);
    }
    feeder->current->sightings[feeder->current->count++] = *sighting;
    if (feeder->current->count == BLOCK_SIGHTINGS) {
        send_current(feeder);
    }
}

/* All blocks are empty when nothing is pending. */
void hosts_feeder_drain(hosts_feeder_t *feeder)
{
    block_t *blocks[BLOCKS];
    send_current(feeder);
    for (unsigned i = 0; i < BLOCKS; i++) {
        blocks[i] = g_async_queue_pop(feeder->empty);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        g_async_queue_push(feeder->empty, blocks[i]);
    }
}

void hosts_feeder_free(hosts_feeder_t *feeder)
{
    if (feeder == NULL) {
        return;
    }
    send_current(feeder);
    g_async_queue_push(feeder->full, feeder);
    g_thread_join(feeder->thread);
    g_async_queue_unref(feeder->full);
    g_async_queue_unref(feeder->empty);
    g_free(feeder);
}
