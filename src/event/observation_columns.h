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

/* X(identifier, column name, Zeek name, Zeek type, group of the reader), in column order. An empty Zeek name:
 * not in Zeek's log.
 */
#define FIELDS(X)                                                                                            \
    X(TIME, "time", "ts", "time", record)                                                                    \
    X(PACKET_NUMBER, "packet_number", "", "count", record)                                                   \
    X(UID, "", "uid", "string", record)                                                                      \
    X(CLIENT, "", "id.orig_h", "addr", ends)                                                                 \
    X(CLIENT_PORT, "", "id.orig_p", "port", ends)                                                            \
    X(SERVER, "", "id.resp_h", "addr", ends)                                                                 \
    X(SERVER_PORT, "", "id.resp_p", "port", ends)                                                            \
    X(PROTOCOL, "", "proto", "enum", record)                                                                 \
    X(SOURCE, "source_address", "", "addr", ends)                                                            \
    X(SOURCE_PORT, "source_port", "", "port", ends)                                                          \
    X(DESTINATION, "destination_address", "", "addr", ends)                                                  \
    X(DESTINATION_PORT, "destination_port", "", "port", ends)                                                \
    X(KIND, "kind", "kind", "string", record)                                                                \
    X(FROM_SERVER, "from_server", "is_resp", "bool", record)                                                 \
    X(SIGNATURE, "signature", "signature", "string", fingerprint)                                            \
    X(LABEL, "os_label", "os", "string", fingerprint)                                                        \
    X(OS_CLASS, "os_class", "os_class", "string", fingerprint)                                               \
    X(FAMILY, "os_family", "os_family", "string", fingerprint)                                               \
    X(FLAVOR, "os_flavor", "os_flavor", "string", fingerprint)                                               \
    X(LABEL_ID, "os_label_id", "", "count", fingerprint)                                                     \
    X(MATCH_KIND, "os_match_kind", "match", "string", fingerprint)                                           \
    X(QUALITY, "os_match_quality", "quality", "count", fingerprint)                                          \
    X(CANDIDATES, "os_candidate_count", "candidates", "count", fingerprint)                                  \
    X(DISTANCE, "hop_distance", "distance", "count", fingerprint)                                            \
    X(INITIAL_TTL, "initial_ttl", "initial_ttl", "count", fingerprint)                                       \
    X(PARAMETERS, "parameters", "params", "string", fingerprint)                                             \
    X(LAYOUT, "tcp_option_layout", "options", "vector[string]", fingerprint)                                 \
    X(QUIRKS, "tcp_quirks", "quirks", "set[string]", fingerprint)                                            \
    X(MTU, "link_mtu", "mtu", "count", fingerprint)                                                          \
    X(LINK, "link_label", "link", "string", fingerprint)                                                     \
    X(TTL, "ip_ttl", "ttl", "count", headers)                                                                \
    X(TRAFFIC_CLASS, "ip_class_of_service", "tos", "count", headers)                                         \
    X(IP_LENGTH, "ip_length", "ip_len", "count", headers)                                                    \
    X(TCP_FLAGS, "tcp_flags", "tcp_flags", "count", headers)                                                 \
    X(SEQUENCE, "tcp_sequence_number", "", "count", headers)                                                 \
    X(ACKNOWLEDGEMENT, "tcp_acknowledgement_number", "", "count", headers)                                   \
    X(WINDOW, "tcp_window_size", "window", "count", headers)                                                 \
    X(MSS, "tcp_mss", "mss", "count", options)                                                               \
    X(SCALE, "tcp_window_scale", "window_scale", "count", options)                                           \
    X(PAYLOAD, "tcp_payload_length", "payload_len", "count", headers)                                        \
    X(TS_VALUE, "tcp_timestamp_value", "ts_value", "count", options)                                         \
    X(TS_ECHO, "tcp_timestamp_echo", "ts_echo", "count", options)                                            \
    X(FREQUENCY, "timestamp_frequency", "frequency", "count", uptime)                                        \
    X(MEASURED, "timestamp_frequency_measured", "frequency_measured", "double", uptime)                      \
    X(UPTIME, "system_uptime", "uptime", "count", uptime)                                                    \
    X(MODULUS, "system_uptime_modulus", "uptime_modulus", "count", uptime)                                   \
    X(RELIABILITY, "system_uptime_reliability", "uptime_reliability", "count", uptime)                       \
    X(FLAGS, "observation_flags", "flags", "set[string]", record)                                            \
    X(VLAN, "vlan_id", "vlan", "count", encapsulation)                                                       \
    X(TUNNEL, "encapsulation_kind", "tunnel", "string", encapsulation)                                       \
    X(TUNNEL_ID, "encapsulation_id", "tunnel_id", "count", encapsulation)                                    \
    X(COMMUNITY_ID, "community_id", "community_id", "string", record)                                        \
    X(MUON, "muon_fingerprint", "muonfp", "string", record)                                                  \
    X(HOST_CHANGE, "host_change", "change", "set[string]", host_change)                                      \
    X(LABEL_BEFORE, "os_label_before", "os_before", "string", host_change)                                   \
    X(LABEL_AFTER, "os_label_after", "os_after", "string", host_change)                                      \
    X(SHARING_SCORE, "sharing_score", "sharing_score", "count", host_change)                                 \
    X(SHARING_REASONS, "sharing_reasons", "sharing_reasons", "set[string]", host_change)

typedef enum column {
#define COLUMN_ENUM(identifier, column, zeek, type, group) COLUMN_##identifier,
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

/** The same for the columns that follow from the fingerprint alone: COLUMN_SIGNATURE to COLUMN_LINK, except
 * COLUMN_PARAMETERS. Valid as long as @p fingerprint and @p value. */
void field_read_fingerprint(const synfix_fingerprint_t *fingerprint, column_t field, column_value_t *value);

#endif
