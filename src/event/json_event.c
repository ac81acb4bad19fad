/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/json_event.h"

#include "event/ecn_text.h"
#include "event/host_change_text.h"
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

static void json_eve_outer(text_writer_t *line, const synfix_observation_t *observation, bool packet_number)
{
    const synfix_headers_t *headers = observation->headers;
    uint32_t rest = 0;
    const int64_t seconds = writer_seconds(observation->time_ns, &rest);
    writer_text(line, "{\"timestamp\":\"");
    text_date_time(line, seconds, '-', 'T');
    writer_char(line, '.');
    writer_padded(line, rest / 1000, 6);
    writer_text(line, "+0000\"");
    if (packet_number) {
        json_unsigned(line, "pcap_cnt", observation->packet_number);
    }
    json_string(line, "event_type", synfix_event_type(observation));
    json_address(line, "src_ip", &headers->source, headers->ip_version);
    json_unsigned(line, "src_port", headers->source_port);
    json_address(line, "dest_ip", &headers->destination, headers->ip_version);
    json_unsigned(line, "dest_port", headers->destination_port);
    json_string(line, "proto", "TCP");
    json_unsigned(line, "ip_v", headers->ip_version);
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

/* Present only with alternatives: `"other_os":["Linux 4.20 or newer"]`. */
static void json_others(text_writer_t *line, const synfix_match_t *match)
{
    if (match->others[0] == NULL) {
        return;
    }
    json_name(line, "other_os");
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        writer_char(line, i == 0 ? '[' : ',');
        writer_json_string(line, match->others[i]->text);
    }
    writer_char(line, ']');
}

static const char *match_kind_name(const synfix_match_t *match)
{
#define KIND(identifier, number, text) [number] = (text),
    static const char *const kinds[] = {SYNFIX_MATCH_KINDS(KIND)};
#undef KIND
    return match->kind < sizeof kinds / sizeof kinds[0] ? kinds[match->kind] : "none";
}

static void json_match(text_writer_t *line, const synfix_match_t *match)
{
    json_string(line, "os", match->label != NULL ? match->label->text : "?");
    json_string(line, "class", match->label != NULL ? match->label->os_class : "?");
    json_string(line, "family", match->label != NULL ? match->label->name : "?");
    json_string(line, "flavor",
                match->label != NULL && match->label->flavor[0] != '\0' ? match->label->flavor : "?");
    json_unsigned(line, "label_id", match->label != NULL ? match->label->id : 0);
    json_string(line, "match", match_kind_name(match));
    json_unsigned(line, "quality", match->quality);
    json_unsigned(line, "family_quality", match->family_quality);
    json_unsigned(line, "candidates", match->candidate_count);
    json_others(line, match);
    json_unsigned(line, "distance", match->distance);
    json_unsigned(line, "initial_ttl", match->initial_ttl);
}

/* Present only with a flag of ECN: `"ecn":"accurate","ecn_received":"ect0"`. */
static void json_ecn(text_writer_t *line, const synfix_observation_t *observation)
{
    const bool answer = observation->kind == SYNFIX_OBSERVATION_SYN_ACK;
    const uint16_t flags = observation->headers->tcp_flags;
    const char *text = ecn_text(flags, answer);
    const char *received = ecn_received(flags, answer);
    if (text != NULL) {
        json_string(line, "ecn", text);
    }
    if (received != NULL) {
        json_string(line, "ecn_received", received);
    }
}

static void json_headers(text_writer_t *line, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_tcp_options_t *options = observation->options;
    json_unsigned(line, "ttl", headers->ttl);
    json_unsigned(line, "tos", headers->traffic_class);
    json_unsigned(line, "ip_length", headers->ip_total_length);
    json_unsigned(line, "ip_id", headers->fragment_id);
    json_unsigned(line, "flow_label", headers->flow_label);
    json_unsigned(line, "tcp_flags", headers->tcp_flags);
    json_ecn(line, observation);
    json_unsigned(line, "seq", headers->sequence);
    json_unsigned(line, "ack", headers->acknowledgement);
    json_unsigned(line, "window", headers->window);
    json_unsigned(line, "urgent_pointer", headers->urgent_pointer);
    json_unsigned(line, "payload_length", headers->payload_length);
    if (options->has_mss) {
        json_unsigned(line, "mss", options->mss);
    }
    if (options->has_window_scale) {
        json_unsigned(line, "window_scale", options->window_scale);
    }
    if (options->has_timestamps) {
        json_unsigned(line, "ts_value", options->timestamp_value);
        json_unsigned(line, "ts_echo", options->timestamp_echo);
    }
    json_encapsulation(line, headers);
}

static void json_fingerprint(text_writer_t *line, const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    char text[SYNFIX_QUIRKS_TEXT_SIZE];
    json_open(line, "tcp_fp");
    json_string(line, "kind", observation->kind == SYNFIX_OBSERVATION_SYN ? "syn" : "syn+ack");
    json_string(line, "signature", fingerprint->text);
    json_match(line, &fingerprint->match);
    (void)synfix_observation_parameters(observation, text);
    json_string(line, "params", text);
    json_string(line, "options", fingerprint->layout_text);
    (void)synfix_quirks_format(fingerprint->signature.quirks, text);
    json_string(line, "quirks", text);
    json_unsigned(line, "quirk_bits", fingerprint->signature.quirks);
    json_unsigned(line, "mtu", fingerprint->link_mtu);
    json_string(line, "link", fingerprint->link_label != NULL ? fingerprint->link_label : "?");
    json_headers(line, observation);
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

void json_member(text_writer_t *line, const synfix_observation_t *observation)
{
    if (observation->host_change != NULL) {
        json_host_change(line, observation);
    } else if (observation->fingerprint != NULL) {
        json_fingerprint(line, observation);
    } else {
        json_uptime(line, observation);
    }
    json_annotations(line, observation);
}

void json_facts(text_writer_t *line, const synfix_observation_t *observation)
{
    json_member(line, observation);
    json_close(line);
}

void json_host(text_writer_t *line, const synfix_fingerprint_t *fingerprint)
{
    const synfix_match_t *match = &fingerprint->match;
    const synfix_label_t *label = match->label;
    writer_char(line, '{');
    json_string(line, "os", label != NULL ? label->text : "?");
    json_string(line, "class", label != NULL ? label->os_class : "?");
    json_string(line, "family", label != NULL ? label->name : "?");
    json_string(line, "match", match_kind_name(match));
    json_unsigned(line, "quality", match->quality);
    json_unsigned(line, "family_quality", match->family_quality);
    json_unsigned(line, "candidates", match->candidate_count);
    json_unsigned(line, "distance", match->distance);
    json_string(line, "link", fingerprint->link_label != NULL ? fingerprint->link_label : "?");
    json_string(line, "signature", fingerprint->text);
    json_close(line);
}

void json_event(text_writer_t *line, const synfix_observation_t *observation, bool packet_number,
                bool flow_id)
{
    json_eve_outer(line, observation, packet_number);
    if (flow_id) {
        json_unsigned(line, "flow_id", observation->flow_id);
    }
    if (observation->community_id != NULL) {
        json_string(line, "community_id", observation->community_id);
    }
    json_facts(line, observation);
}
