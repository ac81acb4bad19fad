/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_feeder.h"

#include <glib.h>
#include <pthread.h>

#define BLOCKS          8u
#define BLOCK_SIGHTINGS 512u

typedef struct feeder_block {
    unsigned count;
    host_sighting_t sightings[BLOCK_SIGHTINGS];
} feeder_block_t;

/* A ring of blocks: those from `added` to `sent` are full. POSIX locks, because the thread sanitizer does not
 * see those of GLib's queues. */
struct hosts_feeder {
    host_model_t *model;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned sent;  /* blocks that were filled so far */
    unsigned added; /* blocks whose sightings are in the model */
    bool ending;
    bool alone;                    /* the system has no thread: sightings are added at once */
    feeder_block_t blocks[BLOCKS]; /* block n is blocks[n % BLOCKS] */
};

/* The next full block; NULL: no more follow. */
static feeder_block_t *next_block(hosts_feeder_t *feeder)
{
    (void)pthread_mutex_lock(&feeder->mutex);
    while (feeder->added == feeder->sent && !feeder->ending) {
        (void)pthread_cond_wait(&feeder->changed, &feeder->mutex);
    }
    feeder_block_t *block = feeder->added == feeder->sent ? NULL : &feeder->blocks[feeder->added % BLOCKS];
    (void)pthread_mutex_unlock(&feeder->mutex);
    return block;
}

static void change(hosts_feeder_t *feeder, unsigned *counter)
{
    (void)pthread_mutex_lock(&feeder->mutex);
    (*counter)++;
    (void)pthread_cond_broadcast(&feeder->changed);
    (void)pthread_mutex_unlock(&feeder->mutex);
}

static void *add_blocks(void *user)
{
    hosts_feeder_t *feeder = user;
    for (feeder_block_t *block; (block = next_block(feeder)) != NULL;) {
        for (unsigned i = 0; i < block->count; i++) {
            (void)host_model_add(feeder->model, &block->sightings[i], NULL);
        }
        block->count = 0;
        change(feeder, &feeder->added);
    }
    return NULL;
}

hosts_feeder_t *hosts_feeder_new(host_model_t *model)
{
    hosts_feeder_t *feeder = g_new0(hosts_feeder_t, 1);
    feeder->model = model;
    (void)pthread_mutex_init(&feeder->mutex, NULL);
    (void)pthread_cond_init(&feeder->changed, NULL);
    feeder->alone = pthread_create(&feeder->thread, NULL, add_blocks, feeder) != 0;
    return feeder;
}

/* Waits until at most @p most blocks are full. */
static void wait_for(hosts_feeder_t *feeder, unsigned most)
{
    (void)pthread_mutex_lock(&feeder->mutex);
    while (feeder->sent - feeder->added > most) {
        (void)pthread_cond_wait(&feeder->changed, &feeder->mutex);
    }
    (void)pthread_mutex_unlock(&feeder->mutex);
}

static feeder_block_t *current_block(hosts_feeder_t *feeder)
{
    return &feeder->blocks[feeder->sent % BLOCKS];
}

static void send_current(hosts_feeder_t *feeder)
{
    change(feeder, &feeder->sent);
    wait_for(feeder, BLOCKS - 1); /* the next block is empty */
}

void hosts_feeder_put(hosts_feeder_t *feeder, const host_sighting_t *sighting)
{
    if (feeder->alone) {
        (void)host_model_add(feeder->model, sighting, NULL);
        return;
    }
    feeder_block_t *block = current_block(feeder);
    block->sightings[block->count++] = *sighting;
    if (block->count == BLOCK_SIGHTINGS) {
        send_current(feeder);
    }
}

void hosts_feeder_drain(hosts_feeder_t *feeder)
{
    if (current_block(feeder)->count > 0) {
        send_current(feeder);
    }
    wait_for(feeder, 0);
}

void hosts_feeder_free(hosts_feeder_t *feeder)
{
    if (feeder == NULL) {
        return;
    }
    hosts_feeder_drain(feeder);
    (void)pthread_mutex_lock(&feeder->mutex);
    feeder->ending = true;
    (void)pthread_cond_broadcast(&feeder->changed);
    (void)pthread_mutex_unlock(&feeder->mutex);
    if (!feeder->alone) {
        (void)pthread_join(feeder->thread, NULL);
    }
    (void)pthread_cond_destroy(&feeder->changed);
    (void)pthread_mutex_destroy(&feeder->mutex);
    g_free(feeder);
}
