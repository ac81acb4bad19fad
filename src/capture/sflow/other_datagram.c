/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/sflow/other_datagram.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <synfix/address.h>

#include "base/export_protocol.h"

const char *sflow_other_protocol(const uint8_t *bytes, size_t length)
{
    const export_protocol_t protocol =
        length < EXPORT_PROTOCOL_BYTES ? EXPORT_UNKNOWN : export_protocol_of(bytes);
    return protocol == EXPORT_SFLOW_5 ? NULL : export_protocol_name(protocol);
}

static void format_address(const struct sockaddr_storage *sender, char text[SYNFIX_ADDRESS_TEXT_SIZE])
{
    const struct in6_addr *const six = &((const struct sockaddr_in6 *)sender)->sin6_addr;
    synfix_address_t address = {{0}};
    uint8_t version = 4;
    if (sender->ss_family == AF_INET) {
        memcpy(address.bytes, &((const struct sockaddr_in *)sender)->sin_addr, 4);
    } else if (IN6_IS_ADDR_V4MAPPED(six)) {
        memcpy(address.bytes, six->s6_addr + 12, 4);
    } else {
        memcpy(address.bytes, six->s6_addr, sizeof address.bytes);
        version = 6;
    }
    (void)synfix_address_format(&address, version, text);
}

void sflow_describe_other(const char *protocol, const struct sockaddr_storage *sender, char *text,
                          size_t size)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    format_address(sender, address);
    (void)snprintf(text, size,
                   "sflow: %s sends %s instead of sFlow version 5; configure sFlow version 5 on this sender",
                   address, protocol);
}
