/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sink `ecs:`: Elastic Common Schema 8, one event in each line. The described host is the source, and its
 * operating system is in host.os. Values without an ECS field are under tcp_fp, tcp_uptime and
 * tcp_host_change.
 */
#include "base/ascii.h"
#include "base/family_names.h"
#include "event/host_change_text.h"
#include "event/json_event.h"
#include "exporter/formats/text_sink.h"
#include <synfix/event.h>

#define ECS_VERSION "8.11.0"

static void ecs_end(text_writer_t *line, const char *name, const synfix_address_t *address, uint8_t version,
                    uint16_t port)
{
    json_open(line, name);
    json_address(line, "address", address, version);
    json_address(line, "ip", address, version);
    json_unsigned(line, "port", port);
    json_close(line);
}

/* Values that ECS defines. NULL: ECS defines no value. */
typedef struct ecs_system {
    const char *name; /* of the label */
    const char *family;
    const char *type;
    bool middlebox; /* answers for other hosts: the label is not the system of the host */
} ecs_system_t;

/* For a label of several systems: ECS permits one family, version and type for each host, so the event has
 * none. */
static const ecs_system_t several_systems = {.name = "several"};

static const ecs_system_t *ecs_system(const synfix_label_t *label)
{
    static const ecs_system_t systems[] = {
        {.name = "Linux", .family = "linux", .type = "linux"},
        {.name = "Android", .family = "android", .type = "android"},
        {.name = "Windows", .family = "windows", .type = "windows"},
        {.name = "Mac OS X", .family = "darwin", .type = "macos"},
        {.name = "macOS", .family = "darwin", .type = "macos"},
        {.name = "iOS", .family = "darwin", .type = "ios"},
        {.name = "macOS or iOS", .family = "darwin"},
        {.name = "Proxy or middlebox", .middlebox = true},
        {.name = "F5 BIG-IP", .middlebox = true},
        {.name = "NetCache", .middlebox = true},
        {.name = "CacheFlow", .middlebox = true},
    };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        if (strcmp(label->name, systems[i].name) == 0) {
            return &systems[i];
        }
    }
    return family_names_next(label->name) != NULL ? &several_systems : NULL;
}

/* The value of another family is its name in lower case: `freebsd`, `solaris`. */
static void ecs_lower(text_writer_t *line, const char *key, const char *name)
{
    char text[64];
    size_t length = 0;
    for (; name[length] != '\0' && length < sizeof text - 1; length++) {
        text[length] = ascii_lower(name[length]);
    }
    text[length] = '\0';
    json_string(line, key, text);
}

static void ecs_os(text_writer_t *line, const synfix_label_t *label)
{
    const ecs_system_t *system = ecs_system(label);
    const char *type = system != NULL ? system->type : strcmp(label->os_class, "unix") == 0 ? "unix" : NULL;
    if (label->tool || (system != NULL && system->middlebox)) {
        return;
    }
    json_open(line, "os");
    json_string(line, "name", label->name);
    json_string(line, "full", label->text);
    if (system == NULL) {
        ecs_lower(line, "family", label->name);
    } else if (system->family != NULL) {
        json_string(line, "family", system->family);
    }
    if (label->flavor[0] != '\0' && system != &several_systems) {
        json_string(line, "version", label->flavor);
    }
    if (type != NULL) {
        json_string(line, "type", type);
    }
    json_close(line);
}

/* ids are keywords in ECS */
static void ecs_vlan_id(text_writer_t *line, uint16_t id)
{
    json_open(line, "vlan");
    json_name(line, "id");
    writer_char(line, '"');
    writer_unsigned(line, id);
    writer_char(line, '"');
    json_close(line);
}

static void ecs_vlan(text_writer_t *line, const synfix_encapsulation_t *wrap)
{
    if (wrap->vlan_count > 0) {
        ecs_vlan_id(line, wrap->vlan_id);
    }
    if (wrap->vlan_count > 1) {
        json_open(line, "inner");
        ecs_vlan_id(line, wrap->customer_vlan_id);
        json_close(line);
    }
}

static void ecs_host(text_writer_t *line, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_label_t *label =
        observation->fingerprint != NULL ? observation->fingerprint->match.label : NULL;
    json_open(line, "host");
    json_name(line, "ip");
    writer_text(line, "[\"");
    writer_address(line, &headers->source, headers->ip_version);
    writer_text(line, "\"]");
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME &&
        observation->uptime.reliability != SYNFIX_UPTIME_RANDOMISED) {
        json_unsigned(line, "uptime", observation->uptime.uptime_seconds);
    }
    if (label != NULL) {
        ecs_os(line, label);
    }
    json_close(line);
}

static void ecs_event(text_writer_t *line, const synfix_observation_t *observation)
{
    uint32_t rest = 0;
    writer_text(line, "{\"@timestamp\":\"");
    writer_date_time(line, writer_seconds(observation->time_ns, &rest), '-', 'T');
    writer_char(line, '.');
    writer_padded(line, rest, 9);
    writer_text(line, "Z\",\"ecs\":{\"version\":\"" ECS_VERSION "\"},\"event\":{\"kind\":\"event\","
                      "\"category\":[\"network\"],\"type\":[\"");
    writer_text(line, observation->host_change != NULL ? "change" : "info");
    writer_text(line, "\"],\"module\":\"synfix\",\"dataset\":\"synfix.");
    writer_text(line, synfix_event_type(observation));
    writer_char(line, '"');
    json_unsigned(line, "sequence", observation->packet_number);
    json_close(line);
}

static void ecs_network(text_writer_t *line, const synfix_observation_t *observation)
{
    json_open(line, "network");
    json_string(line, "transport", "tcp");
    json_string(line, "type", observation->headers->ip_version == 6 ? "ipv6" : "ipv4");
    json_string(line, "direction", "unknown");
    if (observation->community_id != NULL) {
        json_string(line, "community_id", observation->community_id);
    }
    ecs_vlan(line, &observation->headers->encapsulation);
    json_close(line);
}

static synfix_status_t ecs_encode(void *encoder, const synfix_observation_t *observation,
                                  synfix_block_t *block)
{
    const synfix_headers_t *headers = observation->headers;
    text_writer_t line = writer_begin(block);
    ecs_event(&line, observation);
    /* without the tag, add_host_metadata of Filebeat replaces the observed host by the sensor */
    writer_text(&line, ",\"tags\":[\"forwarded\"],\"observer\":{\"vendor\":\"synfix\",\"product\":\"synfix\","
                       "\"type\":\"sensor\"}");
    ecs_network(&line, observation);
    ecs_end(&line, "source", &headers->source, headers->ip_version, headers->source_port);
    ecs_end(&line, "destination", &headers->destination, headers->ip_version, headers->destination_port);
    ecs_host(&line, observation);
    json_facts(&line, encoder, observation);
    writer_char(&line, '\n');
    return writer_commit(&line, observation, block);
}

static const synfix_encoding_t ecs_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                               .create = json_cache_create,
                                               .encode = ecs_encode,
                                               .destroy = text_cache_free};

static synfix_status_t ecs_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    const text_format_t format = {.encoding = &ecs_encoding, .key = ""};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t ecs_options[] = {OUTPUT_OPTIONS, {.name = NULL}};
static const synfix_sink_t ecs_sink = {.open = ecs_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t ecs_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "ecs",
    .summary = "Elastic Common Schema, one event in each line",
    .options = ecs_options,
    .sink = &ecs_sink,
    .check = output_check,
};
