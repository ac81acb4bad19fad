/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet_elements.h
 * Elements whose value comes from the packet: numbers and addresses of fixed length. The encoder writes them
 * directly to their positions in the record. Single-byte stores that are read back by wider loads would stall
 * on store forwarding.
 *
 * One list of macros describes an element once, for the enumeration, the table of sources
 * (element_sources.c), the writers of any template (packet_elements.c) and of the shipped profiles
 * (record_layout.c).
 */
#ifndef EXPORTER_IPFIX_PACKET_ELEMENTS_H
#define EXPORTER_IPFIX_PACKET_ELEMENTS_H

#include "base/ntp_time.h"
#include <stdbool.h>
#include <stdint.h>
#include <synfix/observation.h>

#define PACKET_NO_SPACE 255 /* name of a reduced-size field (RFC 7011 section 6.2) */

/* X(name, bits, space, id, value). Space: 0 IANA, 1 our own, 2 CERT. The value is an expression over
 * `headers`, `wrap` (its encapsulation), `observation`, `counts` (of counts_packet) and `time_ms`. */
#define PACKET_NUMBERS(X)                                                                                    \
    X(FLOW_START, 64, 0, 152, time_ms)                                                                       \
    X(FLOW_END, 64, 0, 153, time_ms)                                                                         \
    X(OBSERVATION_TIME, 64, 0, 323, time_ms)                                                                 \
    X(OBSERVATION_TIME_NS, 64, 0, 325, ntp_from_ns(observation->time_ns, false))                             \
    X(PACKETS, 64, 0, 2, counts ? 1 : 0)                                                                     \
    X(OCTETS, 64, 0, 1, counts ? headers->ip_total_length : 0)                                               \
    X(PACKETS_SHORT, 32, PACKET_NO_SPACE, 0, counts ? 1 : 0)                                                 \
    X(OCTETS_SHORT, 32, PACKET_NO_SPACE, 0, counts ? headers->ip_total_length : 0)                           \
    X(FLOW_ID, 64, 0, 148, observation->flow_id)                                                             \
    X(SOURCE_PORT, 16, 0, 7, headers->source_port)                                                           \
    X(DESTINATION_PORT, 16, 0, 11, headers->destination_port)                                                \
    X(PROTOCOL, 8, 0, 4, 6)                                                                                  \
    X(TCP_FLAGS, 16, 0, 6, headers->tcp_flags)                                                               \
    X(KIND, 8, 1, 24, observation->kind)                                                                     \
    X(FLAGS, 32, 1, 25, observation->flags)                                                                  \
    X(TIMESTAMP_VALUE, 32, 1, 18, observation->options->timestamp_value)

/* The same that only longer profiles have. */
#define PACKET_HEADER_NUMBERS(X)                                                                             \
    X(IP_VERSION, 8, 0, 60, headers->ip_version)                                                             \
    X(TTL, 8, 0, 192, headers->ttl)                                                                          \
    X(TRAFFIC_CLASS, 8, 0, 5, headers->traffic_class)                                                        \
    X(FRAGMENT_ID, 32, 0, 54, headers->fragment_id)                                                          \
    X(FRAGMENT_FLAGS, 8, 0, 197, (uint8_t)((headers->ip_flags & (SYNFIX_IP_DF | SYNFIX_IP_MF)) << 5))        \
    X(FLOW_LABEL, 32, 0, 31, headers->flow_label)                                                            \
    X(SEQUENCE, 32, 0, 184, headers->sequence)                                                               \
    X(ACKNOWLEDGEMENT, 32, 0, 185, headers->acknowledgement)                                                 \
    X(WINDOW, 16, 0, 186, headers->window)                                                                   \
    X(URGENT_POINTER, 16, 0, 187, headers->urgent_pointer)                                                   \
    X(VLAN, 16, 0, 58, outer_vlan(wrap))                                                                     \
    X(DOT1Q_VLAN, 16, 0, 243, outer_vlan(wrap))                                                              \
    X(CUSTOMER_VLAN, 16, 0, 245, wrap->vlan_count > 1 ? wrap->customer_vlan_id : 0)                          \
    X(VLAN_COUNT, 8, 1, 91, wrap->vlan_count)                                                                \
    X(MPLS_DEPTH, 32, 0, 202, wrap->mpls_count)                                                              \
    X(MPLS_LABEL, 32, 1, 90, wrap->mpls_count > 0 ? wrap->mpls_label : 0)                                    \
    X(INTERFACE, 32, 0, 10, observation->interface_id)                                                       \
    X(SAMPLING_PACKET_INTERVAL, 32, 0, 305, sampling_rate(headers))                                          \
    X(OBSERVATION_POINT, 64, 0, 138, observation->interface_id)                                              \
    X(PAYLOAD_LENGTH, 16, 1, 17, clamp16(headers->payload_length))                                           \
    X(TIMESTAMP_ECHO, 32, 1, 19, observation->options->timestamp_echo)

