/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/json_event.h"

#include "event/host_change_text.h"
#include "event/json_packet.h"
#include <synfix/event.h>

/* `"name":1.25` */
static void json_hundredths(text_writer_t *line, const char *name, uint64_t hundredths)
{
    json_name(line, name);
    writer_hundredths(line, hundredths);
}

void json_address(text_writer_t *line, const char *name, const synfix_address_t *address, uint8_t version)
{
    json_name(line, name);
    writer_char(line, '"');
    writer_address(line, address, version);
    writer_char(line, '"');
}

void json_close(text_writer_t *line)
{
    writer_char(line, '}');
}

static void json_eve_outer(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation,
                           bool packet_number)
{
    uint32_t rest = 0;
    const int64_t seconds = writer_seconds(observation->time_ns, &rest);
    writer_text(line, "{\"timestamp\":\"");
    text_cache_second(line, cache, seconds);
    writer_char(line, '.');
    writer_padded(line, rest / 1000, 6);
    writer_text(line, "+0000\"");
    json_packet_ends(line, observation, packet_number);
}

/* Members that few tunnels have. */
static void json_details(text_writer_t *line, const synfix_headers_t *headers)
{
    const uint8_t details = headers->encapsulation.details;
    if ((details & SYNFIX_DETAIL_OUTER) != 0) {
        json_string(line, "outer_kind", synfix_encapsulation_name(headers->details.outer_kind));
        json_unsigned(line, "outer_id", headers->details.outer_id);
    }
    if ((details & SYNFIX_DETAIL_ENDPOINT) != 0) {
        json_name(line, "endpoint_id");
        writer_hexadecimal(line, headers->details.endpoint_id);
    }
    if ((details & SYNFIX_DETAIL_SAMPLING) != 0) {
        json_unsigned(line, "sampling_rate", headers->details.sampling_rate);
    }
}

static void json_encapsulation(text_writer_t *line, const synfix_headers_t *headers)
{
    const synfix_encapsulation_t *outer = &headers->encapsulation;
    if (outer->vlan_count > 0) {
        json_name(line, "vlan");
        writer_char(line, '[');
        writer_unsigned(line, outer->vlan_id);
        if (outer->vlan_count > 1) {
            writer_char(line, ',');
            writer_unsigned(line, outer->customer_vlan_id);
        }
        writer_char(line, ']');
    }
    if (outer->mpls_count > 0) {
        json_unsigned(line, "mpls", outer->mpls_label);
    }
    if (outer->kind == SYNFIX_ENCAPSULATION_NONE) {
        return;
    }
    json_open(line, "tunnel");
    json_string(line, "kind", synfix_encapsulation_name(outer->kind));
    json_unsigned(line, "depth", outer->depth);
    json_unsigned(line, "id", outer->id);
    json_details(line, headers);
    if (outer->outer_version != 0) {
        json_address(line, "src_ip", &outer->outer_source, outer->outer_version);
        json_address(line, "dest_ip", &outer->outer_destination, outer->outer_version);
    }
    json_close(line);
}

