/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_filter.h"
#include "base/ascii.h"
#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool parse_duration(const char *text, int64_t *seconds)
{
    static const char units[] = "smhdw";
    static const int64_t factors[] = {1, 60, 3600, 86400, 604800};
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    const char *unit = end != text && *end != '\0' ? strchr(units, *end) : NULL;
    if (unit == NULL || end[1] != '\0' || errno != 0 || number < 0 || number > 1000000000) {
        return false;
    }
    *seconds = number * factors[unit - units];
    return true;
}

static bool parse_date(const char *text, int64_t *seconds)
{
    static const char *const formats[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
                                          "%Y-%m-%d %H:%M:%S"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct tm date = {.tm_mday = 1};
        const char *end = strptime(text, formats[i], &date);
        if (end == NULL || (strcmp(end, "") != 0 && strcmp(end, "Z") != 0)) {
            continue;
        }
        *seconds = (int64_t)timegm(&date);
        return true;
    }
    return false;
}

synfix_status_t host_time_parse(const char *text, int64_t now_ns, int64_t *time_ns, synfix_error_t *error)
{
    int64_t seconds = 0;
    char *end = NULL;
    errno = 0;
    if (text[0] == '@' && text[1] != '\0') {
        seconds = strtoll(text + 1, &end, 10);
        if (*end == '\0' && errno == 0 && seconds >= 0 && seconds < INT64_MAX / NS_PER_S) {
            *time_ns = seconds * NS_PER_S;
            return SYNFIX_OK;
        }
    } else if (parse_date(text, &seconds)) {
        *time_ns = seconds * NS_PER_S;
        return SYNFIX_OK;
    } else if (parse_duration(text, &seconds)) {
        *time_ns = now_ns - seconds * NS_PER_S;
        return SYNFIX_OK;
    }
    return synfix_fail(
        error, SYNFIX_INVALID,
        "'%s' is not a time; write 2026-11-29, 2026-11-29T10:00 (UTC), @1764410400, or 2h (2 hours "
        "before now)",
        text);
}

bool host_filter_time(const host_filter_t *filter, int64_t time_ns)
{
    return (filter->since_ns == 0 || time_ns >= filter->since_ns) &&
           (filter->until_ns == 0 || time_ns < filter->until_ns);
}

bool host_filter_address(const host_filter_t *filter, const synfix_address_t *address, uint8_t ip_version)
{
    for (size_t i = 0; i < filter->net_count; i++) {
        if (address_prefix_has(&filter->nets[i], address, ip_version)) {
            return true;
        }
    }
    return filter->net_count == 0;
}

bool host_filter_os(const host_filter_t *filter, const char *label)
{
    if (filter->os == NULL) {
        return true;
    }
    const size_t length = strlen(filter->os);
    for (; strlen(label) >= length; label++) {
        if (ascii_begin_equal(label, filter->os, length)) {
            return true;
        }
    }
    return false;
}

static bool row_has_os(const host_filter_t *filter, const host_row_t *row)
{
    if (host_filter_os(filter, row->label->text)) {
        return true;
    }
    /* Behind a shared address, each label may be correct. */
    for (size_t i = 0; host_row_shared(row) && i < row->label_count; i++) {
        if (host_filter_os(filter, row->labels[i].label->text)) {
            return true;
        }
    }
    return false;
}

static bool row_changed(const host_filter_t *filter, const host_row_t *row)
{
    for (size_t i = 0; i < row->change_count; i++) {
        if (host_filter_time(filter, row->changes[i].time_ns)) {
            return true;
        }
    }
    return false;
}

/* Behind a shared address, each label may be correct. */
static bool row_unsupported(const host_filter_t *filter, const host_row_t *row)
{
    bool ended = system_support_status(row->label->support, filter->now_ns) == SUPPORT_ENDED;
    for (size_t i = 0; !ended && host_row_shared(row) && i < row->label_count; i++) {
        ended = system_support_status(row->labels[i].label->support, filter->now_ns) == SUPPORT_ENDED;
    }
    return ended;
}

bool host_filter_row(const host_filter_t *filter, const host_row_t *row)
{
    if ((filter->since_ns != 0 && row->last_ns < filter->since_ns) ||
        (filter->until_ns != 0 && row->first_ns >= filter->until_ns)) {
        return false;
    }
    return host_filter_address(filter, &row->key.address, row->key.ip_version) && row_has_os(filter, row) &&
           (!filter->changed || row_changed(filter, row)) && (!filter->shared || host_row_shared(row)) &&
           (!filter->tools || row->tool) && (!filter->unsupported || row_unsupported(filter, row)) &&
           (!filter->unknown || row->label->number == HOST_LABEL_UNKNOWN);
}
