/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Samples wait in a binary heap, the smallest position on top, until no thread can add a smaller one. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/embed.h>

#define CAPACITY_AT_FIRST 256u

struct synfix_shared_clocks {
    pthread_mutex_t lock;
    synfix_engine_t *engine; /* owns the table of hosts */
    synfix_sample_order_t order;
    uint64_t window;
    int64_t newest;
    synfix_timestamp_sample_t *heap;
    size_t count;
    size_t capacity;
    synfix_observation_fn on_observation; /* of the call in progress */
    void *user;
};

static void deliver(const synfix_observation_t *observation, void *user)
{
    const synfix_shared_clocks_t *clocks = user;
    clocks->on_observation(observation, clocks->user);
}

synfix_status_t synfix_shared_clocks_new(uint32_t hosts, synfix_sample_order_t order, uint64_t window,
                                         synfix_shared_clocks_t **clocks, synfix_error_t *error)
{
    if ((unsigned)order > SYNFIX_SAMPLE_ORDER_TIME || window > INT64_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "shared clocks: order or window is out of range");
    }
    synfix_shared_clocks_t *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "shared clocks: out of memory");
    }
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.fingerprint_slots = SYNFIX_FINGERPRINT_SLOTS_MIN; /* only the table of hosts is used */
    config.handshakes = SYNFIX_HANDSHAKES_MIN;
    config.hosts = hosts;
    config.on_observation = deliver;
    config.observation_user = made;
    const synfix_status_t status = synfix_engine_new(&config, &made->engine, error);
    if (status != SYNFIX_OK) {
        free(made);
        return status;
    }
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        synfix_engine_free(made->engine);
        free(made);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "shared clocks: out of memory for a lock");
    }
    made->order = order;
    made->window = window;
    made->newest = INT64_MIN;
    *clocks = made;
    return SYNFIX_OK;
}

void synfix_shared_clocks_free(synfix_shared_clocks_t *clocks)
{
    if (clocks == NULL) {
        return;
    }
    synfix_engine_free(clocks->engine);
    (void)pthread_mutex_destroy(&clocks->lock);
    free(clocks->heap);
    free(clocks);
}

static int64_t position_of(const synfix_shared_clocks_t *clocks, const synfix_timestamp_sample_t *sample)
{
    return clocks->order == SYNFIX_SAMPLE_ORDER_NUMBER ? (int64_t)sample->packet_number : sample->time_ns;
}

static bool comes_before(const synfix_shared_clocks_t *clocks, size_t one, size_t other)
{
    const int64_t first = position_of(clocks, &clocks->heap[one]);
    const int64_t second = position_of(clocks, &clocks->heap[other]);
    return first != second ? first < second
                           : clocks->heap[one].packet_number < clocks->heap[other].packet_number;
}

static void swap_samples(synfix_shared_clocks_t *clocks, size_t one, size_t other)
{
    const synfix_timestamp_sample_t kept = clocks->heap[one];
    clocks->heap[one] = clocks->heap[other];
    clocks->heap[other] = kept;
}

static void sink_down(synfix_shared_clocks_t *clocks, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < clocks->count; child++) {
            least = comes_before(clocks, child, least) ? child : least;
        }
        if (least == at) {
            return;
        }
        swap_samples(clocks, at, least);
        at = least;
    }
}

/* Room for one more; without memory the oldest sample makes room. */
static bool make_room(synfix_shared_clocks_t *clocks)
{
    if (clocks->count < clocks->capacity) {
        return true;
    }
    if (clocks->capacity >= SYNFIX_SHARED_CLOCKS_WAITING_MAX) {
        return false;
    }
    const size_t capacity = clocks->capacity == 0 ? CAPACITY_AT_FIRST : 2 * clocks->capacity;
    synfix_timestamp_sample_t *grown = realloc(clocks->heap, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    clocks->heap = grown;
    clocks->capacity = capacity;
    return true;
}

static void use_first(synfix_shared_clocks_t *clocks)
{
    synfix_engine_push_sample(clocks->engine, &clocks->heap[0]);
    clocks->count--;
    clocks->heap[0] = clocks->heap[clocks->count];
    sink_down(clocks, 0);
}

static void use_up_to(synfix_shared_clocks_t *clocks, int64_t position)
{
    while (clocks->count > 0 && position_of(clocks, &clocks->heap[0]) <= position) {
        use_first(clocks);
    }
}

static void insert(synfix_shared_clocks_t *clocks, const synfix_timestamp_sample_t *sample)
{
    size_t at = clocks->count++;
    clocks->heap[at] = *sample;
    while (at > 0 && comes_before(clocks, at, (at - 1) / 2)) {
        swap_samples(clocks, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

void synfix_shared_clocks_add(synfix_shared_clocks_t *clocks, const synfix_timestamp_sample_t *sample,
                              synfix_observation_fn on_observation, void *user)
{
    (void)pthread_mutex_lock(&clocks->lock);
    clocks->on_observation = on_observation;
    clocks->user = user;
    if (!make_room(clocks) && clocks->count > 0) {
        use_first(clocks);
    }
    if (clocks->count < clocks->capacity) {
        insert(clocks, sample);
    } else {
        synfix_engine_push_sample(clocks->engine, sample); /* no memory at all: without waiting */
    }
    const int64_t position = position_of(clocks, sample);
    clocks->newest = position > clocks->newest ? position : clocks->newest;
    if (clocks->newest >= INT64_MIN + (int64_t)clocks->window) {
        use_up_to(clocks, clocks->newest - (int64_t)clocks->window);
    }
    (void)pthread_mutex_unlock(&clocks->lock);
}

void synfix_shared_clocks_advance(synfix_shared_clocks_t *clocks, int64_t position,
                                  synfix_observation_fn on_observation, void *user)
{
    (void)pthread_mutex_lock(&clocks->lock);
    clocks->on_observation = on_observation;
    clocks->user = user;
    use_up_to(clocks, position);
    (void)pthread_mutex_unlock(&clocks->lock);
}

void synfix_shared_clocks_counters(synfix_shared_clocks_t *clocks, synfix_engine_counters_t *counters)
{
    synfix_engine_counters_t all;
    synfix_engine_counters(clocks->engine, &all);
    memset(counters, 0, sizeof *counters);
    counters->hosts_evicted = all.hosts_evicted;
    counters->hosts_expired = all.hosts_expired;
    counters->uptime_observations = all.uptime_observations;
}
