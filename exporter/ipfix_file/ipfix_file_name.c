/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "base/clock.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "files/directory_entry.h"
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 100000u /* numbers tried to find a free name */

synfix_status_t ipfix_file_failed(const char *path, const char *what, synfix_error_t *error)
{
    const int reason = errno;
    return synfix_fail(error, file_status(reason), "%s: %s: %s", path, what, file_reason(reason));
}

char *ipfix_file_dated_name(const char *target, int64_t now_ns)
{
    if (strchr(target, '%') == NULL) {
        return g_strdup(target);
    }
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_ns / NS_PER_S);
    return g_date_time_format(now, target);
}

static bool is_consumed(const char *name)
{
    g_autofree char *part = g_strconcat(name, ARCHIVE_PART_SUFFIX, NULL);
    return access(name, F_OK) == 0 || access(part, F_OK) == 0;
}

char *ipfix_file_free_name(const char *wanted)
{
    const char *base = strrchr(wanted, '/');
    const char *dot = strchr(base != NULL ? base : wanted, '.');
    const int stem = dot != NULL ? (int)(dot - wanted) : (int)strlen(wanted);
    for (unsigned number = 2; number < NAMES_MAX && is_consumed(wanted); number++) {
        g_autofree char *name = g_strdup_printf("%.*s-%u%s", stem, wanted, number, dot != NULL ? dot : "");
        if (!is_consumed(name)) {
            return g_steal_pointer(&name);
        }
    }
    return g_strdup(wanted);
}
