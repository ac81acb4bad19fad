/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file other_datagram.h
 * Datagrams of other protocols that an exporter sends to the port of sFlow.
 */
#ifndef CAPTURE_SFLOW_OTHER_DATAGRAM_H
#define CAPTURE_SFLOW_OTHER_DATAGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/** The protocol of the datagram @p bytes; NULL: sFlow version 5. Static text. Any thread. */
const char *sflow_other_protocol(const uint8_t *bytes, size_t length);

/** Writes a message about such a datagram from @p sender, with its NUL at most @p size bytes. Any thread. */
void sflow_describe_other(const char *protocol, const struct sockaddr_storage *sender, char *text,
                          size_t size);

#endif
