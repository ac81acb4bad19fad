/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/observation_columns.h"
#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "event/column_values.h"
#include "event/host_change_text.h"

#define UID_LENGTH 17u

/* Identifier of the flow, equal in both directions: `C` and 17 base-62 digits, in the format of Zeek's uid.
 */
static void set_uid(column_value_t *value, const synfix_headers_t *headers, bool from_server)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const synfix_address_t *client = from_server ? &headers->destination : &headers->source;
    const synfix_address_t *server = from_server ? &headers->source : &headers->destination;
    const uint64_t client_port = from_server ? headers->destination_port : headers->source_port;
    const uint64_t server_port = from_server ? headers->source_port : headers->destination_port;
    const uint64_t from = hash_mix(read_le64(client->bytes), read_le64(client->bytes + 8));
    const uint64_t ports = client_port << 16 | server_port;
    const uint64_t to = hash_mix(read_le64(server->bytes), read_le64(server->bytes + 8) ^ ports);
    uint64_t half[2] = {hash_mix(from, to), 0};
    half[1] = hash_mix(half[0], ports);
    text_writer_t line = {.at = value->room, .end = value->room + sizeof value->room - 1};
    writer_char(&line, 'C');
    for (size_t i = 0; i < UID_LENGTH; i++) {
        writer_char(&line, digits[half[i & 1] % 62]);
        half[i & 1] /= 62;
    }
    *line.at = '\0';
    set_text(value, value->room);
}

