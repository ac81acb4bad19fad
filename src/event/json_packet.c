/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/json_packet.h"

#include "base/decimal_digits.h"
#include "event/ecn_text.h"
#include <synfix/event.h>

/* More than all members of one group together: names, texts of at most SYNFIX_ADDRESS_TEXT_SIZE bytes,
 * numbers */
#define GROUP_MAX 1024u

/* Writes a group of members to a place with GROUP_MAX bytes; returns the byte after it. */
typedef char *put_group_t(char *at, const synfix_observation_t *observation);

#define PUT(at, constant)           writer_put(at, constant, sizeof constant - 1)
#define PUT_NUMBER(at, name, value) put_number(PUT(at, ",\"" name "\":"), value)

static __attribute__((noinline)) char *put_digits(char *at, uint64_t value)
{
    return decimal_put_wide(at, value);
}

/* Many fields are nearly always 0. */
static inline char *put_number(char *at, uint64_t value)
{
    *at = (char)('0' + value);
    return value < 10 ? at + 1 : put_digits(at, value);
}

/* Short texts without anything to escape. */
static char *put_text(char *at, const char *text)
{
    *at++ = '"';
    at = writer_put(at, text, strlen(text));
    *at = '"';
    return at + 1;
}

static char *put_address(char *at, const synfix_address_t *address, uint8_t version)
{
    *at++ = '"';
    at += synfix_address_format(address, version, at);
    *at = '"';
    return at + 1;
}

static char *put_ends(char *at, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    at = put_text(PUT(at, ",\"event_type\":"), synfix_event_type(observation));
    at = put_address(PUT(at, ",\"src_ip\":"), &headers->source, headers->ip_version);
    at = PUT_NUMBER(at, "src_port", headers->source_port);
    at = put_address(PUT(at, ",\"dest_ip\":"), &headers->destination, headers->ip_version);
    at = PUT_NUMBER(at, "dest_port", headers->destination_port);
    return PUT_NUMBER(PUT(at, ",\"proto\":\"TCP\""), "ip_v", headers->ip_version);
}

static char *put_counted_ends(char *at, const synfix_observation_t *observation)
{
    return put_ends(PUT_NUMBER(at, "pcap_cnt", observation->packet_number), observation);
}

/* Present only with a flag of ECN: `"ecn":"accurate","ecn_received":"ect0"`. */
static char *put_ecn(char *at, const synfix_observation_t *observation)
{
    const bool answer = observation->kind == SYNFIX_OBSERVATION_SYN_ACK;
    const uint16_t flags = observation->headers->tcp_flags;
    const char *text = ecn_text(flags, answer);
    const char *received = ecn_received(flags, answer);
    at = text != NULL ? put_text(PUT(at, ",\"ecn\":"), text) : at;
    return received != NULL ? put_text(PUT(at, ",\"ecn_received\":"), received) : at;
}

static char *put_options(char *at, const synfix_tcp_options_t *options)
{
    if (options->has_mss) {
        at = PUT_NUMBER(at, "mss", options->mss);
    }
    if (options->has_window_scale) {
        at = PUT_NUMBER(at, "window_scale", options->window_scale);
    }
    if (options->has_timestamps) {
        at = PUT_NUMBER(at, "ts_value", options->timestamp_value);
        at = PUT_NUMBER(at, "ts_echo", options->timestamp_echo);
    }
    return at;
}

static char *put_headers(char *at, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    at = PUT_NUMBER(at, "ttl", headers->ttl);
    at = PUT_NUMBER(at, "tos", headers->traffic_class);
    at = PUT_NUMBER(at, "ip_length", headers->ip_total_length);
    at = PUT_NUMBER(at, "ip_id", headers->fragment_id);
    at = PUT_NUMBER(at, "flow_label", headers->flow_label);
    at = PUT_NUMBER(at, "tcp_flags", headers->tcp_flags);
    at = put_ecn(at, observation);
    at = PUT_NUMBER(at, "seq", headers->sequence);
    at = PUT_NUMBER(at, "ack", headers->acknowledgement);
    at = PUT_NUMBER(at, "window", headers->window);
    at = PUT_NUMBER(at, "urgent_pointer", headers->urgent_pointer);
    at = PUT_NUMBER(at, "payload_length", headers->payload_length);
    return put_options(at, observation->options);
}

/* Near the end of the block, the group is written elsewhere and copied where its length fits. */
static __attribute__((noinline)) void write_aside(text_writer_t *line, put_group_t *put,
                                                  const synfix_observation_t *observation)
{
    char group[GROUP_MAX];
    writer_bytes(line, group, (size_t)(put(group, observation) - group));
}

static inline void write_group(text_writer_t *line, put_group_t *put, const synfix_observation_t *observation)
{
    if (writer_has_room(line, GROUP_MAX)) {
        line->at = put(line->at, observation);
    } else {
        write_aside(line, put, observation);
    }
}

void json_packet_ends(text_writer_t *line, const synfix_observation_t *observation, bool packet_number)
{
    if (packet_number) {
        write_group(line, put_counted_ends, observation);
    } else {
        write_group(line, put_ends, observation);
    }
}

void json_packet_headers(text_writer_t *line, const synfix_observation_t *observation)
{
    write_group(line, put_headers, observation);
}
