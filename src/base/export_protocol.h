/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file export_protocol.h
 * Protocols by which exporters and agents send flows or packet samples, recognised by the first bytes of a
 * message. An exporter often sends another protocol than the receiver expects. Pure functions, any thread.
 */
#ifndef BASE_EXPORT_PROTOCOL_H
#define BASE_EXPORT_PROTOCOL_H

#include <stdint.h>

/** First bytes of a message that identify the protocol. */
#define EXPORT_PROTOCOL_BYTES 4u

typedef enum export_protocol {
    EXPORT_UNKNOWN,
    EXPORT_IPFIX,
    EXPORT_NETFLOW_5,
    EXPORT_NETFLOW_9,
    EXPORT_SFLOW_2,
    EXPORT_SFLOW_4,
    EXPORT_SFLOW_5,
    EXPORT_TLS,
    EXPORT_DTLS,
} export_protocol_t;

/** Returns the protocol of a message that begins with @p bytes (EXPORT_PROTOCOL_BYTES). */
export_protocol_t export_protocol_of(const uint8_t *bytes);

/** Returns the name for messages, as `NetFlow version 9`. Static text. */
const char *export_protocol_name(export_protocol_t protocol);

#endif
