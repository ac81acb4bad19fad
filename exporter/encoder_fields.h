/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file encoder_fields.h
 * Where the value of each element comes from. Three kinds: values of the packet stand in a stage (all of them
 * in network order, written once for each record, so that a template is a few copies); values that follow
 * from the fingerprint are encoded once and remembered; a few rare ones are made by a call.
 */
#ifndef EXPORTER_ENCODER_FIELDS_H
#define EXPORTER_ENCODER_FIELDS_H

#include "exporter/model.h"
#include <synfix/observation.h>

/* X(member, octets, space, id): in the order of profile full, so that neighbours there are neighbours here
 * and are copied together. Space: 0 IANA, 1 our own. */
#define STAGE_FIELDS(X)                                                                                      \
    X(flow_start, 8, 0, 152)                                                                                 \
    X(flow_end, 8, 0, 153)                                                                                   \
    X(observation_time, 8, 0, 323)                                                                           \
    X(packets, 8, 0, 2)                                                                                      \
    X(octets, 8, 0, 1)                                                                                       \
    X(flow_id, 8, 0, 148)                                                                                    \
    X(source4, 4, 0, 8)                                                                                      \
    X(destination4, 4, 0, 12)                                                                                \
    X(source6, 16, 0, 27)                                                                                    \
    X(destination6, 16, 0, 28)                                                                               \
    X(source_port, 2, 0, 7)                                                                                  \
    X(destination_port, 2, 0, 11)                                                                            \
    X(protocol, 1, 0, 4)                                                                                     \
    X(ip_version, 1, 0, 60)                                                                                  \
    X(tcp_flags, 2, 0, 6)                                                                                    \
    X(ttl, 1, 0, 192)                                                                                        \
    X(traffic_class, 1, 0, 5)                                                                                \
    X(fragment_id, 4, 0, 54)                                                                                 \
    X(fragment_flags, 1, 0, 197)                                                                             \
    X(flow_label, 4, 0, 31)                                                                                  \
    X(sequence, 4, 0, 184)                                                                                   \
    X(acknowledgement, 4, 0, 185)                                                                            \
    X(window, 2, 0, 186)                                                                                     \
    X(urgent_pointer, 2, 0, 187)                                                                             \
    X(vlan, 2, 0, 58)                                                                                        \
    X(dot1q_vlan, 2, 0, 243)                                                                                 \
    X(customer_vlan, 2, 0, 245)                                                                              \
    X(interface_id, 4, 0, 10)                                                                                \
    X(observation_point, 8, 0, 138)                                                                          \
    X(kind, 1, 1, 24)                                                                                        \
    X(flags, 4, 1, 25)                                                                                       \
    X(payload_length, 2, 1, 17)                                                                              \
    X(timestamp_value, 4, 1, 18)                                                                             \
    X(timestamp_echo, 4, 1, 19)                                                                              \
    X(encapsulation_kind, 1, 1, 28)                                                                          \
    X(encapsulation_id, 4, 1, 29)                                                                            \
    X(segment_id, 8, 0, 351)                                                                                 \
    X(outer_source4, 4, 1, 30)                                                                               \
    X(outer_destination4, 4, 1, 31)                                                                          \
    X(outer_source6, 16, 1, 32)                                                                              \
    X(outer_destination6, 16, 1, 33)                                                                         \
    X(frequency, 2, 1, 20)                                                                                   \
    X(frequency_measured, 4, 1, 34)                                                                          \
    X(uptime, 4, 1, 21)                                                                                      \
    X(modulus, 4, 1, 22)                                                                                     \
    X(reliability, 1, 1, 23)

/** Only octets, hence without padding; the slack lets copies run over by up to 15. */
typedef struct stage {
#define STAGE_MEMBER(member, octets, space, id) uint8_t member[octets];
    STAGE_FIELDS(STAGE_MEMBER)
#undef STAGE_MEMBER
    uint8_t slack[16];
} stage_t;

typedef enum field_source {
    FIELD_STAGE,       /* code: offset in the stage */
    FIELD_FINGERPRINT, /* code: fingerprint_field_t */
    FIELD_CALL,        /* code: call_field_t */
} field_source_t;

typedef enum fingerprint_field {
    FP_WINDOW_SCALE,
    FP_MSS,
    FP_QUIRKS,
    FP_DISTANCE,
    FP_INITIAL_TTL,
    FP_LINK_MTU,
    FP_MATCH_KIND,
    FP_QUALITY,
    FP_CANDIDATES,
    FP_LABEL_ID,
    FP_SIGNATURE,
    FP_LAYOUT,
    FP_LABEL,
    FP_CLASS,
    FP_FAMILY,
    FP_FLAVOR,
    FP_LINK_LABEL,
} fingerprint_field_t;

typedef enum call_field {
    CALL_MICROSECONDS,
    CALL_NANOSECONDS,
    CALL_COMMUNITY_ID,
    CALL_MUON_FINGERPRINT,
} call_field_t;

/** Templates that an element belongs to. */
typedef enum field_family {
    FAMILY_ANY,
    FAMILY_IPV4,
    FAMILY_IPV6,
    FAMILY_TUNNEL,
    FAMILY_OUTER_IPV4,
    FAMILY_OUTER_IPV6,
} field_family_t;

typedef struct field {
    uint8_t space; /* 0 IANA, 1 our own, 2 CERT */
    uint16_t id;
    uint8_t source; /* field_source_t */
    uint16_t code;
    uint8_t family; /* field_family_t */
} field_t;

/** Longest string of a kind, without its length octets; all of one record stay below 800. */
#define TEXT_SIGNATURE_MAX 319u
#define TEXT_LAYOUT_MAX    159u
#define TEXT_LABEL_MAX     96u
#define TEXT_WORD_MAX      48u

/** NULL when no observation has a value for @p element. */
const field_t *field_find(const ipfix_element_t *element);

/** Octets that one fingerprint or call field takes at most. */
uint32_t field_size_max(const field_t *field);

/** Writes every stage member. */
void stage_fill(stage_t *stage, const synfix_observation_t *observation);

/** Each appends one value at @p at, and returns the octet behind it. */
uint8_t *fingerprint_field_write(uint8_t *at, fingerprint_field_t field,
                                 const synfix_observation_t *observation);
uint8_t *call_field_write(uint8_t *at, call_field_t field, const synfix_observation_t *observation);

/**
 * Appends @p text as a variable-length string: valid UTF-8 without control octets (others become `?`), at
 * most
 * @p maximum octets, never empty (NULL and "" become `?`).
 */
uint8_t *string_write(uint8_t *at, const char *text, uint32_t maximum);

/** Seconds since 1900 and a binary fraction: how RFC 7011 6.1.9 and 6.1.10 write a time. */
uint64_t ntp_time(int64_t time_ns, bool microseconds);

#endif
