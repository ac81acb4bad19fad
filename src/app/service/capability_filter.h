/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file capability_filter.h
 * Takes the use from the capability CAP_NET_RAW where a service manager forbids the system call capset, so
 * that the process cannot drop the capability itself.
 */
#ifndef APP_SERVICE_CAPABILITY_FILTER_H
#define APP_SERVICE_CAPABILITY_FILTER_H

#include <synfix/status.h>

/**
 * Forbids (EPERM), for all threads and permanently, all that CAP_NET_RAW permits: packet sockets, raw
 * sockets, families other than Unix, IPv4, IPv6 and netlink, foreign source addresses, IP options and marks
 * of a socket, rings of io_uring. Not: options in the ancillary data of a message, which a filter cannot
 * read. Open sockets stay. Call it with no_new_privs set. Other capabilities than CAP_NET_RAW:
 * SYNFIX_PERMISSION. SYNFIX_UNSUPPORTED: no filters in this kernel, or a processor whose system calls of
 * sockets are one (socketcall).
 */
synfix_status_t capability_filter_install(synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
