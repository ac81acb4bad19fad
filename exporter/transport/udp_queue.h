/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_queue.h
 * Flow control towards a UDP collector on this host: the kernel shows how many bytes wait for the collector
 * (proc(5), /proc/net/udp). On a busy host the collector may not run for longer than its receive buffer
 * lasts.
 */
#ifndef EXPORTER_TRANSPORT_UDP_QUEUE_H
#define EXPORTER_TRANSPORT_UDP_QUEUE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

/** Bytes, with the kernel's overhead, after which the sender waits: a third of Linux's default buffer. */
#define UDP_QUEUE_LONG 65536u
/** Interval between two checks of the queue, in bytes. */
#define UDP_QUEUE_CHECK_BYTES 8192u
/** Longest wait for a collector that does not read, and the pause before the next wait. */
#define UDP_QUEUE_WAIT_NS  INT64_C(2000000000)
#define UDP_QUEUE_PAUSE_NS INT64_C(1000000000)

/** Zeros at first, except stopping. */
typedef struct udp_queue {
    const atomic_bool *stopping; /* the sink's: true ends each wait; NULL: nothing ends a wait early */
    size_t unchecked;            /* bytes since the last check */
    int64_t ignored_until_ns;    /* monotonic */
} udp_queue_t;

/** The longest queue of the sockets in @p table, in the form of /proc/net/udp or udp6, that receive
 * datagrams to @p peer (an IPv4 address may have the form of IPv6); 0: none. Reads a bounded number of lines.
 */
uint64_t udp_queue_read(FILE *table, const struct sockaddr *peer);

/** Bytes that wait for the process to which @p fd is connected; 0: it is on another host, or not known. */
uint64_t udp_queue_bytes(int fd);

/** Waits until the collector on this host has read all datagrams sent on @p fd, at most UDP_QUEUE_WAIT_NS. */
void udp_queue_drain(const udp_queue_t *queue, int fd);

/** Call before @p bytes are sent on @p fd, a connected socket: waits while the collector on this host has
 * much to read. */
void udp_queue_wait(udp_queue_t *queue, int fd, size_t bytes);

#endif
