/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file syslog_channel.h
 * Connection to a syslog receiver: UDP (RFC 5426), TCP with octet counting (RFC 6587), TLS (RFC 5425), or a
 * Unix socket. One thread; only the stop flag belongs to others.
 */
#ifndef EXPORTER_SYSLOG_SYSLOG_CHANNEL_H
#define EXPORTER_SYSLOG_SYSLOG_CHANNEL_H

#include "exporter/transport/stream.h"
#include <stdatomic.h>
#include <synfix/module.h>

#define SYSLOG_PATH_DEFAULT "/dev/log"

/** Time in which the refusal of a UDP datagram arrives from a receiver nearby. */
#define SYSLOG_REFUSAL_MS 50

typedef enum syslog_transport {
    SYSLOG_UNIX,
    SYSLOG_UDP,
    SYSLOG_TCP,
    SYSLOG_TLS,
} syslog_transport_t;

typedef struct syslog_channel {
    syslog_transport_t transport;
    char *target; /* for messages: `/dev/log`, `host:port` */
    char *host;   /* or the path of a Unix socket */
    char *port;   /* NULL: a Unix socket */
    char *name;   /* in the receiver's certificate; NULL: host */
    tls_context_t *tls;
    const atomic_bool *stopping;
    transport_stream_t stream; /* fd -1: not connected */
    bool datagrams;            /* UDP, and a Unix socket of that type */
    unsigned choice;           /* UDP: index of the address in use among those of the name */
    unsigned address_count;    /* of the name */
    bool proven;               /* UDP: the first message on this socket was not refused */
} syslog_channel_t;

/** Adds a mistake for target, `transport`, and each option of TLS. */
void syslog_channel_check_options(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** Reads target, `transport` and the options of TLS. Opens nothing. Free after success only. */
synfix_status_t syslog_channel_init(syslog_channel_t *channel, const synfix_options_t *options,
                                    const atomic_bool *stopping, synfix_error_t *error) SYNFIX_MUST_CHECK;
void syslog_channel_clear(syslog_channel_t *channel);

/** Connects, with all addresses of the name in turn. SYNFIX_DISCONNECTED, or SYNFIX_PERMISSION. */
synfix_status_t syslog_channel_connect(syslog_channel_t *channel, synfix_error_t *error) SYNFIX_MUST_CHECK;
void syslog_channel_disconnect(syslog_channel_t *channel);

/** UDP, after a refusal: resolves the name again and uses its next address. */
synfix_status_t syslog_channel_connect_next(syslog_channel_t *channel,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sends one message from byte *@p done of its frame on; *@p done counts what was sent. SYNFIX_OK: all of it.
 * SYNFIX_AGAIN: stopped, or no progress within @p timeout_ms. SYNFIX_DISCONNECTED: the connection is broken.
 * SYNFIX_INVALID: a datagram that the path or the receiver does not accept because of its size.
 */
synfix_status_t syslog_channel_send(syslog_channel_t *channel, const uint8_t *message, uint32_t length,
                                    size_t *done, int timeout_ms, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * UDP, after the first message on a socket: waits a short time for its refusal (ICMP), and returns true with
 * the reason if it arrives. False without a wait after later messages.
 */
bool syslog_channel_refuses_first(syslog_channel_t *channel, synfix_error_t *error);

/**
 * Returns whether the receiver has closed the connection, or (UDP) has refused an earlier message, with the
 * reason. UDP: waits @p wait_ms for a refusal.
 */
synfix_status_t syslog_channel_check(syslog_channel_t *channel, int wait_ms,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Shuts down the writing side, and waits until the receiver's kernel has all bytes. False: it does not. */
bool syslog_channel_end(syslog_channel_t *channel);

#endif
