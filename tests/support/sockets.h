/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sockets.h
 * Sockets of 127.0.0.1 for tests. Include after cmocka.h.
 */
#ifndef SUPPORT_SOCKETS_H
#define SUPPORT_SOCKETS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

/** A socket bound to *@p port of @p address (0: any port, which is written to *@p port). */
static inline int bound_socket(int type, const char *address, uint16_t *port)
{
    const int fd = socket(AF_INET, type, 0);
    const int yes = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof at;
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), 0);
    assert_int_equal(inet_pton(AF_INET, address, &at.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

/** A port of 127.0.0.1 without a listener. */
static inline uint16_t unused_port(int type)
{
    uint16_t port = 0;
    close(bound_socket(type, "127.0.0.1", &port));
    return port;
}

#endif
