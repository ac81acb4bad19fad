/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Suricata does not notify plug-ins that the rules are loaded again, but the version of its detection engine
 * changes then. A thread of its own compares the version and loads the database, so no packet waits. */
#include "synfix_suricata.h"

#include <signal.h>
#include <stdatomic.h>

#define WATCH_INTERVAL_NS 500000000L
#define NS_PER_SECOND     1000000000L

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static synfix_sigdb_t *current;     /* under the lock */
static _Atomic uint64_t generation; /* of current */

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t watch_end = PTHREAD_COND_INITIALIZER;
static unsigned watch_users; /* under watch_lock: threads that work on flows */
static pthread_t watcher;
static bool watching;
static uint32_t rules_version; /* that the database was loaded with; 0: none yet */

static synfix_sigdb_t *open_files(synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = NULL;
    if (synfix_sigdb_open(synfix_settings.databases, synfix_settings.database_count,
                          synfix_settings.min_quality, &sigdb, error) != SYNFIX_OK) {
        return NULL;
    }
    return sigdb;
}

static void use(synfix_sigdb_t *sigdb)
{
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    SCLogInfo("%s: %u signatures of SYN, %u of SYN+ACK", info.name, info.request_entries,
              info.response_entries);
    pthread_mutex_lock(&lock);
    synfix_sigdb_t *old = current;
    current = sigdb;
    atomic_fetch_add(&generation, 1);
    pthread_mutex_unlock(&lock);
    synfix_sigdb_unref(old);
}

void synfix_database_load(void)
{
    synfix_error_t error;
    synfix_sigdb_t *sigdb = open_files(&error);
    if (sigdb == NULL) {
        FatalError("%s (the setting synfix.database of suricata.yaml names the signature database)",
                   error.text);
    }
    use(sigdb);
}

uint64_t synfix_database_number(void)
{
    return atomic_load_explicit(&generation, memory_order_acquire);
}

synfix_sigdb_t *synfix_database_get(uint64_t *number)
{
    pthread_mutex_lock(&lock);
    synfix_sigdb_t *sigdb = synfix_sigdb_ref(current);
    *number = atomic_load(&generation);
    pthread_mutex_unlock(&lock);
    return sigdb;
}

static void load_again(void)
{
    synfix_error_t error;
    synfix_sigdb_t *sigdb = open_files(&error);
    if (sigdb == NULL) {
        SCLogError("%s; the database that was loaded before stays in use", error.text);
    } else {
        use(sigdb);
    }
}

/* false: the threads end. */
static bool wait_interval(void)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += WATCH_INTERVAL_NS;
    end.tv_sec += end.tv_nsec / NS_PER_SECOND;
    end.tv_nsec %= NS_PER_SECOND;
    pthread_mutex_lock(&watch_lock);
    if (watch_users > 0) {
        (void)pthread_cond_timedwait(&watch_end, &watch_lock, &end);
    }
    const bool going_on = watch_users > 0;
    pthread_mutex_unlock(&watch_lock);
    return going_on;
}

static void *watch(void *unused)
{
    (void)unused;
    while (wait_interval()) {
        const uint32_t now = DetectEngineGetVersion();
        if (now != rules_version) {
            rules_version = now;
            load_again();
        }
    }
    return NULL;
}

/* Not at load time: Suricata may fork into the background after that. */
void synfix_database_watch_start(void)
{
    sigset_t all;
    sigset_t before;
    pthread_mutex_lock(&watch_lock);
    if (watch_users++ == 0) {
        if (rules_version == 0) {
            rules_version = DetectEngineGetVersion();
        }
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before); /* signals belong to Suricata's threads */
        watching = pthread_create(&watcher, NULL, watch, NULL) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (!watching) {
            SCLogWarning("cannot start a thread: a reload of the rules does not reload the database");
        }
    }
    pthread_mutex_unlock(&watch_lock);
}

/* Only Suricata's main thread starts and stops, so no start comes before the end of the join. */
void synfix_database_watch_stop(void)
{
    pthread_mutex_lock(&watch_lock);
    const bool last = --watch_users == 0 && watching;
    pthread_cond_signal(&watch_end);
    pthread_mutex_unlock(&watch_lock);
    if (last) {
        (void)pthread_join(watcher, NULL);
    }
}
