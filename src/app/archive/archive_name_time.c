/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_input.h"
#include "base/clock.h"
#include <string.h>

#define PARTS 6u /* year, month, day, hour, minute, second */

/* The number of exactly @p digits digits at *at, which moves after it. -1: there is none. */
static int take_number(const char **at, unsigned digits)
{
    int number = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (!g_ascii_isdigit((*at)[i])) {
            return -1;
        }
        number = number * 10 + ((*at)[i] - '0');
    }
    *at += digits;
    return number;
}

/* As many parts as stand at @p at, with at most one separator before each: 2026-11-29T10, 20261129_1030. */
static unsigned take_parts(const char *at, int parts[PARTS])
{
    unsigned count = 0;
    while (count < PARTS) {
        const char *next = at + (count > 0 && *at != '\0' && strchr("-_.:T ", *at) != NULL);
        parts[count] = take_number(&next, count == 0 ? 4 : 2);
        if (parts[count] < 0) {
            break;
        }
        at = next;
        count++;
    }
    for (unsigned i = count; i < PARTS; i++) {
        parts[i] = 0;
    }
    return g_ascii_isdigit(*at) ? 0 : count; /* a longer number is no date */
}

bool archive_name_time(const char *path, int64_t *first_ns, int64_t *span_ns)
{
    static const int64_t spans[] = {86400, 3600, 60, 1};
    g_autofree char *name = g_path_get_basename(path);
    for (const char *at = name; *at != '\0'; at++) {
        int parts[PARTS];
        const bool begins = at == name || !g_ascii_isdigit(at[-1]);
        const unsigned count = begins && strncmp(at, "20", 2) == 0 ? take_parts(at, parts) : 0;
        g_autoptr(GDateTime) time = count >= 3 ? g_date_time_new_utc(parts[0], parts[1], parts[2], parts[3],
                                                                     parts[4], (gdouble)parts[5])
                                               : NULL;
        if (time != NULL) {
            *first_ns = g_date_time_to_unix(time) * NS_PER_S;
            *span_ns = spans[count - 3] * NS_PER_S;
            return true;
        }
    }
    return false;
}
