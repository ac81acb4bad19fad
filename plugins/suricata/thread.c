/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "synfix_suricata.h"

#include <stdatomic.h>

/* Packets that wait in the threads of a live capture are at most this much older than others. */
#define LIVE_WINDOW_NS UINT64_C(500000000)
/* Packets of a capture. max-pending-packets is no bound: while a thread pauses, the others continue. */
#define OFFLINE_WINDOW SYNFIX_SHARED_CLOCKS_WAITING_MAX

static ThreadStorageId storage = {.id = -1};

/* Of all threads of one run; Suricata's unix-socket mode makes several runs. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static synfix_shared_clocks_t *shared;
static unsigned shared_users;
static uint64_t shared_evicted;     /* hosts of the shared clocks that are counted */
static _Atomic unsigned unfinished; /* threads whose loggers still run */

static bool is_offline(void)
{
    const int mode = SCRunmodeGet();
    return mode == RUNMODE_PCAP_FILE || mode == RUNMODE_UNIX_SOCKET;
}

static synfix_shared_clocks_t *clocks_get(void)
{
    synfix_error_t error;
    pthread_mutex_lock(&lock);
    if (shared == NULL) {
        const synfix_status_t status =
            synfix_shared_clocks_new(synfix_settings.engine.hosts,
                                     is_offline() ? SYNFIX_SAMPLE_ORDER_NUMBER : SYNFIX_SAMPLE_ORDER_TIME,
                                     is_offline() ? OFFLINE_WINDOW : LIVE_WINDOW_NS, &shared, &error);
        if (status != SYNFIX_OK) {
            FatalError("%s", error.text);
        }
        shared_evicted = 0;
    }
    shared_users++;
    pthread_mutex_unlock(&lock);
    return shared;
}

static void clocks_put(void)
{
    pthread_mutex_lock(&lock);
    if (--shared_users == 0) {
        synfix_shared_clocks_free(shared);
        shared = NULL;
    }
    pthread_mutex_unlock(&lock);
}

static void take_sample(const synfix_timestamp_sample_t *sample, void *user)
{
    synfix_thread_t *thread = user;
    synfix_shared_clocks_add(thread->clocks, sample, synfix_observe, thread);
}

static void engine_make(synfix_thread_t *thread)
{
    synfix_error_t error;
    synfix_engine_config_t config = synfix_settings.engine;
    config.on_observation = synfix_observe;
    config.observation_user = thread;
    if (thread->clocks != NULL) {
        config.on_timestamp_sample = take_sample;
        config.timestamp_sample_user = thread;
        config.hosts = SYNFIX_HOSTS_MIN; /* the shared clocks have the table */
    }
    config.sigdb = synfix_database_get(&thread->database_number);
    const synfix_status_t status = synfix_engine_new(&config, &thread->engine, &error);
    synfix_sigdb_unref(config.sigdb); /* the engine has a reference of its own */
    if (status != SYNFIX_OK) {
        FatalError("%s", error.text);
    }
}

void synfix_thread_try(void)
{
    synfix_thread_t thread = {.clocks = NULL};
    engine_make(&thread);
    synfix_engine_free(thread.engine);
}

static void counters_register(synfix_thread_t *thread)
{
    static const char *const names[SYNFIX_COUNTERS] = {"synfix.syn",          "synfix.syn_ack",
                                                       "synfix.uptime",       "synfix.matched",
                                                       "synfix.unmatched",    "synfix.handshakes_evicted",
                                                       "synfix.hosts_evicted"};
    for (unsigned i = 0; i < SYNFIX_COUNTERS; i++) {
        thread->counters[i] = StatsRegisterCounter(names[i], thread->tv);
    }
}

void synfix_thread_count(synfix_thread_t *thread, synfix_counter_t counter)
{
    StatsIncr(thread->tv, thread->counters[counter]);
}

