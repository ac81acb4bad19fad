/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file own_network.h
 * For tests of live captures: the loopback interface of a network namespace of their own. Include cmocka.h
 * before this file.
 */
#ifndef SUPPORT_OWN_NETWORK_H
#define SUPPORT_OWN_NETWORK_H

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static bool isolated; /* false: no namespace may be made, or an emulator has no rings of packet sockets */

static inline bool has_packet_rings(void)
{
    const int version = TPACKET_V3;
    const int fd = socket(AF_PACKET, SOCK_RAW, 0);
    const bool has = setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) == 0;
    (void)close(fd);
    return has;
}

/** Set-up of a group: the process and its children have only an interface `lo`, which is up. */
static inline int enter_namespace(void **state)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    (void)state;
    if (unshare(CLONE_NEWNET) != 0) {
        return 0;
    }
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    isolated = ioctl(fd, SIOCSIFFLAGS, &request) == 0 && has_packet_rings();
    (void)close(fd);
    return 0;
}

/** A SYN to @p port, at which no process listens. */
static inline void send_syn(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), -1);
    (void)close(fd);
}

#endif
