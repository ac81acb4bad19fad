/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `text:`: a block of lines for each observation, for human readers. */
#include "event/host_change_text.h"
#include "event/text_writer.h"
#include "exporter/formats/text_sink.h"
#include "values/value.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARROW " \xE2\x86\x92 "

/* Escape sequences of a terminal; all are empty without colour. */
typedef struct text_style {
    const char *title;
    const char *label;
    const char *unknown;
    const char *doubtful;
    const char *end;
} text_style_t;

static const text_style_t plain = {"", "", "", "", ""};
static const text_style_t coloured = {"\033[1m", "\033[32m", "\033[33m", "\033[2m", "\033[0m"};

static void text_endpoint(text_writer_t *line, const synfix_address_t *address, uint8_t version,
                          uint16_t port)
{
    if (version == 6) {
        writer_char(line, '[');
    }
    writer_address(line, address, version);
    writer_text(line, version == 6 ? "]:" : ":");
    writer_unsigned(line, port);
}

static void text_title(text_writer_t *line, const text_style_t *style, const char *title,
                       const synfix_headers_t *headers)
{
    writer_text(line, style->title);
    writer_char(line, '[');
    writer_text(line, title);
    writer_text(line, "] ");
    text_endpoint(line, &headers->source, headers->ip_version, headers->source_port);
    writer_text(line, ARROW);
    text_endpoint(line, &headers->destination, headers->ip_version, headers->destination_port);
    writer_text(line, style->end);
}

static void text_tags(text_writer_t *line, const synfix_encapsulation_t *outer)
{
    if (outer->vlan_count > 0) {
        writer_text(line, "\n  VLAN:   ");
        writer_unsigned(line, outer->vlan_id);
    }
    if (outer->vlan_count > 1) {
        writer_char(line, '.');
        writer_unsigned(line, outer->customer_vlan_id);
    }
    if (outer->mpls_count > 0) {
        writer_text(line, "\n  MPLS:   ");
        writer_unsigned(line, outer->mpls_label);
    }
}

static void text_tunnel_name(text_writer_t *line, uint8_t kind, uint32_t id)
{
    writer_text(line, synfix_encapsulation_name(kind));
    if (id != 0) {
        writer_char(line, ' ');
        writer_unsigned(line, id);
    }
}

/* Only the encapsulation distinguishes copies of one packet that were captured in several networks. */
static void text_encapsulation(text_writer_t *line, const synfix_headers_t *headers)
{
    const synfix_encapsulation_t *outer = &headers->encapsulation;
    text_tags(line, outer);
    if (outer->kind == SYNFIX_ENCAPSULATION_NONE) {
        return;
    }
    writer_text(line, "\n  Tunnel: ");
    text_tunnel_name(line, outer->kind, outer->id);
    if ((outer->details & SYNFIX_DETAIL_OUTER) != 0) {
        writer_text(line, " in ");
        text_tunnel_name(line, headers->details.outer_kind, headers->details.outer_id);
    }
    if (outer->outer_version != 0) {
        writer_text(line, ", ");
        writer_address(line, &outer->outer_source, outer->outer_version);
        writer_text(line, ARROW);
        writer_address(line, &outer->outer_destination, outer->outer_version);
    }
}

/* Time of the packet in UTC, and the networks around it. */
static void text_packet(text_writer_t *line, const synfix_observation_t *observation)
{
    uint32_t rest_ns = 0;
    const int64_t seconds = writer_seconds(observation->time_ns, &rest_ns);
    writer_text(line, "\n  Time:   ");
    writer_date_time(line, seconds, '-', ' ');
    writer_char(line, '.');
    writer_padded(line, rest_ns / 1000, 6);
    text_encapsulation(line, observation->headers);
}

static void text_match(text_writer_t *line, const text_style_t *style,
                       const synfix_observation_t *observation)
{
    const synfix_match_t *match = &observation->fingerprint->match;
    char parameters[SYNFIX_PARAMETERS_TEXT_SIZE];
    writer_text(line, "\n  OS:     ");
    writer_text(line, match->label != NULL ? style->label : style->unknown);
    writer_text(line, match->label != NULL ? match->label->text : "???");
    writer_text(line, style->end);
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        writer_text(line, i == 0 ? "\n  Or:     " : "; ");
        writer_text(line, match->others[i]->text);
    }
    writer_text(line, "\n  Dist:   ");
    if (match->random_ttl) {
        writer_text(line, "<= ");
    }
    writer_unsigned(line, match->distance);
    writer_text(line, "\n  Params: ");
    writer_bytes(line, parameters, synfix_observation_parameters(observation, parameters));
    writer_text(line, "\n  Sig:    ");
    writer_bytes(line, observation->fingerprint->text, observation->fingerprint->text_length);
}

