/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/export_protocol.h"

#include "base/byte_order.h"

/* NetFlow and IPFIX begin with a version of 16 bits, sFlow with one of 32 bits, and a record of TLS with its
 * type and the upper byte of its version. */
export_protocol_t export_protocol_of(const uint8_t *bytes)
{
    switch (read_be32(bytes)) {
    case 2:
        return EXPORT_SFLOW_2;
    case 4:
        return EXPORT_SFLOW_4;
    case 5:
        return EXPORT_SFLOW_5;
    default:
        break;
    }
    switch (read_be16(bytes)) {
    case 5:
        return EXPORT_NETFLOW_5;
    case 9:
        return EXPORT_NETFLOW_9;
    case 10:
        return EXPORT_IPFIX;
    case 0x1603:
        return EXPORT_TLS;
    case 0x16FE:
        return EXPORT_DTLS;
    default:
        return EXPORT_UNKNOWN;
    }
}

const char *export_protocol_name(export_protocol_t protocol)
{
    static const char *const names[] = {
        [EXPORT_UNKNOWN] = "an unknown protocol",
        [EXPORT_IPFIX] = "IPFIX",
        [EXPORT_NETFLOW_5] = "NetFlow version 5",
        [EXPORT_NETFLOW_9] = "NetFlow version 9",
        [EXPORT_SFLOW_2] = "sFlow version 2",
        [EXPORT_SFLOW_4] = "sFlow version 4",
        [EXPORT_SFLOW_5] = "sFlow version 5",
        [EXPORT_TLS] = "TLS",
        [EXPORT_DTLS] = "DTLS",
    };
    return names[protocol];
}
