/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/memory_limit.h"
#include "app/config/setting_values.h"
#include "files/file_content.h"

#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX 65536u
#define MIB           (UINT64_C(1) << 20)

/* Bytes of an entry (docs/explanation/performance-resources.md), and of a row of host-table at least. */
#define HANDSHAKE_BYTES   80u
#define HOST_BYTES        152u
#define FINGERPRINT_BYTES 1234u
#define HOST_ROW_BYTES    300u
/* A capture with empty tables. */
#define PROGRAM_BYTES (13 * MIB)

static char *read_file(const char *path)
{
    char *text = NULL;
    size_t length = 0;
    return file_read_whole(path, FILE_SIZE_MAX, &text, &length, NULL) == SYNFIX_OK ? text : NULL;
}

/* No limit: version 1 states a number above any amount of memory, version 2 the word `max`. */
static uint64_t limit_in(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    char *text = read_file(path);
    uint64_t limit = UINT64_MAX;
    if (text != NULL && g_ascii_isdigit(text[0])) {
        limit = strtoull(text, NULL, 10);
    }
    free(text);
    return limit < INT64_MAX / 2 ? limit : UINT64_MAX;
}

/* The lowest limit of the cgroup @p group below @p mount and of those above it. A container sees its own
 * cgroup as the mount, and a path of the host that does not exist below the mount. */
static uint64_t limit_of(const char *mount, const char *group, const char *name)
{
    g_autofree char *path = g_strdup(group);
    uint64_t least = limit_in(mount, name);
    while (path[0] != '\0') {
        g_autofree char *directory = g_build_filename(mount, path, NULL);
        char *last = strrchr(path, '/');
        least = MIN(least, limit_in(directory, name));
        *(last != NULL ? last : path) = '\0';
    }
    return least;
}

/* A line of cgroup(7): `0::/GROUP` of version 2, `NUMBER:CONTROLLERS:/GROUP` of version 1. */
static uint64_t limit_of_line(const char *line, const char *root)
{
    g_auto(GStrv) parts = g_strsplit(line, ":", 3);
    if (g_strv_length(parts) != 3) {
        return UINT64_MAX;
    }
    if (parts[1][0] == '\0') {
        g_autofree char *mount = g_build_filename(root, "/sys/fs/cgroup", NULL);
        return limit_of(mount, parts[2], "memory.max");
    }
    g_auto(GStrv) controllers = g_strsplit(parts[1], ",", -1);
    if (!g_strv_contains((const char *const *)controllers, "memory")) {
        return UINT64_MAX;
    }
    g_autofree char *mount = g_build_filename(root, "/sys/fs/cgroup/memory", NULL);
    return limit_of(mount, parts[2], "memory.limit_in_bytes");
}

uint64_t memory_limit_read(const char *root)
{
    g_autofree char *path = g_build_filename(root, "/proc/self/cgroup", NULL);
    char *text = read_file(path);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    uint64_t least = UINT64_MAX;
    free(text);
    for (char *const *line = lines; *line != NULL; line++) {
        least = MIN(least, limit_of_line(*line, root));
    }
    return least;
}

uint64_t memory_limit_need(const settings_t *settings)
{
    unsigned workers = 1;
    synfix_error_t error;
    if (values_workers(settings, true, &workers, &error) < 0) {
        workers = 1; /* the mistake is reported elsewhere */
    }
    const unsigned sinks = settings->to != NULL ? MAX(g_strv_length(settings->to), 1) : 1;
    const uint64_t tables = (uint64_t)settings->handshakes * HANDSHAKE_BYTES +
                            (uint64_t)settings->hosts * HOST_BYTES +
                            (uint64_t)settings->fingerprint_slots * FINGERPRINT_BYTES;
    const bool rows = settings->host_changes || settings->query_socket != NULL || settings->metrics_hosts;
    return PROGRAM_BYTES + workers * (tables + sinks * (uint64_t)settings->queue) +
           (rows ? (uint64_t)settings->host_table * HOST_ROW_BYTES : 0);
}

void memory_limit_warn(const settings_t *settings, log_t *log)
{
    const uint64_t limit = memory_limit_read("/");
    const uint64_t need = memory_limit_need(settings);
    if (limit < need) {
        log_line(log, LOG_LEVEL_WARNING,
                 "memory: the control group permits %" G_GUINT64_FORMAT
                 " MiB, full tables and queues need at least %" G_GUINT64_FORMAT
                 " MiB: the kernel may kill the capture; raise the limit (MemoryMax= of the unit), or lower "
                 "workers, hosts, handshakes, fingerprint-slots, queue or host-table",
                 limit / MIB, (need + MIB - 1) / MIB);
    }
}
