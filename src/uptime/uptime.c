/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "uptime/uptime.h"

#include <math.h>
#include <string.h>

/* With all anchors in use, a new connection is accepted after 1/SPAN_PARTS of the time that the anchors span,
 * but at the latest after CONNECTION_WAIT_MAX_MS. */
#define SPAN_PARTS             4u
#define CONNECTION_WAIT_MAX_MS 10000u

void uptime_fill(synfix_uptime_t *uptime, double hertz, uint32_t value)
{
    uptime->frequency = frequency_round(hertz);
    uptime->frequency_centihertz = (uint32_t)nearbyint(hertz * 100.0);
    uptime->uptime_seconds = value / uptime->frequency;
    uptime->modulus_seconds = UINT32_MAX / uptime->frequency;
}

frequency_estimate_t uptime_p0f_compare(const host_t *host, const host_samples_t *samples,
                                        const uptime_sample_t *sample, bool from_server,
                                        synfix_uptime_t *result)
{
    const host_last_t *last = &samples->last;
    if (sample->value == 0 || host->anchor_count == 0 || last->value[from_server] == 0) {
        return FREQUENCY_IGNORED;
    }
    double hertz = 0;
    const frequency_estimate_t reading =
        frequency_read(sample->value - last->value[from_server],
                       uptime_milliseconds(sample->time_ns) - last->time_ms[from_server], &hertz);
    if (reading == FREQUENCY_GOOD) {
        *result = (synfix_uptime_t){.reliability = SYNFIX_UPTIME_SINGLE_CONNECTION};
        uptime_fill(result, hertz, sample->value);
    }
    return reading;
}

void uptime_p0f_remember(host_t *host, host_samples_t *samples, const uptime_sample_t *sample,
                         bool from_server)
{
    if (host->anchor_count == 0) {
        samples->last = (host_last_t){.value = {0, 0}};
    }
    host->anchor_count = 1;
    samples->last.time_ms[from_server] = uptime_milliseconds(sample->time_ns);
    samples->last.value[from_server] = sample->value;
}

/* Anchors are sorted by the first appearance of their connection. A connection has at most two adjacent
 * anchors: its first and its latest sample. */

typedef struct sample_anchor {
    uint32_t connection;
    host_reading_t reading;
} sample_anchor_t;

static void set_anchor(host_t *host, host_reading_t *readings, unsigned at, const sample_anchor_t *anchor)
{
    host->connections[at] = anchor->connection;
    readings[at] = anchor->reading;
}

/* A bit for each anchor. */
static uint32_t valid_anchors(const host_t *host)
{
    return (1u << host->anchor_count) - 1;
}

/* True if the anchor belongs to the same connection as its predecessor. */
static bool is_second(const host_t *host, unsigned at)
{
    return at > 0 && host->connections[at] == host->connections[at - 1];
}

/* All anchors, valid or not: copies of a fixed length need no call and no loop. */
static inline void drop_first(host_t *host, host_reading_t *readings)
{
    uint32_t connections[HOST_ANCHORS - 1];
    host_reading_t left[HOST_ANCHORS - 1];
    memcpy(connections, host->connections + 1, sizeof connections);
    memcpy(left, readings + 1, sizeof left);
    memcpy(host->connections, connections, sizeof connections);
    memcpy(readings, left, sizeof left);
    host->anchor_count--;
}

static void drop_oldest_connection(host_t *host, host_reading_t *readings)
{
    const bool two = host->anchor_count > 1 && is_second(host, 1);
    drop_first(host, readings);
    if (two) {
        drop_first(host, readings);
    }
}

static void add_anchor(host_t *host, host_reading_t *readings, const sample_anchor_t *anchor)
{
    if (host->anchor_count == HOST_ANCHORS) {
        drop_oldest_connection(host, readings);
    }
    set_anchor(host, readings, host->anchor_count++, anchor);
}