static void text_uptime(text_writer_t *line, const text_style_t *style, const synfix_uptime_t *uptime)
{
    const bool doubtful = uptime->reliability != SYNFIX_UPTIME_ONE_LINE;
    writer_text(line, "\n  Uptime: ");
    writer_text(line, doubtful ? style->doubtful : "");
    if (uptime->reliability == SYNFIX_UPTIME_RANDOMISED) {
        writer_text(line, "unknown (timestamps are randomised)");
    } else {
        writer_uptime(line, uptime, ", ");
    }
    if (uptime->reliability == SYNFIX_UPTIME_SINGLE_CONNECTION) {
        writer_text(line, ", unreliable: from one connection");
    }
    writer_text(line, doubtful ? style->end : "");
    writer_text(line, "\n  Freq:   ");
    writer_hundredths(line, uptime->frequency_centihertz);
    writer_text(line, " Hz");
}

static void text_host_change(text_writer_t *line, const synfix_host_change_t *change)
{
    const uint32_t sharing = change->reasons & SYNFIX_HOST_SHARING_REASONS;
    writer_text(line, "\n  Change: ");
    host_reasons_write_sentence(line, change->reasons & HOST_CHANGE_KINDS);
    writer_text(line, "\n  Before: ");
    writer_text(line, change->before);
    writer_text(line, "\n  After:  ");
    writer_text(line, change->after);
    writer_text(line, "\n  Shared: ");
    writer_unsigned(line, change->score);
    writer_text(line, " of 100");
    if (sharing != 0) {
        writer_text(line, ": ");
        host_reasons_write_sentence(line, sharing);
    }
}

static void text_annotations(text_writer_t *line, const synfix_observation_t *observation)
{
    if (observation->community_id != NULL) {
        writer_text(line, "\n  Community ID: ");
        writer_text(line, observation->community_id);
    }
    if (observation->muon_fingerprint != NULL) {
        writer_text(line, "\n  MuonFP: ");
        writer_text(line, observation->muon_fingerprint);
    }
    for (uint32_t i = 0; i < observation->annotation_count; i++) {
        writer_text(line, "\n  ");
        writer_text(line, observation->annotations[i].name);
        writer_text(line, ": ");
        writer_text(line, observation->annotations[i].text);
    }
}

static void text_link(text_writer_t *line, const text_style_t *style, const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    writer_char(line, '\n');
    text_title(line, style, "TCP MTU", observation->headers);
    writer_text(line, "\n  Link:   ");
    writer_text(line, fingerprint->link_label != NULL ? fingerprint->link_label : "???");
    writer_text(line, "\n  MTU:    ");
    writer_unsigned(line, writer_mtu(fingerprint));
}

static const char *title_of(const synfix_observation_t *observation)
{
    const bool server = observation->from_server;
    if (observation->host_change != NULL) {
        return server ? "Host Change - Server" : "Host Change - Client";
    }
    if (observation->fingerprint == NULL) {
        return server ? "TCP Uptime - Server" : "TCP Uptime - Client";
    }
    return observation->kind == SYNFIX_OBSERVATION_SYN ? "TCP SYN" : "TCP SYN+ACK";
}

static synfix_status_t text_encode(void *encoder, const synfix_observation_t *observation,
                                   synfix_block_t *block)
{
    const text_style_t *style = encoder;
    const bool change = observation->host_change != NULL;
    const synfix_fingerprint_t *fingerprint = change ? NULL : observation->fingerprint;
    text_writer_t line = writer_begin(block);
    text_title(&line, style, title_of(observation), observation->headers);
    text_packet(&line, observation);
    if (change) {
        text_host_change(&line, observation->host_change);
    } else if (fingerprint == NULL) {
        text_uptime(&line, style, &observation->uptime);
    } else {
        text_match(&line, style, observation);
    }
    text_annotations(&line, observation);
    if (fingerprint != NULL && fingerprint->link_mtu != 0) {
        text_link(&line, style, observation);
    }
    writer_char(&line, '\n');
    return writer_commit(&line, observation, block);
}

static synfix_status_t text_create(const void *settings, unsigned worker, void **encoder,
                                   synfix_error_t *error)
{
    (void)worker;
    (void)error;
    *encoder = (void *)(uintptr_t)settings; /* a style, which is only read */
    return SYNFIX_OK;
}

static const synfix_encoding_t text_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                                .create = text_create,
                                                .encode = text_encode,
                                                .destroy = text_encoder_destroy};

/* https://no-color.org; a file or a pipe never gets escape sequences by itself. */
static bool wants_colour(const synfix_options_t *options)
{
    const char *wish = synfix_options_string(options, "colour");
    const char *target = synfix_options_target(options);
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (strcmp(wish, "auto") != 0) {
        return strcmp(wish, "yes") == 0;
    }
    return strcmp(target, "-") == 0 && (refused == NULL || refused[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0 && isatty(STDOUT_FILENO) == 1;
}

static synfix_status_t text_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    const bool colour = wants_colour(options);
    const text_format_t format = {
        .encoding = &text_encoding, .settings = colour ? &coloured : &plain, .key = colour ? "colour" : ""};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t text_options[] = {
    OUTPUT_OPTIONS,
    {.name = "colour",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "auto",
     .choices = "auto yes no",
     .help = "yes, no or auto: on a terminal, unless NO_COLOR is set"},
    {.name = NULL}};
static const synfix_sink_t text_sink = {.open = text_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t text_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "text",
    .summary = "a block of lines for each observation",
    .options = text_options,
    .sink = &text_sink,
    .check = output_check,
};