static void set_flags(column_value_t *value, uint32_t flags)
{
    text_writer_t line = {.at = value->room, .end = value->room + sizeof value->room - 1};
#define FLAG(identifier, bit, name)                                                                          \
    if ((flags & (uint32_t)SYNFIX_FLAG_##identifier) != 0)                                                   \
        writer_text(&line, line.at == value->room ? name : "," name);
    SYNFIX_OBSERVATION_FLAGS(FLAG)
#undef FLAG
    *line.at = '\0';
    set_list(value, value->room);
}

/* Columns of a fingerprint; unset for an uptime. */
static void read_fingerprint(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    if (observation->fingerprint == NULL) {
        return;
    }
    if (field == COLUMN_PARAMETERS) {
        (void)synfix_observation_parameters(observation, value->room);
        set_text(value, value->room);
        return;
    }
    field_read_fingerprint(observation->fingerprint, field, value);
}

static void read_uptime(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_uptime_t *uptime = &observation->uptime;
    if (observation->kind != SYNFIX_OBSERVATION_UPTIME) {
        return;
    }
    if (field == COLUMN_FREQUENCY) {
        set_number(value, uptime->frequency);
    } else if (field == COLUMN_UPTIME) {
        set_number(value, uptime->uptime_seconds);
    } else if (field == COLUMN_MODULUS) {
        set_number(value, uptime->modulus_seconds);
    } else if (field == COLUMN_RELIABILITY) {
        set_number(value, uptime->reliability);
    }
    if (field != COLUMN_MEASURED) {
        return;
    }
    value->type = COLUMN_HUNDREDTHS;
    value->number = uptime->frequency_centihertz;
}

static void set_reasons(column_value_t *value, uint32_t reasons)
{
    text_writer_t line = {.at = value->room, .end = value->room + sizeof value->room - 1};
    host_reasons_write(&line, reasons, ',');
    *line.at = '\0';
    set_list(value, value->room);
}

static void read_host_change(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_host_change_t *change = observation->host_change;
    if (change == NULL) {
        return;
    }
    if (field == COLUMN_HOST_CHANGE) {
        set_reasons(value, change->reasons & HOST_CHANGE_KINDS);
    } else if (field == COLUMN_LABEL_BEFORE) {
        set_text(value, change->before);
    } else if (field == COLUMN_LABEL_AFTER) {
        set_text(value, change->after);
    } else if (field == COLUMN_SHARING_SCORE) {
        set_number(value, change->score);
    } else {
        set_reasons(value, change->reasons & SYNFIX_HOST_SHARING_REASONS);
    }
}

/* Client and server, or source and destination: addresses and ports. */
static void read_ends(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_headers_t *headers = observation->headers;
    const bool server = observation->from_server;
    switch ((int)field) {
    case COLUMN_CLIENT:
        set_address(value, server ? &headers->destination : &headers->source, headers->ip_version);
        break;
    case COLUMN_CLIENT_PORT:
        set_number(value, server ? headers->destination_port : headers->source_port);
        break;
    case COLUMN_SERVER:
        set_address(value, server ? &headers->source : &headers->destination, headers->ip_version);
        break;
    case COLUMN_SERVER_PORT:
        set_number(value, server ? headers->source_port : headers->destination_port);
        break;
    case COLUMN_SOURCE:
        set_address(value, &headers->source, headers->ip_version);
        break;
    case COLUMN_SOURCE_PORT:
        set_number(value, headers->source_port);
        break;
    case COLUMN_DESTINATION:
        set_address(value, &headers->destination, headers->ip_version);
        break;
    default:
        set_number(value, headers->destination_port);
    }
}

static void set_present(column_value_t *value, bool present, uint64_t number)
{
    value->type = present ? COLUMN_NUMBER : COLUMN_UNSET;
    value->number = number;
}

static void read_options(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_tcp_options_t *options = observation->options;
    switch ((int)field) {
    case COLUMN_MSS:
        set_present(value, options->has_mss, options->mss);
        break;
    case COLUMN_SCALE:
        set_present(value, options->has_window_scale, options->window_scale);
        break;
    case COLUMN_TS_VALUE:
        set_present(value, options->has_timestamps, options->timestamp_value);
        break;
    default:
        set_present(value, options->has_timestamps, options->timestamp_echo);
    }
}

static void read_headers(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_headers_t *headers = observation->headers;
    switch ((int)field) {
    case COLUMN_TTL:
        set_number(value, headers->ttl);
        break;
    case COLUMN_TRAFFIC_CLASS:
        set_number(value, headers->traffic_class);
        break;
    case COLUMN_IP_LENGTH:
        set_number(value, headers->ip_total_length);
        break;
    case COLUMN_TCP_FLAGS:
        set_number(value, headers->tcp_flags);
        break;
    case COLUMN_SEQUENCE:
        set_number(value, headers->sequence);
        break;
    case COLUMN_ACKNOWLEDGEMENT:
        set_number(value, headers->acknowledgement);
        break;
    case COLUMN_WINDOW:
        set_number(value, headers->window);
        break;
    default:
        set_number(value, headers->payload_length);
    }
}

static void read_encapsulation(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    const synfix_encapsulation_t *outer = &observation->headers->encapsulation;
    if (field == COLUMN_VLAN) {
        set_present(value, outer->vlan_count > 0, outer->vlan_id);
    } else if (field == COLUMN_TUNNEL_ID) {
        set_present(value, outer->id != 0, outer->id);
    } else {
        set_text(value,
                 outer->kind != SYNFIX_ENCAPSULATION_NONE ? synfix_encapsulation_name(outer->kind) : NULL);
    }
}

static void read_record(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    static const char *const kinds[] = {"?", "syn", "syn+ack", "uptime", "host change"};
    switch ((int)field) {
    case COLUMN_TIME:
        value->type = COLUMN_NANOSECONDS;
        value->time_ns = observation->time_ns;
        break;
    case COLUMN_PACKET_NUMBER:
        set_number(value, observation->packet_number);
        break;
    case COLUMN_UID:
        set_uid(value, observation->headers, observation->from_server);
        break;
    case COLUMN_PROTOCOL:
        set_text(value, "tcp");
        break;
    case COLUMN_KIND:
        set_text(value, kinds[observation->kind < sizeof kinds / sizeof kinds[0] ? observation->kind : 0]);
        break;
    case COLUMN_FROM_SERVER:
        value->type = COLUMN_BOOLEAN;
        value->number = observation->from_server;
        break;
    case COLUMN_FLAGS:
        set_flags(value, observation->flags);
        break;
    case COLUMN_COMMUNITY_ID:
        set_text(value, observation->community_id);
        break;
    default:
        set_text(value, observation->muon_fingerprint);
    }
}

typedef void column_reader_t(const synfix_observation_t *observation, column_t field, column_value_t *value);

void field_read(const synfix_observation_t *observation, column_t field, column_value_t *value)
{
    static column_reader_t *const readers[COLUMN_COUNT] = {
#define COLUMN_READER(identifier, column, zeek, type, group) [COLUMN_##identifier] = read_##group,
        FIELDS(COLUMN_READER)
#undef COLUMN_READER
    };
    value->type = COLUMN_UNSET;
    readers[field](observation, field, value);
}
