/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file failing_calls.h
 * Calls of the program that a test lets fail or counts. A test that includes this file is linked with
 * `--wrap` of each function (tests/unit/CMakeLists.txt).
 */
#ifndef TESTS_FAILING_CALLS_H
#define TESTS_FAILING_CALLS_H

#include <errno.h>
#include <linux/if_packet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <synfix/sigdb.h>
#include <sys/socket.h>

/* Allocation number fail_at of this thread fails, counted from 1; 0: none. The linker puts these functions in
 * the place of malloc and calloc for the code of the program; GLib, which ends the process without memory,
 * keeps its own. */
static _Thread_local unsigned fail_at;
static _Thread_local unsigned allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool refuse(void)
{
    return fail_at != 0 && ++allocations == fail_at;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

/* The request that the kernel refuses; name 0: none. */
static struct {
    int level;
    int name;
} refused;
static bool pinning_is_refused;
static int memberships; /* in promiscuous mode, since the start: libpcap makes the first one */
static unsigned loads;  /* of databases */

int __real_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size);
int __real_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set);
int __wrap_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set);
synfix_status_t __real_synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path, synfix_error_t *error);
synfix_status_t __wrap_synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path, synfix_error_t *error);

int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size)
{
    if (name == refused.name && level == refused.level) {
        errno = ENOMEM;
        return -1;
    }
    const int result = __real_setsockopt(descriptor, level, name, value, size);
    if (result == 0 && level == SOL_PACKET) {
        memberships += (name == PACKET_ADD_MEMBERSHIP) - (name == PACKET_DROP_MEMBERSHIP);
    }
    return result;
}

int __wrap_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
    return pinning_is_refused ? EINVAL : __real_pthread_setaffinity_np(thread, size, set);
}

synfix_status_t __wrap_synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path, synfix_error_t *error)
{
    loads++;
    return __real_synfix_sigdb_load(sigdb, path, error);
}

#endif
