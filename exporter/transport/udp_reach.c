/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/clock.h"
#include "base/message_text.h"
#include "exporter/posix/connect_problem.h"
#include "exporter/transport/endpoint_list.h"
#include "exporter/transport/udp_sink.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#define START_COPIES 3
/* Interval between two attempts to reach the collector, and between two probes of one that refuses. */
#define RETRY_US (1000 * 1000)
/* Linux sends one refusal a second to one host: a longer silence means that a process listens. */
#define QUIET_US (2500 * 1000)
/* Time in which a refusal of the first messages may arrive. */
#define REFUSAL_MS 50

static synfix_status_t open_channel(udp_sink_t *sink, synfix_error_t *error)
{
    synfix_error_t reason;
    sink->opened_us = g_get_monotonic_time();
    const synfix_status_t status =
        tls_session_open(sink->tls, sink->fd, sink->name != NULL ? sink->name : sink->common.endpoint->host,
                         &sink->channel, &reason);
    sink->next_try_us = g_get_monotonic_time() + RETRY_US;
    if (status < 0) {
        sink->choice++; /* the next attempt uses the next address of the name */
        return synfix_fail(error, status, "%s: %s", sink->common.peer, reason.text);
    }
    return SYNFIX_OK;
}

/* Opens a new socket to address number `choice`: the collector identifies sessions by the source port. */
static synfix_status_t connect_choice(udp_sink_t *sink, synfix_error_t *error)
{
    int fd = -1;
    const synfix_status_t status = transport_connect_datagram(&sink->common, &sink->choice, &fd, error);
    sink->resolved_us = g_get_monotonic_time();
    if (status >= 0) {
        if (sink->fd >= 0) {
            close(sink->fd);
        }
        sink->fd = fd;
    }
    return status;
}

static void leave_channel(udp_sink_t *sink)
{
    if (sink->channel != NULL) {
        tls_session_end(sink->channel);
        tls_session_close(sink->channel);
        sink->channel = NULL;
    }
}

/* With a handshake for DTLS. */
static synfix_status_t reach_choice(udp_sink_t *sink, synfix_error_t *error)
{
    leave_channel(sink); /* it uses the descriptor */
    const synfix_status_t status = connect_choice(sink, error);
    return status >= 0 && sink->tls != NULL ? open_channel(sink, error) : status;
}

synfix_status_t udp_reach_first(udp_sink_t *sink, bool live, synfix_error_t *error)
{
    synfix_status_t status = reach_choice(sink, error);
    /* a DTLS address without a collector; a live sink tries the next address a second later */
    for (unsigned tried = 1;
         status == SYNFIX_DISCONNECTED && !live && sink->tls != NULL && tried < sink->common.address_count;
         tried++) {
        status = reach_choice(sink, error);
    }
    if (status < 0 && live) {
        transport_unreached(&sink->common, error);
        sink->next_try_us = g_get_monotonic_time() + RETRY_US;
        return SYNFIX_OK;
    }
    return status;
}

static synfix_status_t begin_session(udp_sink_t *sink, int copies, synfix_error_t *error)
{
    ipfix_session_t *const session = sink->common.session;
    synfix_status_t status = ipfix_session_begin(session, transport_now_ns(), udp_emit, sink, error);
    for (int copy = 1; copy < copies && status >= 0; copy++) {
        status = ipfix_session_refresh(session, transport_now_ns(), udp_emit, sink, error);
    }
    udp_pace_settle(&sink->pace, monotonic_ns());
    return status;
}

/* Returns ECONNREFUSED if the address refuses the first messages, the errno of another failure, or 0. */
static int first_problem(udp_sink_t *sink)
{
    if (sink->tls != NULL &&
        sink->channel == NULL) { /* sending a message reported the refusal of an earlier one */
        return ECONNREFUSED;
    }
    struct pollfd wait = {.fd = sink->fd, .events = 0};
    if (!sink->refused && sink->last_problem == 0 && poll(&wait, 1, REFUSAL_MS) > 0) {
        udp_take_refusal(sink);
    }
    return sink->refused ? ECONNREFUSED : sink->last_problem;
}

