/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "enrich/uptime.h"

#include <math.h>

#define SPAN_PARTS             4u     /* of what the anchors span, before another connection is taken up */
#define CONNECTION_WAIT_MAX_MS 10000u /* but no longer than this */

/* Whole milliseconds, rounded down also before 1970. */
static int64_t milliseconds(int64_t time_ns)
{
    const int64_t whole = time_ns / 1000000;
    return time_ns % 1000000 < 0 ? whole - 1 : whole;
}

void uptime_fill(synfix_uptime_t *uptime, double hertz, uint32_t value)
{
    uptime->frequency = frequency_round(hertz);
    uptime->frequency_centihertz = (uint32_t)nearbyint(hertz * 100.0);
    uptime->uptime_seconds = value / uptime->frequency;
    uptime->modulus_seconds = UINT32_MAX / uptime->frequency;
}

frequency_reading_t uptime_p0f_compare(const host_t *host, const uptime_point_t *point, bool from_server,
                                       synfix_uptime_t *result)
{
    const host_last_t *last = &host->points.last;
    if (point->value == 0 || last->value[from_server] == 0)
        return FREQUENCY_IGNORED;
    double hertz = 0;
    const frequency_reading_t reading =
        frequency_read(point->value - last->value[from_server],
                       milliseconds(point->time_ns) - last->time_ms[from_server], &hertz);
    if (reading == FREQUENCY_GOOD) {
        *result = (synfix_uptime_t){.reliability = SYNFIX_UPTIME_SINGLE_CONNECTION};
        uptime_fill(result, hertz, point->value);
    }
    return reading;
}

void uptime_p0f_remember(host_t *host, const uptime_point_t *point, bool from_server)
{
    host->points.last.time_ms[from_server] = milliseconds(point->time_ns);
    host->points.last.value[from_server] = point->value;
}

/*
 * Anchors stand in the order in which their connections appeared; a connection has at most two, its first and
 * its latest point, side by side.
 */

static void drop_oldest_connection(host_t *host)
{
    host_anchor_t *anchors = host->points.anchors;
    unsigned drop = 1;
    while (drop < host->anchor_count && anchors[drop].connection == anchors[0].connection)
        drop++;
    for (unsigned i = drop; i < host->anchor_count; i++)
        anchors[i - drop] = anchors[i];
    host->anchor_count = (uint8_t)(host->anchor_count - drop);
}

/* Which anchors are kept decides what can be measured: first and latest point give the longest base line. */
static void keep_anchor(host_t *host, const host_anchor_t *anchor)
{
    host_anchor_t *anchors = host->points.anchors;
    for (unsigned i = host->anchor_count; i > 0; i--) {
        if (anchors[i - 1].connection != anchor->connection)
            continue;
        const bool has_two = i > 1 && anchors[i - 2].connection == anchor->connection;
        if (has_two) {
            anchors[i - 1] = *anchor;
            return;
        }
        if (anchor->time_ms - anchors[i - 1].time_ms < FREQUENCY_WAIT_MIN_MS)
            return;
        if (host->anchor_count == HOST_ANCHORS) {
            drop_oldest_connection(host);
            keep_anchor(host, anchor);
            return;
        }
        for (unsigned j = host->anchor_count; j > i; j--)
            anchors[j] = anchors[j - 1];
        anchors[i] = *anchor;
        host->anchor_count++;
        return;
    }
    if (host->anchor_count == HOST_ANCHORS)
        drop_oldest_connection(host);
    anchors[host->anchor_count++] = *anchor;
}

/* The best reading of one connection's own points: the one over the longest time. */
static double own_frequency(const host_t *host)
{
    const host_anchor_t *anchors = host->points.anchors;
    double best = 0;
    uint32_t longest = 0;
    for (unsigned i = 1; i < host->anchor_count; i++) {
        if (anchors[i].connection != anchors[i - 1].connection)
            continue;
        const uint32_t elapsed = anchors[i].time_ms - anchors[i - 1].time_ms;
        double hertz = 0;
        if (elapsed > longest &&
            frequency_read(anchors[i].value - anchors[i - 1].value, elapsed, &hertz) == FREQUENCY_GOOD) {
            best = hertz;
            longest = elapsed;
        }
    }
    return best;
}

/* Without a connection that lasted: two connections, the first and the latest. */
static double common_frequency(const host_t *host)
{
    const host_anchor_t *first = &host->points.anchors[0];
    const host_anchor_t *last = &host->points.anchors[host->anchor_count - 1];
    double hertz = 0;
    if (frequency_read(last->value - first->value, last->time_ms - first->time_ms, &hertz) != FREQUENCY_GOOD)
        return 0;
    return hertz;
}