/* First and latest sample of a connection give the longest base line, hence the most exact frequency. */
static void keep_anchor(host_t *host, host_reading_t *readings, const sample_anchor_t *anchor)
{
    const uint32_t found = match8_u32(host->connections, anchor->connection) & valid_anchors(host);
    if (found == 0) {
        add_anchor(host, readings, anchor);
        return;
    }
    const unsigned at = 32u - (unsigned)__builtin_clz(found); /* after the last one */
    if (is_second(host, at - 1)) {
        set_anchor(host, readings, at - 1, anchor);
        return;
    }
    if (anchor->reading.time_ms - readings[at - 1].time_ms < FREQUENCY_WAIT_MIN_MS) {
        return;
    }
    if (host->anchor_count == HOST_ANCHORS) {
        drop_oldest_connection(host, readings); /* this may remove the current connection */
        keep_anchor(host, readings, anchor);
        return;
    }
    for (unsigned i = host->anchor_count; i > at; i--) {
        host->connections[i] = host->connections[i - 1];
        readings[i] = readings[i - 1];
    }
    set_anchor(host, readings, at, anchor);
    host->anchor_count++;
}

/* The best estimate from one connection: the one over the longest time. */
static double own_frequency(const host_t *host, const host_reading_t *readings)
{
    double best = 0;
    uint32_t longest = 0;
    uint32_t latest = match8_previous_u32(host->connections) & valid_anchors(host); /* of two anchors */
    for (; latest != 0; latest &= latest - 1) {
        const unsigned i = (unsigned)__builtin_ctz(latest);
        const uint32_t elapsed = readings[i].time_ms - readings[i - 1].time_ms;
        double hertz = 0;
        if (elapsed > longest &&
            frequency_read(readings[i].value - readings[i - 1].value, elapsed, &hertz) == FREQUENCY_GOOD) {
            best = hertz;
            longest = elapsed;
        }
    }
    return best;
}

/* Fallback without a long connection: the first and the latest connection. */
static double common_frequency(const host_t *host, const host_reading_t *readings)
{
    const host_reading_t *first = &readings[0];
    const host_reading_t *last = &readings[host->anchor_count - 1];
    double hertz = 0;
    if (frequency_read(last->value - first->value, last->time_ms - first->time_ms, &hertz) !=
        FREQUENCY_GOOD) {
        return 0;
    }
    return hertz;
}

/* True if all samples lie on one line: deviation of at most 2 ticks or 1 % of the expected ticks. */
static bool on_one_line(const host_t *host, const host_reading_t *readings, double hertz)
{
    const host_reading_t *first = &readings[0];
    for (unsigned i = 1; i < host->anchor_count; i++) {
        const host_reading_t *reading = &readings[i];
        const double expected = hertz * (reading->time_ms - first->time_ms) / 1000.0;
        const double allowed = fmax(2.0, expected / 100.0);
        if (fabs((double)(int32_t)(reading->value - first->value) - expected) > allowed) {
            return false;
        }
    }
    return true;
}

/* The anchors of one connection are adjacent. */
static bool has_several_connections(const host_t *host)
{
    return host->connections[0] != host->connections[host->anchor_count - 1];
}

/*
 * A stack that begins each connection at a random value never shows its uptime. One that does so for each
 * peer shows none to a single peer; that several peers see one line proves that the label's clock is not this
 * one.
 */
static synfix_uptime_reliability_t reliability_of(const host_t *host, bool several, bool one_line)
{
    const bool random =
        host->clock == SYNFIX_CLOCK_CONNECTION || (host->clock == SYNFIX_CLOCK_HOST && !several);
    if (random || (several && !one_line)) {
        return SYNFIX_UPTIME_RANDOMISED;
    }
    return several ? SYNFIX_UPTIME_ONE_LINE : SYNFIX_UPTIME_SINGLE_CONNECTION;
}