synfix_status_t udp_begin(udp_sink_t *sink, bool live, synfix_error_t *error)
{
    synfix_status_t status = begin_session(sink, START_COPIES, error);
    if (live || status < 0) {
        return status;
    }
    int problem = first_problem(sink);
    for (unsigned tried = 1; problem == ECONNREFUSED && tried < sink->common.address_count; tried++) {
        sink->refused = false;
        sink->choice++;
        status = reach_choice(sink, error);
        status = status < 0 ? status : begin_session(sink, START_COPIES, error);
        if (status < 0) {
            return status;
        }
        problem = first_problem(sink);
    }
    if (problem == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s", sink->common.peer, connect_problem(problem));
}

void udp_settle(udp_sink_t *sink)
{
    if (sink->fd >= 0 && sink->pace.messages == UDP_PACE_AUTOMATIC) {
        udp_queue_drain(&sink->queue, sink->fd);
        udp_pace_settle(&sink->pace, monotonic_ns());
    }
}

/* Reconnects, with a handshake for DTLS, and sends templates with sequence number 0. */
static synfix_status_t reconnect(udp_sink_t *sink, synfix_error_t *error)
{
    synfix_status_t status = reach_choice(sink, error);
    status = status < 0 ? status : begin_session(sink, sink->tls != NULL ? 1 : START_COPIES, error);
    sink->next_try_us = g_get_monotonic_time() + RETRY_US;
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.reconnects += status >= 0;
    sink->common.stats.errors += status < 0;
    (void)pthread_mutex_unlock(&sink->common.lock);
    return status;
}

static void reach_again(udp_sink_t *sink)
{
    synfix_error_t error;
    const bool renewed = sink->channel != NULL;
    if (reconnect(sink, &error) < 0) {
        transport_unreached(&sink->common, &error);
        return;
    }
    transport_reached(&sink->common);
    transport_log(&sink->common, renewed ? 3 : 2,
                  renewed
                      ? "handshake renewed (a collector that has restarted cannot decrypt an older session)"
                      : "connected again");
}

void udp_resolve_again(udp_sink_t *sink)
{
    sink->resolved_us = g_get_monotonic_time();
    if (sink->fd < 0 || !transport_peer_moved(&sink->common, sink->fd)) {
        return;
    }
    synfix_error_t error;
    sink->choice = 0;
    if (reconnect(sink, &error) < 0) {
        transport_unreached(&sink->common, &error);
        return;
    }
    sink->refused = false;
    transport_log(&sink->common, 2, "the name has another address now: connected to the new address");
}

/* A failure is only logged: the next refresh sends the templates again. */
static void send_templates(udp_sink_t *sink)
{
    synfix_error_t error;
    if (ipfix_session_resend(sink->common.session, transport_now_ns(), udp_emit, sink, &error) < 0) {
        transport_log(&sink->common, 1, "templates: %s", error.text);
    }
}

/* A process listens now: send templates again soon, because earlier ones may be lost. */
static void on_listening(udp_sink_t *sink)
{
    sink->refused = false;
    transport_log(&sink->common, 2,
                  "a process listens again; %" PRIu64 " record%s sent while no process listened",
                  sink->unheard, plural(sink->unheard));
    ipfix_session_restart_intervals(sink->common.session);
    send_templates(sink);
}

/* Templates and type records are the probe: the first message that the collector receives describes the next
 * ones. */
static void probe(udp_sink_t *sink, int64_t now_us)
{
    synfix_error_t error;
    sink->probed_us = now_us;
    udp_resolve_again(sink);
    if (sink->refused && sink->common.address_count > 1) {
        sink->choice++;
        if (connect_choice(sink, &error) < 0) {
            return;
        }
    }
    send_templates(sink);
}

static void maintain_refused(udp_sink_t *sink, int64_t now_us)
{
    udp_take_refusal(sink);
    if (sink->probed_us > sink->refused_us && now_us - sink->refused_us > QUIET_US) {
        on_listening(sink);
    } else if (now_us - sink->probed_us >= RETRY_US && now_us - sink->refused_us < QUIET_US) {
        probe(sink, now_us);
    }
}

static void maintain_channel(udp_sink_t *sink, int64_t now_us)
{
    synfix_error_t error;
    const synfix_status_t status =
        sink->channel != NULL ? tls_session_check(sink->channel, &error) : SYNFIX_OK;
    if (status != SYNFIX_OK) {
        udp_lose_channel(sink, status, &error);
    }
    if (sink->channel != NULL ? now_us - sink->opened_us > sink->renew_us : now_us > sink->next_try_us) {
        reach_again(sink);
    }
}

void udp_maintain(udp_sink_t *sink)
{
    const int64_t now_us = g_get_monotonic_time();
    if (sink->tls != NULL) {
        maintain_channel(sink, now_us);
    } else if (sink->fd < 0) {
        if (now_us > sink->next_try_us) {
            reach_again(sink);
        }
    } else if (sink->refused) {
        maintain_refused(sink, now_us);
    } else if (now_us - sink->resolved_us > sink->refresh_us) {
        udp_resolve_again(sink);
    }
}
