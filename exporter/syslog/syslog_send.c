/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Delivery of syslog messages: pace, attempts to reconnect, and failures. */
#include "exporter/syslog/syslog_sink_internal.h"

#include <glib.h>

#include "base/clock.h"

/* Delay between attempts to reconnect: short after a restart of the receiver, doubled after each failure.
 * Live, the queue drops records meanwhile, so one attempt a minute is enough; a file waits for the receiver,
 * so the attempts are more frequent. */
#define RETRY_FIRST_MS  100
#define RETRY_LIVE_MS   60000
#define RETRY_FILE_MS   2000
#define FILE_TIMEOUT_MS 30000 /* reading a file ends if the receiver is unreachable for longer */
/* A receiver without progress: each second the end of the program and the timeout of the sink are checked. */
#define STALL_MS 1000
#define WAIT_MS  50 /* between two attempts: until a stop request is seen */

static int64_t now_ms(void)
{
    return monotonic_ns() / 1000000;
}

void syslog_say(const syslog_sink_t *sink, int level, const char *text)
{
    if (sink->context != NULL && sink->context->log != NULL) {
        sink->context->log(sink->context->user, level, text);
    }
}

void syslog_note_away(syslog_sink_t *sink, const synfix_error_t *error)
{
    const int64_t limit = syslog_is_live(sink) ? RETRY_LIVE_MS : RETRY_FILE_MS;
    sink->retry_ms = sink->retry_ms == 0 ? RETRY_FIRST_MS : MIN(2 * sink->retry_ms, limit);
    sink->next_try_ms = now_ms() + sink->retry_ms;
    if (!sink->away) {
        syslog_count(&sink->errors, 1);
        syslog_say(sink, 1, error->text);
    }
    sink->away = true;
}

synfix_status_t syslog_reconnect(syslog_sink_t *sink, synfix_error_t *error)
{
    if (now_ms() < sink->next_try_ms) {
        return SYNFIX_AGAIN;
    }
    const synfix_status_t status = syslog_channel_connect(&sink->channel, error);
    if (status < 0) {
        syslog_note_away(sink, error);
        return SYNFIX_AGAIN;
    }
    return SYNFIX_OK;
}

/* A connection alone proves nothing: a datagram socket always connects, a balancer accepts and closes. */
static void note_delivery(syslog_sink_t *sink)
{
    if (sink->away) {
        g_autofree char *text = g_strdup_printf("syslog: connected to %s", sink->channel.target);
        syslog_say(sink, 2, text);
        syslog_count(&sink->reconnects, 1);
    }
    sink->away = false;
    sink->retry_ms = 0;
}

static void wait_for_pace(syslog_sink_t *sink, uint32_t length)
{
    if (sink->channel.transport != SYSLOG_UDP) {
        return;
    }
    if (sink->pace.messages == UDP_PACE_AUTOMATIC) {
        udp_queue_wait(&sink->queue, sink->channel.stream.fd, length);
    }
    udp_pace_sleep(udp_pace_take(&sink->pace, length, monotonic_ns()), &sink->stopping);
}

/* UDP: the host refused an earlier message, which is lost. */
static void note_refusal(syslog_sink_t *sink, const synfix_error_t *error)
{
    syslog_count(&sink->unheard, 1);
    if (!sink->refused) {
        g_autofree char *text =
            g_strconcat(error->text, ": messages are lost while no process listens", NULL);
        syslog_say(sink, 1, text);
        syslog_count(&sink->errors, 1);
    }
    sink->refused = true;
}

static synfix_status_t send_on_channel(syslog_sink_t *sink, const syslog_message_t *message, size_t *done,
                                       synfix_error_t *error)
{
    return syslog_channel_send(&sink->channel, message->bytes, message->length, done, STALL_MS, error);
}

/* UDP: the name may have another address, or several. */
static synfix_status_t send_to_next(syslog_sink_t *sink, const syslog_message_t *message,
                                    synfix_error_t *error)
{
    size_t done = 0;
    if (syslog_channel_connect_next(&sink->channel, error) < 0) {
        syslog_note_away(sink, error);
        return SYNFIX_AGAIN;
    }
    return send_on_channel(sink, message, &done, error);
}

/* Nothing was sent before: reading the file again loses nothing. */
static bool is_first_of_file(const syslog_sink_t *sink)
{
    return !syslog_is_live(sink) && atomic_load_explicit(&sink->delivered, memory_order_relaxed) == 0;
}

/* UDP: the first message on a socket goes to each address of the name until one does not refuse it.
 * SYNFIX_NOT_FOUND: the first message of a file is refused by all. */
static synfix_status_t send_udp(syslog_sink_t *sink, const syslog_message_t *message, synfix_error_t *error)
{
    size_t done = 0;
    synfix_status_t status = send_on_channel(sink, message, &done, error);
    if (status == SYNFIX_DISCONNECTED) { /* the refusal of an earlier message */
        note_refusal(sink, error);
        status = send_to_next(sink, message, error);
    }
    unsigned tried = 1;
    while (status == SYNFIX_OK && syslog_channel_refuses_first(&sink->channel, error)) {
        if (tried++ < sink->channel.address_count) {
            status = send_to_next(sink, message, error);
        } else if (is_first_of_file(sink)) {
            status = SYNFIX_NOT_FOUND;
        } else {
            note_refusal(sink, error);
        }
    }
    return status;
}

static bool is_within_timeout(const syslog_sink_t *sink, int64_t since_ms)
{
    return !atomic_load(&sink->stopping) && (syslog_is_live(sink) || now_ms() - since_ms < FILE_TIMEOUT_MS);
}

synfix_status_t syslog_send_message(syslog_sink_t *sink, const syslog_message_t *message,
                                    synfix_error_t *error)
{
    const int64_t since_ms = now_ms();
    size_t done = 0;
    wait_for_pace(sink, message->length);
    do {
        if (sink->channel.stream.fd < 0 && syslog_reconnect(sink, error) != SYNFIX_OK) {
            g_usleep(WAIT_MS * 1000);
            continue;
        }
        const synfix_status_t status = sink->channel.transport == SYSLOG_UDP
                                           ? send_udp(sink, message, error)
                                           : send_on_channel(sink, message, &done, error);
        if (status == SYNFIX_OK) {
            note_delivery(sink);
        }
        if (status == SYNFIX_OK || status == SYNFIX_INVALID || status == SYNFIX_NOT_FOUND) {
            return status;
        }
        if (status == SYNFIX_DISCONNECTED || status == SYNFIX_IO) {
            done = 0; /* the receiver drops a cut message: the next connection gets it whole */
            syslog_channel_disconnect(&sink->channel);
            syslog_note_away(sink, error);
        }
    } while (is_within_timeout(sink, since_ms));
    return synfix_fail(error, SYNFIX_DISCONNECTED, "syslog: %s: the receiver does not accept messages",
                       sink->channel.target);
}

void syslog_check_connection(syslog_sink_t *sink, int wait_ms)
{
    synfix_error_t error;
    if (sink->channel.stream.fd < 0 || syslog_channel_check(&sink->channel, wait_ms, &error) == SYNFIX_OK) {
        return;
    }
    if (sink->channel.transport == SYSLOG_UDP) {
        note_refusal(sink, &error);
        if (syslog_channel_connect_next(&sink->channel, &error) == SYNFIX_OK) {
            return;
        }
    }
    syslog_channel_disconnect(&sink->channel);
    syslog_note_away(sink, &error);
}
