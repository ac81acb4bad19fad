/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file endpoint.h
 * `HOST:PORT` as a value: the one parser, with one set of messages. Pure functions, any thread.
 */
#ifndef VALUES_ENDPOINT_H
#define VALUES_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

/** Size in bytes, with the terminating NUL, of the longest host: a DNS name has at most 253 characters. */
#define ENDPOINT_HOST_SIZE 256u
/** The same for the port, and for the text of an endpoint with brackets and colon. */
#define ENDPOINT_PORT_SIZE 6u
#define ENDPOINT_TEXT_SIZE (ENDPOINT_HOST_SIZE + ENDPOINT_PORT_SIZE + 2u)

typedef struct endpoint {
    char host[ENDPOINT_HOST_SIZE]; /* name or address, without brackets; empty only if the rule permits it */
    char port[ENDPOINT_PORT_SIZE]; /* decimal text of `number`, as getaddrinfo() expects it */
    uint16_t number;               /* 1 to 65535, or 0 if the rule permits it; host byte order */
} endpoint_t;

typedef struct endpoint_rule {
    const char *form;      /* accepted form for the message, as in "//HOST:PORT" */
    uint16_t default_port; /* of a text without a port; 0: the port is required */
    bool any_host;         /* `:PORT` and the empty text are accepted: all addresses of this host */
    bool any_port;         /* port 0 is accepted: the kernel chooses the port of a listening socket */
} endpoint_rule_t;

/**
 * Parses `HOST:PORT`, `[IPv6]:PORT`, or either without the port; a leading `//` is skipped. An IPv6
 * link-local address needs a zone (`fe80::1%eth0`, RFC 4007), which stays in the host. Does not resolve
 * names. SYNFIX_INVALID: *endpoint is undefined, and the message contains @p text and the accepted form.
 */
synfix_status_t endpoint_parse(const char *text, const endpoint_rule_t *rule, endpoint_t *endpoint,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether @p host is an IPv6 address that is valid on one link only (RFC 4007), without the zone of that
 * link. */
bool endpoint_lacks_zone(const char *host);

/** Writes `HOST:PORT`, with brackets around an IPv6 address, into @p text (ENDPOINT_TEXT_SIZE bytes). */
void endpoint_format(const endpoint_t *endpoint, char *text);

#endif
