/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file link_mtu.h
 * MTU of a sender's link, derived from the MSS that the sender announced.
 */
#ifndef SIGNATURE_LINK_MTU_H
#define SIGNATURE_LINK_MTU_H

#include <stdint.h>

/** MSS + 40 (IPv4) or MSS + 60 (IPv6); 0 without an MSS. May exceed 65535. */
static inline uint32_t mtu_from_mss(uint8_t ip_version, uint16_t mss)
{
    return mss == 0 ? 0 : (uint32_t)mss + (ip_version == 6 ? 60u : 40u);
}

#endif