/* Elements of tunnelled packets. */
#define PACKET_TUNNEL_NUMBERS(X)                                                                             \
    X(ENCAPSULATION_KIND, 8, 1, 28, wrap->kind)                                                              \
    X(ENCAPSULATION_ID, 32, 1, 29, wrap->id)                                                                 \
    X(ENCAPSULATION_DEPTH, 8, 1, 92, wrap->depth)                                                            \
    X(SEGMENT_ID, 64, 0, 351, wrap->kind == SYNFIX_ENCAPSULATION_VXLAN ? UINT64_C(1) << 56 | wrap->id : 0)

/* Elements that few profiles have. Only sFlow samples packets (at an interval) and reports output interfaces.
 * flowEndReason: the flow continues after the record. */
#define PACKET_RARE_NUMBERS(X)                                                                               \
    X(EGRESS_INTERFACE, 32, 0, 14, egress_interface(headers))                                                \
    X(SAMPLING_INTERVAL, 32, 0, 34, sampling_rate(headers))                                                  \
    X(SAMPLING_PACKET_SPACE, 32, 0, 306, sampling_space(headers))                                            \
    X(SAMPLER_ID, 8, 0, 48, SAMPLER_ID_ALL)                                                                  \
    X(SELECTOR_ALGORITHM, 16, 0, 304, SELECTOR_SYSTEMATIC_COUNT)                                             \
    X(FLOW_END_REASON, 8, 0, 136, FLOW_END_ACTIVE_TIMEOUT)                                                   \
    X(FLOW_ATTRIBUTES, 16, 2, 40, 0)                                                                         \
    X(INITIAL_TCP_FLAGS, 8, 2, 14, (uint8_t)headers->tcp_flags)                                              \
    X(UNION_TCP_FLAGS, 8, 2, 15, (uint8_t)headers->tcp_flags)                                                \
    X(EXTENSION_HEADERS, 256, 0, 515, wrap->extension_headers)

/* The same that only the records of uptimes have in the shipped profiles. octetDeltaCount is 0 there, because
 * the packet of an uptime may be counted by another record. biflowDirection: 1 the source began the
 * connection, 2 the destination did (RFC 5103). */
#define PACKET_UPTIME_NUMBERS(X)                                                                             \
    X(FREQUENCY, 16, 1, 20, observation->uptime.frequency)                                                   \
    X(FREQUENCY_MEASURED, 32, 1, 34, observation->uptime.frequency_centihertz)                               \
    X(UPTIME, 32, 1, 21, clamp32(observation->uptime.uptime_seconds))                                        \
    X(MODULUS, 32, 1, 22, clamp32(observation->uptime.modulus_seconds))                                      \
    X(RELIABILITY, 8, 1, 23, observation->uptime.reliability)                                                \
    X(IP_LENGTH, 64, 0, 224, observation->headers->ip_total_length)                                          \
    X(DIRECTION, 8, 0, 239, observation->from_server ? 2 : 1)

