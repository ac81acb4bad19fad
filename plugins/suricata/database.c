/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Suricata does not notify plug-ins that the rules are loaded again, but the version of its detection engine
 * changes then. A thread compares it once a second, so no packet waits for the database. */
#include "synfix_suricata.h"

#include <signal.h>
#include <stdatomic.h>

#define WATCH_INTERVAL_US 500000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static synfix_sigdb_t *current;     /* under the lock */
static _Atomic uint64_t generation; /* of current */
static atomic_flag watched = ATOMIC_FLAG_INIT;

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
    SCLogInfo("synfix: %s: %u signatures of SYN, %u of SYN+ACK", info.name, info.request_entries,
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
        FatalError("synfix: %s (the setting synfix.database of suricata.yaml names the signature database)",
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

static void *watch(void *unused)
{
    uint32_t version = DetectEngineGetVersion();
    (void)unused;
    for (;;) {
        usleep(WATCH_INTERVAL_US);
        const uint32_t now = DetectEngineGetVersion();
        if (now == version) {
            continue;
        }
        version = now;
        synfix_error_t error;
        synfix_sigdb_t *sigdb = open_files(&error);
        if (sigdb == NULL) {
            SCLogError("synfix: %s; the database that was loaded before stays in use", error.text);
        } else {
            use(sigdb);
        }
    }
    return NULL;
}

/* Not at load time: Suricata may fork into the background after that. */
void synfix_database_watch(void)
{
    pthread_t thread;
    sigset_t all;
    sigset_t before;
    if (atomic_flag_test_and_set(&watched)) {
        return;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals belong to Suricata's threads */
    if (pthread_create(&thread, NULL, watch, NULL) != 0) {
        SCLogWarning("synfix: cannot start a thread: a reload of the rules does not reload the database");
    } else {
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
