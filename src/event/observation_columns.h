/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file observation_columns.h
 * The values of an observation as typed columns, for sinks that write columns.
 */
#ifndef EVENT_OBSERVATION_COLUMNS_H
#define EVENT_OBSERVATION_COLUMNS_H

#include <synfix/event.h>
#include <synfix/observation.h>

#include "event/text_writer.h"

/* X(identifier, column name, Zeek name, Zeek type), in column order. An empty Zeek name: not in Zeek's log.
 */
#define FIELDS(X)                                                                                            \
    X(TIME, "time", "ts", "time")                                                                            \
    X(PACKET_NUMBER, "packet_number", "", "count")                                                           \
    X(UID, "", "uid", "string")                                                                              \
    X(CLIENT, "", "id.orig_h", "addr")                                                                       \
    X(CLIENT_PORT, "", "id.orig_p", "port")                                                                  \
    X(SERVER, "", "id.resp_h", "addr")                                                                       \
    X(SERVER_PORT, "", "id.resp_p", "port")                                                                  \
    X(PROTOCOL, "", "proto", "enum")                                                                         \
    X(SOURCE, "source_address", "", "addr")                                                                  \
    X(SOURCE_PORT, "source_port", "", "port")                                                                \
    X(DESTINATION, "destination_address", "", "addr")                                                        \
    X(DESTINATION_PORT, "destination_port", "", "port")                                                      \
    X(KIND, "kind", "kind", "string")                                                                        \
    X(FROM_SERVER, "from_server", "is_resp", "bool")                                                         \
    X(SIGNATURE, "signature", "signature", "string")                                                         \
    X(LABEL, "os_label", "os", "string")                                                                     \
    X(OS_CLASS, "os_class", "os_class", "string")                                                            \
    X(FAMILY, "os_family", "os_family", "string")                                                            \
    X(FLAVOR, "os_flavor", "os_flavor", "string")                                                            \
    X(LABEL_ID, "os_label_id", "", "count")                                                                  \
    X(MATCH_KIND, "os_match_kind", "match", "string")                                                        \
    X(QUALITY, "os_match_quality", "quality", "count")                                                       \
    X(CANDIDATES, "os_candidate_count", "candidates", "count")                                               \
    X(DISTANCE, "hop_distance", "distance", "count")                                                         \
    X(INITIAL_TTL, "initial_ttl", "initial_ttl", "count")                                                    \
    X(PARAMETERS, "parameters", "params", "string")                                                          \
    X(LAYOUT, "tcp_option_layout", "options", "vector[string]")                                              \
    X(QUIRKS, "tcp_quirks", "quirks", "set[string]")                                                         \
    X(MTU, "link_mtu", "mtu", "count")                                                                       \
    X(LINK, "link_label", "link", "string")                                                                  \
    X(TTL, "ip_ttl", "ttl", "count")                                                                         \
    X(TRAFFIC_CLASS, "ip_class_of_service", "tos", "count")                                                  \
    X(IP_LENGTH, "ip_length", "ip_len", "count")                                                             \
    X(TCP_FLAGS, "tcp_flags", "tcp_flags", "count")                                                          \
    X(SEQUENCE, "tcp_sequence_number", "", "count")                                                          \
    X(ACKNOWLEDGEMENT, "tcp_acknowledgement_number", "", "count")                                            \
    X(WINDOW, "tcp_window_size", "window", "count")                                                          \
    X(MSS, "tcp_mss", "mss", "count")                                                                        \
    X(SCALE, "tcp_window_scale", "window_scale", "count")                                                    \
    X(PAYLOAD, "tcp_payload_length", "payload_len", "count")                                                 \
    X(TS_VALUE, "tcp_timestamp_value", "ts_value", "count")                                                  \
    X(TS_ECHO, "tcp_timestamp_echo", "ts_echo", "count")                                                     \
    X(FREQUENCY, "timestamp_frequency", "frequency", "count")                                                \
    X(MEASURED, "timestamp_frequency_measured", "frequency_measured", "double")                              \
    X(UPTIME, "system_uptime", "uptime", "count")                                                            \
    X(MODULUS, "system_uptime_modulus", "uptime_modulus", "count")                                           \
    X(RELIABILITY, "system_uptime_reliability", "uptime_reliability", "count")                               \
    X(FLAGS, "observation_flags", "flags", "set[string]")                                                    \
    X(VLAN, "vlan_id", "vlan", "count")                                                                      \
    X(TUNNEL, "encapsulation_kind", "tunnel", "string")                                                      \
    X(TUNNEL_ID, "encapsulation_id", "tunnel_id", "count")                                                   \
    X(COMMUNITY_ID, "community_id", "community_id", "string")                                                \
    X(MUON, "muon_fingerprint", "muonfp", "string")                                                          \
    X(HOST_CHANGE, "host_change", "change", "set[string]")                                                   \
    X(LABEL_BEFORE, "os_label_before", "os_before", "string")                                                \
    X(LABEL_AFTER, "os_label_after", "os_after", "string")                                                   \
    X(SHARING_SCORE, "sharing_score", "sharing_score", "count")                                              \
    X(SHARING_REASONS, "sharing_reasons", "sharing_reasons", "set[string]")

typedef enum column {
#define COLUMN_ENUM(identifier, column, zeek, type) COLUMN_##identifier,
    FIELDS(COLUMN_ENUM)
#undef COLUMN_ENUM
        COLUMN_COUNT
} column_t;

typedef synfix_column_type_t column_type_t;
typedef synfix_column_value_t column_value_t;
#define COLUMN_UNSET       SYNFIX_COLUMN_UNSET
#define COLUMN_NUMBER      SYNFIX_COLUMN_NUMBER
#define COLUMN_HUNDREDTHS  SYNFIX_COLUMN_HUNDREDTHS
#define COLUMN_BOOLEAN     SYNFIX_COLUMN_BOOLEAN
#define COLUMN_NANOSECONDS SYNFIX_COLUMN_NANOSECONDS
#define COLUMN_TEXT        SYNFIX_COLUMN_TEXT
#define COLUMN_LIST        SYNFIX_COLUMN_LIST
#define COLUMN_ADDRESS     SYNFIX_COLUMN_ADDRESS

/**
 * Returns the value of a column; COLUMN_UNSET: the observation has no value. Valid as long as the
 * observation.
 */
void field_read(const synfix_observation_t *observation, column_t field, column_value_t *value);

#endif
