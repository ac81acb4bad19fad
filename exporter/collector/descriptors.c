/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collect_internal.h"
#include <dirent.h>
#include <inttypes.h>
#include <sys/resource.h>

/* For files that are opened for a moment (names of hosts, certificates), and for connections that are
 * accepted only to be closed. */
#define SPARE_DESCRIPTORS 8u
#define SESSIONS_MIN      8u

static uint32_t count_open(void)
{
    uint32_t count = 0;
    DIR *const directory = opendir("/proc/self/fd");
    while (directory != NULL && readdir(directory) != NULL) {
        count++; /* three too many: the directory itself, `.` and `..` */
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return count;
}

/* A session with its socket and a file in each archive. */
static uint32_t descriptors_of_session(const collect_t *collect)
{
    uint32_t count = 1;
    for (guint i = 0; i < collect->outputs->len; i++) {
        count += collector_output_is_archive(g_ptr_array_index(collect->outputs, i));
    }
    return count;
}

synfix_status_t collect_fit_descriptors(collect_t *collect, synfix_error_t *error)
{
    const uint32_t in_use = count_open() + SPARE_DESCRIPTORS, each = descriptors_of_session(collect);
    const rlim_t wanted = (rlim_t)collect->config.sessions * each + in_use;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return SYNFIX_OK;
    }
    if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = MIN(wanted, limit.rlim_max);
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted) {
        return SYNFIX_OK;
    }
    const uint32_t sessions = limit.rlim_cur > in_use ? (uint32_t)(limit.rlim_cur - in_use) / each : 0;
    if (sessions < SESSIONS_MIN) {
        return synfix_fail(error, SYNFIX_IO,
                           "%" PRIu64 " open files (ulimit -n) leave room for %u sessions; allow %u at least",
                           (uint64_t)limit.rlim_cur, sessions, in_use + SESSIONS_MIN * each);
    }
    session_table_limit(collect->sessions, sessions);
    g_autofree char *text = g_strdup_printf(
        "%" PRIu64 " open files (ulimit -n) leave room for %u sessions, not %u; allow %" PRIu64,
        (uint64_t)limit.rlim_cur, sessions, collect->config.sessions, (uint64_t)wanted);
    collect->config.log(collect->config.log_user, text);
    return SYNFIX_OK;
}
