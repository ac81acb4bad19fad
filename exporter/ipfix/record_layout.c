/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A layout is a list of fields. From each list, macros make a function that appends the fields (for IPv4 also
 * one that reads plain observations), and the array by which a template finds them. */
#include "exporter/ipfix/record_layout.h"
#include "exporter/ipfix/packet_values.h"
#include "exporter/ipfix/plain_record.h"

/* X(field), in the order of the records. */
#define ENDS_IPV4(X) X(SOURCE_IPV4) X(DESTINATION_IPV4) X(SOURCE_PORT) X(DESTINATION_PORT) X(PROTOCOL)
#define ENDS_IPV6(X) X(SOURCE_IPV6) X(DESTINATION_IPV6) X(SOURCE_PORT) X(DESTINATION_PORT) X(PROTOCOL)

#define COMPACT_COUNTS(X) X(FLOW_START) X(FLOW_END) X(PACKETS_SHORT) X(OCTETS_SHORT) X(FLOW_ID)
#define COMPACT_TCP(X)    X(TCP_FLAGS) X(KIND) X(FLAGS) X(TIMESTAMP_VALUE)

#define FULL_COUNTS(X)                                                                                       \
    X(FLOW_START) X(FLOW_END) X(OBSERVATION_TIME) X(OBSERVATION_TIME_NS) X(PACKETS) X(OCTETS) X(FLOW_ID)
#define FULL_IP(X) X(IP_VERSION) X(TCP_FLAGS) X(TTL) X(TRAFFIC_CLASS)
#define FULL_TCP(X)                                                                                          \
    X(SEQUENCE)                                                                                              \
    X(ACKNOWLEDGEMENT)                                                                                       \
    X(WINDOW)                                                                                                \
    X(URGENT_POINTER)                                                                                        \
    X(VLAN)                                                                                                  \
    X(DOT1Q_VLAN)                                                                                            \
    X(CUSTOMER_VLAN)                                                                                         \
    X(VLAN_COUNT)                                                                                            \
    X(MPLS_DEPTH)                                                                                            \
    X(MPLS_LABEL)                                                                                            \
    X(INTERFACE)                                                                                             \
    X(OBSERVATION_POINT)                                                                                     \
    X(SAMPLING_PACKET_INTERVAL)                                                                              \
    X(KIND)                                                                                                  \
    X(FLAGS)                                                                                                 \
    X(PAYLOAD_LENGTH)                                                                                        \
    X(TIMESTAMP_VALUE)                                                                                       \
    X(TIMESTAMP_ECHO)

#define COMPACT_IPV4(X) COMPACT_COUNTS(X) ENDS_IPV4(X) COMPACT_TCP(X)
#define COMPACT_IPV6(X) COMPACT_COUNTS(X) ENDS_IPV6(X) COMPACT_TCP(X)
#define FULL_IPV4(X)    FULL_COUNTS(X) ENDS_IPV4(X) FULL_IP(X) X(FRAGMENT_ID) X(FRAGMENT_FLAGS) FULL_TCP(X)
#define FULL_IPV6(X)    FULL_COUNTS(X) ENDS_IPV6(X) FULL_IP(X) X(FRAGMENT_ID) X(FLOW_LABEL) FULL_TCP(X)

/* X(name, layout). */
#define LAYOUTS_IPV4(X) X(compact_ipv4, COMPACT_IPV4) X(full_ipv4, FULL_IPV4)
#define LAYOUTS_IPV6(X) X(compact_ipv6, COMPACT_IPV6) X(full_ipv6, FULL_IPV6)
#define LAYOUTS(X)      LAYOUTS_IPV4(X) LAYOUTS_IPV6(X)

/* Operands of the value expressions. */
typedef struct values {
    const synfix_observation_t *observation;
    const synfix_headers_t *headers;
    const synfix_encapsulation_t *wrap;
    bool counts;
    uint64_t time_ms;
} values_t;

#define APPEND_NUMBER(name, bits, space, id, value)                                                          \
    static inline uint8_t *append_##name(uint8_t *at, const values_t *values)                                \
    {                                                                                                        \
        const synfix_observation_t *observation = values->observation;                                       \
        const synfix_headers_t *headers = values->headers;                                                   \
        const synfix_encapsulation_t *wrap = values->wrap;                                                   \
        const bool counts = values->counts;                                                                  \
        const uint64_t time_ms = values->time_ms;                                                            \
        (void)observation, (void)headers, (void)wrap, (void)counts, (void)time_ms;                           \
        write_be##bits(at, value);                                                                           \
        return at + bits / 8;                                                                                \
    }
