/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "base/clock.h"
#include "base/file_place.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include <errno.h>
#include <fnmatch.h>
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

/* Pattern of fnmatch for the output of a conversion of g_date_time_format. */
static const char *conversion_pattern(char conversion)
{
    if (strchr("YmdHMSyCIkleujwUVWGs", conversion) != NULL) {
        return "+([0-9 ])";
    }
    return conversion == 'F' ? "+([-0-9])" : conversion == 'T' || conversion == 'R' ? "+([0-9:])" : "+(?)";
}

static void append_literal(GString *pattern, char byte)
{
    if (strchr("*?[]\\+@!()|", byte) != NULL) {
        g_string_append_c(pattern, '\\');
    }
    g_string_append_c(pattern, byte);
}

static char *pattern_of(const char *base, const char *suffix)
{
    static const char number[] = "?(-+([0-9]))";
    GString *pattern = g_string_new(NULL);
    bool numbered = false;
    for (const char *at = base; *at != '\0'; at++) {
        if (*at == '%' && at[1] != '\0' && at[1] != '%') {
            at += strspn(at + 1, "EO_-0^#") + 1;
            g_string_append(pattern, *at != '\0' ? conversion_pattern(*at) : "");
            at -= *at == '\0';
            continue;
        }
        at += *at == '%' && at[1] == '%';
        if (*at == '.' && !numbered) {
            numbered = true;
            g_string_append(pattern, number);
        }
        append_literal(pattern, *at);
    }
    g_string_append_printf(pattern, "%s%s", numbered ? "" : number, suffix);
    return g_string_free(pattern, FALSE);
}

char *ipfix_file_part_pattern(const char *base)
{
    return pattern_of(base, ARCHIVE_PART_SUFFIX);
}

char *ipfix_file_finished_pattern(const char *base)
{
    return pattern_of(base, "");
}

bool ipfix_file_name_matches(const char *pattern, const char *name)
{
    return fnmatch(pattern, name, FNM_EXTMATCH) == 0;
}