/* On one line: off by at most 2 ticks or 1 % of the ticks that should have passed. */
static bool on_one_line(const host_t *host, double hertz)
{
    const host_anchor_t *first = &host->points.anchors[0];
    for (unsigned i = 1; i < host->anchor_count; i++) {
        const host_anchor_t *anchor = &host->points.anchors[i];
        const double expected = hertz * (anchor->time_ms - first->time_ms) / 1000.0;
        const double allowed = fmax(2.0, expected / 100.0);
        if (fabs((double)(int32_t)(anchor->value - first->value) - expected) > allowed)
            return false;
    }
    return true;
}

static unsigned connection_count(const host_t *host)
{
    unsigned count = host->anchor_count > 0;
    for (unsigned i = 1; i < host->anchor_count; i++)
        count += host->points.anchors[i].connection != host->points.anchors[i - 1].connection;
    return count;
}

static bool estimate(const host_t *host, synfix_uptime_t *result)
{
    const host_anchor_t *latest = &host->points.anchors[host->anchor_count - 1];
    const bool several = connection_count(host) > 1;
    const double own = own_frequency(host);
    const double measured = own > 0 ? own : several ? common_frequency(host) : 0;
    if (measured <= 0)
        return false;
    const bool one_line = on_one_line(host, measured) || on_one_line(host, frequency_round(measured));
    if (own <= 0 && !one_line)
        return false;
    uptime_fill(result, measured, latest->value);
    result->reliability = !several   ? SYNFIX_UPTIME_SINGLE_CONNECTION
                          : one_line ? SYNFIX_UPTIME_ONE_LINE
                                     : SYNFIX_UPTIME_RANDOMISED;
    if (result->reliability == SYNFIX_UPTIME_RANDOMISED)
        result->uptime_seconds = 0;
    return true;
}

static bool is_news(const host_t *host, const synfix_uptime_t *result, uint32_t boot_s)
{
    if (result->frequency != host->frequency || result->reliability != host->reliability)
        return true;
    if (result->reliability == SYNFIX_UPTIME_RANDOMISED)
        return false;
    const uint32_t moved = boot_s > host->boot_s ? boot_s - host->boot_s : host->boot_s - boot_s;
    return moved > 2 + result->uptime_seconds / 100;
}

/*
 * Whether a point can tell anything new. One of a connection that has an anchor always can; a host that has
 * all its anchors takes up another connection only after a part of the time that they span, so that the line
 * gets longer and a busy host costs no more than a quiet one.
 */
static bool is_wanted(const host_t *host, const host_anchor_t *anchor)
{
    const host_anchor_t *anchors = host->points.anchors;
    bool known = host->anchor_count < HOST_ANCHORS;
    for (unsigned i = 0; i < HOST_ANCHORS; i++)
        known |= anchors[i].connection == anchor->connection;
    if (known)
        return true;
    const uint32_t latest_ms = anchors[HOST_ANCHORS - 1].time_ms;
    const uint32_t part_ms = (latest_ms - anchors[0].time_ms) / SPAN_PARTS;
    const uint32_t wait_ms = part_ms < CONNECTION_WAIT_MAX_MS ? part_ms : CONNECTION_WAIT_MAX_MS;
    return anchor->time_ms - latest_ms >= wait_ms;
}

bool uptime_lines_add(host_t *host, const uptime_point_t *point, synfix_uptime_t *result)
{
    const int64_t now_ms = milliseconds(point->time_ns);
    if (host->anchor_count == 0)
        host->base_ms = now_ms;
    const int64_t since = now_ms - host->base_ms;
    /* Time that went backwards, or 24 days: the old points say nothing any more. */
    if (since < 0 || since > INT32_MAX) {
        host->anchor_count = 0;
        host->base_ms = now_ms;
    }
    const host_anchor_t anchor = {.time_ms = (uint32_t)(now_ms - host->base_ms),
                                  .value = point->value,
                                  .connection = point->connection};
    if (!is_wanted(host, &anchor))
        return false;
    keep_anchor(host, &anchor);
    if (host->anchor_count == 1)
        return false;
    *result = (synfix_uptime_t){0};
    if (!estimate(host, result))
        return false;
    const uint32_t boot_s = (uint32_t)(now_ms / 1000 - (int64_t)result->uptime_seconds);
    if (!is_news(host, result, boot_s))
        return false;
    host->frequency = result->frequency & 0xFFFu;
    host->reliability = result->reliability & 0xFu;
    host->boot_s = boot_s;
    return true;
}