static void json_flags(text_writer_t *line, uint32_t flags)
{
    char separator = '[';
    json_name(line, "flags");
    if (flags == 0) {
        writer_text(line, "[]");
        return;
    }
#define FLAG(identifier, bit, text)                                                                          \
    if ((flags & (uint32_t)SYNFIX_FLAG_##identifier) != 0) {                                                 \
        writer_char(line, separator);                                                                        \
        writer_text(line, "\"" text "\"");                                                                   \
        separator = ',';                                                                                     \
    }
    SYNFIX_OBSERVATION_FLAGS(FLAG)
#undef FLAG
    writer_text(line, separator == '[' ? "[]" : "]");
}

static void json_parameters(text_writer_t *line, const synfix_observation_t *observation)
{
    char text[SYNFIX_PARAMETERS_TEXT_SIZE];
    (void)synfix_observation_parameters(observation, text);
    json_string(line, "params", text);
}

static void json_fingerprint(text_writer_t *line, text_cache_t *cache,
                             const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    text_cached_t known;
    const bool is_known = cache != NULL && text_cache_read(cache, fingerprint, &known);
    json_open(line, "tcp_fp");
    json_string(line, "kind", observation->kind == SYNFIX_OBSERVATION_SYN ? "syn" : "syn+ack");
    if (is_known) {
        writer_bytes(line, known.match, known.match_length);
        json_parameters(line, observation);
        writer_bytes(line, known.stack, known.stack_length);
    } else {
        json_fingerprint_match(line, fingerprint);
        json_parameters(line, observation);
        json_fingerprint_stack(line, fingerprint);
    }
    json_packet_headers(line, observation);
    json_encapsulation(line, observation->headers);
    json_flags(line, observation->flags);
    if (observation->muon_fingerprint != NULL) {
        json_string(line, "muonfp", observation->muon_fingerprint);
    }
    json_close(line);
}

static void json_uptime(text_writer_t *line, const synfix_observation_t *observation)
{
    static const char *const reliabilities[] = {"unknown", "one line", "single connection", "randomised"};
    const synfix_uptime_t *uptime = &observation->uptime;
    json_open(line, "tcp_uptime");
    json_string(line, "role", observation->from_server ? "server" : "client");
    json_unsigned(line, "frequency", uptime->frequency);
    json_hundredths(line, "frequency_measured", uptime->frequency_centihertz);
    json_unsigned(line, "uptime", uptime->uptime_seconds);
    json_unsigned(line, "modulus", uptime->modulus_seconds);
    json_string(line, "reliability",
                uptime->reliability < 4 ? reliabilities[uptime->reliability] : "unknown");
    json_unsigned(line, "ts_value", observation->options->timestamp_value);
    json_unsigned(line, "ts_echo", observation->options->timestamp_echo);
    json_encapsulation(line, observation->headers);
    json_flags(line, observation->flags);
    json_close(line);
}

/* `["families","initial_ttl"]` */
static void json_reasons(text_writer_t *line, const char *name, uint32_t reasons)
{
    char separator = '[';
    json_name(line, name);
#define REASON(identifier, bit, text, sentence)                                                              \
    if ((reasons & (uint32_t)SYNFIX_HOST_##identifier) != 0) {                                               \
        writer_char(line, separator);                                                                        \
        writer_text(line, "\"" text "\"");                                                                   \
        separator = ',';                                                                                     \
    }
    SYNFIX_HOST_REASONS(REASON)
#undef REASON
    writer_text(line, separator == '[' ? "[]" : "]");
}

static void json_host_change(text_writer_t *line, const synfix_observation_t *observation)
{
    const synfix_host_change_t *change = observation->host_change;
    json_open(line, "tcp_host_change");
    json_string(line, "role", observation->from_server ? "server" : "client");
    json_reasons(line, "changes", change->reasons & HOST_CHANGE_KINDS);
    json_string(line, "before", change->before);
    json_string(line, "after", change->after);
    json_unsigned(line, "sharing_score", change->score);
    json_reasons(line, "sharing_reasons", change->reasons & SYNFIX_HOST_SHARING_REASONS);
    json_unsigned(line, "reason_bits", change->reasons);
    json_encapsulation(line, observation->headers);
    json_flags(line, observation->flags);
    json_close(line);
}

static void json_annotations(text_writer_t *line, const synfix_observation_t *observation)
{
    if (observation->annotation_count == 0) {
        return;
    }
    json_open(line, "enrichment");
    for (uint32_t i = 0; i < observation->annotation_count; i++) {
        if (i > 0) {
            writer_char(line, ',');
        }
        writer_json_string(line,
                           observation->annotations[i].name); /* comes from a module: escaped like any text */
        writer_char(line, ':');
        writer_json_string(line, observation->annotations[i].text);
    }
    json_close(line);
}

void json_member(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation)
{
    if (observation->host_change != NULL) {
        json_host_change(line, observation);
    } else if (observation->fingerprint != NULL) {
        json_fingerprint(line, cache, observation);
    } else {
        json_uptime(line, observation);
    }
    json_annotations(line, observation);
}

void json_facts(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation)
{
    json_member(line, cache, observation);
    json_close(line);
}

void json_event(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation,
                bool packet_number, bool flow_id)
{
    json_eve_outer(line, cache, observation, packet_number);
    if (flow_id) {
        json_unsigned(line, "flow_id", observation->flow_id);
    }
    if (observation->community_id != NULL) {
        json_string(line, "community_id", observation->community_id);
    }
    json_facts(line, cache, observation);
}