/* Suricata adds the counters of all threads, so a thread counts what none has counted. */
static void count_shared_evictions(synfix_thread_t *thread)
{
    synfix_engine_counters_t counters;
    pthread_mutex_lock(&lock);
    synfix_shared_clocks_counters(thread->clocks, &counters);
    const uint64_t more = counters.hosts_evicted - shared_evicted;
    shared_evicted = counters.hosts_evicted;
    pthread_mutex_unlock(&lock);
    StatsAddUI64(thread->tv, thread->counters[SYNFIX_COUNT_HOSTS_EVICTED], more);
}

void synfix_thread_count_evictions(synfix_thread_t *thread)
{
    synfix_engine_counters_t counters;
    synfix_engine_counters(thread->engine, &counters);
    StatsSetUI64(thread->tv, thread->counters[SYNFIX_COUNT_HANDSHAKES_EVICTED], counters.handshakes_evicted);
    if (thread->clocks != NULL) {
        count_shared_evictions(thread);
    } else {
        StatsSetUI64(thread->tv, thread->counters[SYNFIX_COUNT_HOSTS_EVICTED], counters.hosts_evicted);
    }
}

/* Threads that work on flows have names that begin with W in all run modes (runmodes.c of Suricata). */
static void thread_start(ThreadVars *tv, void *unused)
{
    (void)unused;
    if (tv->name[0] != 'W') {
        return;
    }
    const char *mode = RunmodeGetActive();
    const bool single = mode != NULL && strcmp(mode, "single") == 0;
    synfix_thread_t *thread = SCCalloc(1, sizeof *thread);
    if (thread == NULL) {
        FatalError("out of memory");
    }
    if (!single && synfix_settings.engine.uptime == SYNFIX_UPTIME_P0F) {
        FatalError("uptime: p0f needs all packets of a host in one thread: start Suricata with "
                   "--runmode single, or set uptime: regression");
    }
    if (!single && synfix_settings.engine.uptime == SYNFIX_UPTIME_REGRESSION) {
        thread->clocks = clocks_get();
    }
    thread->tv = tv;
    engine_make(thread);
    counters_register(thread);
    (void)ThreadSetStorageById(tv, storage, thread);
    synfix_database_watch_start();
}

static void thread_free(void *pointer)
{
    synfix_thread_t *thread = pointer;
    synfix_database_watch_stop();
    synfix_engine_free(thread->engine);
    if (thread->clocks != NULL) {
        clocks_put();
    }
    SCFree(thread);
}

void synfix_thread_register(void)
{
    storage = ThreadStorageRegister("synfix", sizeof(void *), NULL, thread_free);
    if (storage.id < 0 || !SCThreadRegisterInitCallback(thread_start, NULL)) {
        FatalError("Suricata refuses storage in threads");
    }
}

synfix_thread_t *synfix_thread_of(ThreadVars *tv)
{
    return tv != NULL ? ThreadGetStorageById(tv, storage) : NULL;
}

bool synfix_thread_add_logger(synfix_thread_t *thread, OutputJsonThreadCtx *context, bool uptime)
{
    if (thread->logger_count == SYNFIX_LOGGERS_MAX) {
        return false;
    }
    if (thread->logger_count == 0) {
        atomic_fetch_add(&unfinished, 1);
    }
    thread->loggers[thread->logger_count].context = context;
    thread->loggers[thread->logger_count++].uptime = uptime;
    return true;
}

/* Called once for each logger; the first call comes while all loggers of the thread still work. The thread
 * that finishes last also writes what the threads share. */
void synfix_thread_finish(synfix_thread_t *thread)
{
    if (thread->finished) {
        return;
    }
    thread->finished = true;
    synfix_engine_flush(thread->engine);
    if (atomic_fetch_sub(&unfinished, 1) == 1 && thread->clocks != NULL) {
        synfix_shared_clocks_advance(thread->clocks, INT64_MAX, synfix_observe, thread);
    }
    thread->logger_count = 0;
}
