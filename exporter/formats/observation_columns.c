/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/formats/observation_columns.h"

#include "base/hash_mix.h"

#define UID_LENGTH 17u

static void set_number(field_value_t *value, uint64_t number)
{
    value->type = FIELD_NUMBER;
    value->number = number;
}

static void set_text(field_value_t *value, const char *text)
{
    value->type = text != NULL ? FIELD_TEXT : FIELD_UNSET;
    value->text = text;
}

static void set_list(field_value_t *value, const char *text)
{
    value->type = FIELD_LIST;
    value->text = text;
}

static void set_address(field_value_t *value, const synfix_address_t *address, uint8_t version)
{
    value->type = FIELD_ADDRESS;
    value->address = address;
    value->ip_version = version;
}

/* Of the flow, the same for both directions: `C` and 17 digits of base 62, as Zeek's look. */
static void set_uid(field_value_t *value, const synfix_headers_t *headers, bool from_server)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const synfix_address_t *client = from_server ? &headers->destination : &headers->source;
    const synfix_address_t *server = from_server ? &headers->source : &headers->destination;
    const uint64_t client_port = from_server ? headers->destination_port : headers->source_port;
    const uint64_t server_port = from_server ? headers->source_port : headers->destination_port;
    uint64_t words[4];
    memcpy(words, client, sizeof *client);
    memcpy(words + 2, server, sizeof *server);
    const uint64_t ports = client_port << 16 | server_port;
    uint64_t half[2] = {hash_mix(hash_mix(words[0], words[1]), hash_mix(words[2], words[3] ^ ports)), 0};
    half[1] = hash_mix(half[0], ports);
    line_t line = {.at = value->room, .end = value->room + sizeof value->room - 1};
    line_char(&line, 'C');
    for (size_t i = 0; i < UID_LENGTH; i++) {
        line_char(&line, digits[half[i & 1] % 62]);
        half[i & 1] /= 62;
    }
    *line.at = '\0';
    set_text(value, value->room);
}

