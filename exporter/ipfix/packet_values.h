/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet_values.h
 * Helpers of the value expressions of packet_elements.h, for the two files that write these values.
 */
#ifndef EXPORTER_IPFIX_PACKET_VALUES_H
#define EXPORTER_IPFIX_PACKET_VALUES_H

#include "base/byte_order.h"
#include "base/clock.h"
#include <stdbool.h>
#include <string.h>
#include <synfix/observation.h>

/* Only SYN and SYN+ACK records count their packet. */
static inline bool counts_packet(const synfix_observation_t *observation)
{
    return observation->kind < SYNFIX_OBSERVATION_UPTIME;
}

/* The host change of the observation; zeros for an observation of another kind. */
static inline const synfix_host_change_t *change_of(const synfix_observation_t *observation)
{
    static const synfix_host_change_t nothing;
    return observation->host_change != NULL ? observation->host_change : &nothing;
}

/* IPFIX times before 1970 do not exist. */
static inline uint64_t milliseconds(int64_t time_ns)
{
    return time_ns > 0 ? (uint64_t)time_ns / NS_PER_MS : 0;
}

static inline uint16_t outer_vlan(const synfix_encapsulation_t *wrap)
{
    return wrap->vlan_count > 0 ? wrap->vlan_id : 0;
}

static inline uint16_t clamp16(uint32_t value)
{
    return value < UINT16_MAX ? (uint16_t)value : UINT16_MAX;
}

static inline uint32_t clamp32(uint64_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static inline bool has_detail(const synfix_headers_t *headers, uint8_t detail)
{
    return (headers->encapsulation.details & detail) != 0;
}

/* Packets per sample: 1 without sFlow; 0: the agent does not state the rate. */
static inline uint32_t sampling_rate(const synfix_headers_t *headers)
{
    return has_detail(headers, SYNFIX_DETAIL_SAMPLING) ? headers->details.sampling_rate : 1;
}

/* samplingPacketSpace: unobserved packets between two observed packets. */
static inline uint32_t sampling_space(const synfix_headers_t *headers)
{
    const uint32_t rate = sampling_rate(headers);
    return rate > 0 ? rate - 1 : 0;
}

static inline uint32_t egress_interface(const synfix_headers_t *headers)
{
    return has_detail(headers, SYNFIX_DETAIL_SAMPLING) ? headers->details.output_interface : 0;
}

static inline const uint8_t *link_address(const synfix_headers_t *headers, const uint8_t *address)
{
    static const uint8_t none[6];
    return has_detail(headers, SYNFIX_DETAIL_LINK) ? address : none;
}

/* Values of elements that are the same in all records. */
#define SAMPLER_ID_ALL            1 /* the one sampler: every packet */
#define SELECTOR_SYSTEMATIC_COUNT 1 /* registry psamp-parameters */
#define FLOW_END_ACTIVE_TIMEOUT   2 /* registry ipfix-flow-end-reason */

/** A bit set of 256 bits, of which only the lowest 16 occur. */
static inline void write_be256(uint8_t *at, uint16_t value)
{
    memset(at, 0, 30);
    write_be16(at + 30, value);
}

static inline void write_be8(uint8_t *at, uint8_t value)
{
    *at = value;
}

#endif
