/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/sflow/other_datagram.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/byte_order.h"

const char *sflow_other_protocol(const uint8_t *bytes, size_t length)
{
    if (length < 4) {
        return "an unknown protocol";
    }
    switch (read_be32(bytes)) {
    case 5:
        return NULL;
    case 2:
        return "sFlow version 2";
    case 4:
        return "sFlow version 4";
    default:
        break;
    }
    switch (read_be16(bytes)) {
    case 5:
        return "NetFlow version 5";
    case 9:
        return "NetFlow version 9";
    case 10:
        return "IPFIX";
    default:
        return "an unknown protocol";
    }
}

static void format_address(const struct sockaddr_storage *sender, char text[INET6_ADDRSTRLEN])
{
    const struct in6_addr *const six = &((const struct sockaddr_in6 *)sender)->sin6_addr;
    const void *address = six;
    if (sender->ss_family == AF_INET) {
        address = &((const struct sockaddr_in *)sender)->sin_addr;
    } else if (IN6_IS_ADDR_V4MAPPED(six)) {
        address = six->s6_addr + 12;
    }
    (void)inet_ntop(address == six ? AF_INET6 : AF_INET, address, text, INET6_ADDRSTRLEN);
}

void sflow_describe_other(const char *protocol, const struct sockaddr_storage *sender, char *text,
                          size_t size)
{
    char address[INET6_ADDRSTRLEN] = "?";
    format_address(sender, address);
    (void)snprintf(text, size,
                   "sflow: %s sends %s instead of sFlow version 5; configure sFlow version 5 on this sender",
                   address, protocol);
}