/* The same of host changes; 0 in other records. */
#define PACKET_HOST_CHANGE_NUMBERS(X)                                                                        \
    X(CHANGE_REASONS, 32, 1, 39, change_of(observation)->reasons)                                            \
    X(SHARING_SCORE, 8, 1, 40, change_of(observation)->score)

/* X(name, length, space, id, address). */
#define PACKET_ADDRESSES(X)                                                                                  \
    X(SOURCE_IPV4, 4, 0, 8, headers->source)                                                                 \
    X(DESTINATION_IPV4, 4, 0, 12, headers->destination)                                                      \
    X(SOURCE_IPV6, 16, 0, 27, headers->source)                                                               \
    X(DESTINATION_IPV6, 16, 0, 28, headers->destination)

/* MAC addresses of the outermost frame; 0 where the record does not come from a SYN or SYN+ACK. */
#define PACKET_LINK_ADDRESSES(X)                                                                             \
    X(SOURCE_MAC, 6, 0, 56, link_address(headers, headers->details.link_addresses + 6))                      \
    X(DESTINATION_MAC, 6, 0, 80, link_address(headers, headers->details.link_addresses))

#define PACKET_TUNNEL_ADDRESSES(X)                                                                           \
    X(OUTER_SOURCE_IPV4, 4, 1, 30, wrap->outer_source)                                                       \
    X(OUTER_DESTINATION_IPV4, 4, 1, 31, wrap->outer_destination)                                             \
    X(OUTER_SOURCE_IPV6, 16, 1, 32, wrap->outer_source)                                                      \
    X(OUTER_DESTINATION_IPV6, 16, 1, 33, wrap->outer_destination)

#define PACKET_FIELDS(X)                                                                                     \
    PACKET_NUMBERS(X)                                                                                        \
    PACKET_HEADER_NUMBERS(X)                                                                                 \
    PACKET_TUNNEL_NUMBERS(X)                                                                                 \
    PACKET_RARE_NUMBERS(X)                                                                                   \
    PACKET_UPTIME_NUMBERS(X)                                                                                 \
    PACKET_HOST_CHANGE_NUMBERS(X) PACKET_ADDRESSES(X) PACKET_LINK_ADDRESSES(X) PACKET_TUNNEL_ADDRESSES(X)

typedef enum packet_field {
#define PACKET_FIELD_ENUM(name, size, space, id, value) PACKET_##name,
    PACKET_FIELDS(PACKET_FIELD_ENUM)
#undef PACKET_FIELD_ENUM
        PACKET_FIELD_COUNT
} packet_field_t;

/** Length in bytes of the widest field, which may be written to the scratch position. */
#define PACKET_FIELD_SIZE_MAX 32u

/** Position of each field. All fields that a template does not have share one scratch position. */
typedef struct packet_offsets {
    uint16_t at[PACKET_FIELD_COUNT];
    bool header; /* a field of that group has a position */
    bool tunnel;
    bool rare;
    bool uptime;
    bool host_change;
} packet_offsets_t;

/** Sets the position of all fields to @p scratch. */
void packet_offsets_clear(packet_offsets_t *offsets, uint16_t scratch);
void packet_offsets_set(packet_offsets_t *offsets, packet_field_t field, uint16_t at);

/** Returns the field that is @p field with @p bytes bytes if such a field exists, otherwise @p field. */
packet_field_t packet_field_reduced(packet_field_t field, uint16_t bytes);

/** Writes all fields of @p observation at their offsets in @p record, in network byte order. */
void packet_fields_write(uint8_t *record, const packet_offsets_t *offsets,
                         const synfix_observation_t *observation);

/** Returns the value of one numeric field. */
uint64_t packet_field_number(packet_field_t field, const synfix_observation_t *observation);

#endif