/* @p value: of the newest sample, which is not the last anchor when an older connection continues. */
static bool estimate(const host_t *host, const host_reading_t *readings, uint32_t value,
                     synfix_uptime_t *result)
{
    const bool several = has_several_connections(host);
    const double own = own_frequency(host, readings);
    const double measured = own > 0 ? own : several ? common_frequency(host, readings) : 0;
    if (measured <= 0) {
        return false;
    }
    const bool one_line =
        on_one_line(host, readings, measured) || on_one_line(host, readings, frequency_round(measured));
    if (own <= 0 && !one_line) {
        return false;
    }
    uptime_fill(result, measured, value);
    result->reliability = reliability_of(host, several, one_line);
    if (result->reliability == SYNFIX_UPTIME_RANDOMISED) {
        result->uptime_seconds = 0;
    }
    return true;
}

static bool is_news(const host_t *host, const synfix_uptime_t *result, uint32_t boot_s)
{
    if (result->frequency != host->frequency || result->reliability != host->reliability) {
        return true;
    }
    if (result->reliability == SYNFIX_UPTIME_RANDOMISED) {
        return false;
    }
    const uint32_t moved = boot_s > host->boot_s ? boot_s - host->boot_s : host->boot_s - boot_s;
    return moved > 2 + result->uptime_seconds / 100;
}

static void begin(host_t *host, int64_t now_ms, const uptime_sample_t *sample)
{
    host->base_s = (uint32_t)(now_ms >= 0 ? now_ms / 1000 : (now_ms - 999) / 1000);
    host->anchor_count = 1;
    host->few.connections[0] = sample->connection;
    host->few.readings[0] = (host_reading_t){(uint32_t)uptime_since_base(host, now_ms), sample->value};
}

/* Longer intervals make the line longer and keep the cost of a busy host as low as that of a quiet one. */
static void choose_again(host_t *host, const host_reading_t *readings)
{
    const uint32_t latest_ms = readings[HOST_ANCHORS - 1].time_ms;
    const uint32_t span_ms = latest_ms - readings[0].time_ms;
    const uint32_t wait_ms = FREQUENCY_WAIT_MIN_MS + span_ms / SPAN_PARTS;
    host->retry_ms = latest_ms + (wait_ms < CONNECTION_WAIT_MAX_MS ? wait_ms : CONNECTION_WAIT_MAX_MS);
}

/* Adds an anchor. Returns the readings of all anchors. The host itself contains the readings of up to
 * HOST_FEW anchors. */
static const host_reading_t *keep_reading(host_t *host, host_samples_t *samples,
                                          const sample_anchor_t *anchor)
{
    const unsigned before = host->anchor_count;
    host_reading_t *readings = before < HOST_FEW ? host->few.readings : samples->readings;
    if (before == HOST_FEW) {
        memcpy(readings, host->few.readings, sizeof host->few.readings);
    }
    keep_anchor(host, readings, anchor);
    if (before == HOST_FEW && host->anchor_count == HOST_FEW) {
        memcpy(host->few.readings, readings, sizeof host->few.readings);
    }
    return readings;
}

bool uptime_regression_add(host_t *host, host_samples_t *samples, const uptime_sample_t *sample,
                           synfix_uptime_t *result)
{
    const int64_t now_ms = uptime_milliseconds(sample->time_ns);
    const int64_t since = uptime_since_base(host, now_ms);
    /* Packet time went backwards, or 24 days passed: the old samples are useless. */
    if (host->anchor_count == 0 || since < 0 || since > INT32_MAX) {
        begin(host, now_ms, sample);
        return false;
    }
    const sample_anchor_t anchor = {sample->connection, {(uint32_t)since, sample->value}};
    const host_reading_t *readings = keep_reading(host, samples, &anchor);
    if (host->anchor_count == HOST_ANCHORS) {
        choose_again(host, readings);
    }
    if (host->anchor_count < 2 || !estimate(host, readings, sample->value, result)) {
        return false;
    }
    const uint32_t boot_s = (uint32_t)(now_ms / 1000 - (int64_t)result->uptime_seconds);
    if (!is_news(host, result, boot_s)) {
        return false;
    }
    host->frequency = result->frequency & 0xFFFu;
    host->reliability = result->reliability & 0xFu;
    host->boot_s = boot_s;
    return true;
}