static void set_flags(field_value_t *value, uint32_t flags)
{
    line_t line = {.at = value->room, .end = value->room + sizeof value->room - 1};
#define FLAG(identifier, bit, name)                                                                          \
    if ((flags & (uint32_t)SYNFIX_FLAG_##identifier) != 0)                                                   \
        line_text(&line, line.at == value->room ? name : "," name);
    SYNFIX_OBSERVATION_FLAGS(FLAG)
#undef FLAG
    *line.at = '\0';
    set_list(value, value->room);
}

/* What stands in the fingerprint; unset for an uptime. */
static void read_fingerprint(const synfix_observation_t *observation, field_t field, field_value_t *value)
{
    static const char *const kinds[] = {"none", "exact", "generic", "fuzzy", "fuzzy generic"};
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint == NULL)
        return;
    const synfix_match_t *match = &fingerprint->match;
    const synfix_label_t *label = match->label;
    switch ((int)field) {
    case FIELD_SIGNATURE:
        set_text(value, fingerprint->text);
        break;
    case FIELD_LABEL:
        set_text(value, label != NULL ? label->text : NULL);
        break;
    case FIELD_OS_CLASS:
        set_text(value, label != NULL ? label->os_class : NULL);
        break;
    case FIELD_FAMILY:
        set_text(value, label != NULL ? label->name : NULL);
        break;
    case FIELD_FLAVOR:
        set_text(value, label != NULL && label->flavor[0] != '\0' ? label->flavor : NULL);
        break;
    case FIELD_LABEL_ID:
        set_number(value, label != NULL ? label->id : 0);
        break;
    case FIELD_MATCH_KIND:
        set_text(value, match->kind < sizeof kinds / sizeof kinds[0] ? kinds[match->kind] : "none");
        break;
    case FIELD_QUALITY:
        set_number(value, match->quality);
        break;
    case FIELD_CANDIDATES:
        set_number(value, match->candidate_count);
        break;
    case FIELD_DISTANCE:
        set_number(value, match->distance);
        break;
    case FIELD_INITIAL_TTL:
        set_number(value, match->initial_ttl);
        break;
    case FIELD_PARAMETERS:
        (void)synfix_observation_parameters(observation, value->room);
        set_text(value, value->room);
        break;
    case FIELD_LAYOUT:
        set_list(value, fingerprint->layout_text);
        break;
    case FIELD_QUIRKS:
        (void)synfix_quirks_format(fingerprint->signature.quirks, value->room);
        set_list(value, value->room);
        break;
    case FIELD_MTU:
        if (fingerprint->link_mtu != 0)
            set_number(value, line_mtu(fingerprint));
        break;
    case FIELD_LINK:
        set_text(value, fingerprint->link_label);
        break;
    default:
        break;
    }
}

static void read_uptime(const synfix_observation_t *observation, field_t field, field_value_t *value)
{
    const synfix_uptime_t *uptime = &observation->uptime;
    if (observation->fingerprint != NULL)
        return;
    if (field == FIELD_FREQUENCY)
        set_number(value, uptime->frequency);
    else if (field == FIELD_UPTIME)
        set_number(value, uptime->uptime_seconds);
    else if (field == FIELD_MODULUS)
        set_number(value, uptime->modulus_seconds);
    else if (field == FIELD_RELIABILITY)
        set_number(value, uptime->reliability);
    if (field != FIELD_MEASURED)
        return;
    value->type = FIELD_HUNDREDTHS;
    value->number = uptime->frequency_centihertz;
}

static void read_ends(const synfix_observation_t *observation, field_t field, field_value_t *value)
{
    const synfix_headers_t *headers = observation->headers;
    const bool server = observation->from_server;
    const bool source = field == FIELD_SOURCE || field == FIELD_SOURCE_PORT ||
                        ((field == FIELD_CLIENT || field == FIELD_CLIENT_PORT) && !server) ||
                        ((field == FIELD_SERVER || field == FIELD_SERVER_PORT) && server);
    if (field == FIELD_SOURCE || field == FIELD_DESTINATION || field == FIELD_CLIENT || field == FIELD_SERVER)
        set_address(value, source ? &headers->source : &headers->destination, headers->ip_version);
    else
        set_number(value, source ? headers->source_port : headers->destination_port);
}

static void read_headers(const synfix_observation_t *observation, field_t field, field_value_t *value)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_tcp_options_t *options = observation->options;
    const synfix_encapsulation_t *outer = &headers->encapsulation;
    const struct {
        field_t field;
        bool present;
        uint64_t number;
    } table[] = {
        {FIELD_TTL, true, headers->ttl},
        {FIELD_TRAFFIC_CLASS, true, headers->traffic_class},
        {FIELD_IP_LENGTH, true, headers->ip_total_length},
        {FIELD_TCP_FLAGS, true, headers->tcp_flags},
        {FIELD_SEQUENCE, true, headers->sequence},
        {FIELD_ACKNOWLEDGEMENT, true, headers->acknowledgement},
        {FIELD_WINDOW, true, headers->window},
        {FIELD_PAYLOAD, true, headers->payload_length},
        {FIELD_MSS, options->has_mss, options->mss},
        {FIELD_SCALE, options->has_window_scale, options->window_scale},
        {FIELD_TS_VALUE, options->has_timestamps, options->timestamp_value},
        {FIELD_TS_ECHO, options->has_timestamps, options->timestamp_echo},
        {FIELD_VLAN, outer->vlan_count > 0, outer->vlan_id},
        {FIELD_TUNNEL_ID, outer->id != 0, outer->id},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].field == field && table[i].present)
            set_number(value, table[i].number);
}

void field_read(const synfix_observation_t *observation, field_t field, field_value_t *value)
{
    static const char *const kinds[] = {"?", "syn", "syn+ack", "uptime"};
    const uint8_t tunnel = observation->headers->encapsulation.kind;
    value->type = FIELD_UNSET;
    switch ((int)field) {
    case FIELD_TIME:
        value->type = FIELD_NANOSECONDS;
        value->time_ns = observation->time_ns;
        break;
    case FIELD_PACKET_NUMBER:
        set_number(value, observation->packet_number);
        break;
    case FIELD_UID:
        set_uid(value, observation->headers, observation->from_server);
        break;
    case FIELD_PROTOCOL:
        set_text(value, "tcp");
        break;
    case FIELD_KIND:
        set_text(value, kinds[observation->kind < 4 ? observation->kind : 0]);
        break;
    case FIELD_FROM_SERVER:
        value->type = FIELD_BOOLEAN;
        value->number = observation->from_server;
        break;
    case FIELD_FLAGS:
        set_flags(value, observation->flags);
        break;
    case FIELD_TUNNEL:
        set_text(value, tunnel != SYNFIX_ENCAPSULATION_NONE ? synfix_encapsulation_name(tunnel) : NULL);
        break;
    case FIELD_COMMUNITY_ID:
        set_text(value, observation->community_id);
        break;
    case FIELD_MUON:
        set_text(value, observation->muon_fingerprint);
        break;
    default:
        if (field >= FIELD_CLIENT && field <= FIELD_DESTINATION_PORT)
            read_ends(observation, field, value);
        else if (field >= FIELD_SIGNATURE && field <= FIELD_LINK)
            read_fingerprint(observation, field, value);
        else if (field >= FIELD_FREQUENCY && field <= FIELD_RELIABILITY)
            read_uptime(observation, field, value);
        else
            read_headers(observation, field, value);
    }
}