PACKET_NUMBERS(APPEND_NUMBER)
PACKET_HEADER_NUMBERS(APPEND_NUMBER)

#define APPEND_ADDRESS(name, length, space, id, address)                                                     \
    static inline uint8_t *append_##name(uint8_t *at, const values_t *values)                                \
    {                                                                                                        \
        const synfix_headers_t *headers = values->headers;                                                   \
        memcpy(at, (address).bytes, length);                                                                 \
        return at + length;                                                                                  \
    }
PACKET_ADDRESSES(APPEND_ADDRESS)

/* Constant, so that the compiler folds the fields. */
static const synfix_encapsulation_t not_encapsulated;

static inline bool is_encapsulated(const synfix_encapsulation_t *wrap)
{
    return (wrap->vlan_count | wrap->mpls_count) != 0; /* tunnels have other layouts */
}

/* In nearly all records (SYN or SYN+ACK in an untagged frame), the fields about tags and the counts are
 * constants. */
#define APPEND(name) at = append_##name(at, values);
#define WRITE_LAYOUT(name, layout)                                                                           \
    static inline                                                                                            \
        __attribute__((always_inline)) void append_fields_##name(uint8_t *at, const values_t *values)        \
    {                                                                                                        \
        layout(APPEND)(void) at;                                                                             \
    }                                                                                                        \
    static synfix_status_t write_##name(uint8_t *at, const synfix_observation_t *observation)                \
    {                                                                                                        \
        const synfix_headers_t *headers = observation->headers;                                              \
        const synfix_encapsulation_t *wrap = &headers->encapsulation;                                        \
        const uint64_t time_ms = milliseconds(observation->time_ns);                                         \
        if (__builtin_expect(counts_packet(observation) && !is_encapsulated(wrap), 1)) {                     \
            const values_t usual = {observation, headers, &not_encapsulated, true, time_ms};                 \
            append_fields_##name(at, &usual);                                                                \
            return SYNFIX_OK;                                                                                \
        }                                                                                                    \
        const values_t any = {observation, headers, wrap, counts_packet(observation), time_ms};              \
        append_fields_##name(at, &any);                                                                      \
        return SYNFIX_OK;                                                                                    \
    }
LAYOUTS(WRITE_LAYOUT)

/* Decodes the headers again for each field: the compiler keeps only the loads that the field needs, and
 * removes pairs of byte swaps. If the headers were decoded once for all fields, it would spill the values to
 * the stack. */
#define PLAIN_FIELD(name)                                                                                    \
    {                                                                                                        \
        plain_decoded_t own;                                                                                 \
        plain_decode(plain, &own);                                                                           \
        const values_t values = {&own.observation, &own.headers, &not_encapsulated, true, time_ms};          \
        at = append_##name(at, &values);                                                                     \
    }
#define WRITE_PLAIN(name, layout)                                                                            \
    static void plain_##name(uint8_t *restrict at, const synfix_plain_observation_t *plain)                  \
    {                                                                                                        \
        const uint64_t time_ms = milliseconds(plain->time_ns);                                               \
        layout(PLAIN_FIELD)(void) at;                                                                        \
    }
LAYOUTS_IPV4(WRITE_PLAIN)

#define FIELD(name)             PACKET_##name,
#define FIELDS_OF(name, layout) static const packet_field_t fields_##name[] = {layout(FIELD)};
LAYOUTS(FIELDS_OF)

#define LAYOUT_ROW(name, plain)                                                                              \
    {write_##name, plain, fields_##name, sizeof fields_##name / sizeof fields_##name[0]},
#define ROW_IPV4(name, layout) LAYOUT_ROW(name, plain_##name)
#define ROW_IPV6(name, layout) LAYOUT_ROW(name, NULL)
static const struct layout_row {
    record_layout_t write;
    plain_layout_t write_plain;
    const packet_field_t *fields;
    size_t count;
} layouts[] = {LAYOUTS_IPV4(ROW_IPV4) LAYOUTS_IPV6(ROW_IPV6)};

static const struct layout_row *find_row(const packet_field_t *fields, size_t count)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (layouts[i].count == count && memcmp(layouts[i].fields, fields, count * sizeof *fields) == 0) {
            return &layouts[i];
        }
    }
    return NULL;
}

record_layout_t record_layout_find(const packet_field_t *fields, size_t count)
{
    const struct layout_row *row = find_row(fields, count);
    return row == NULL ? NULL : row->write;
}

plain_layout_t plain_layout_find(const packet_field_t *fields, size_t count)
{
    const struct layout_row *row = find_row(fields, count);
    return row == NULL ? NULL : row->write_plain;
}
