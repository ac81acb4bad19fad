/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `text:`: a block of lines for each observation, for people. */
#include "exporter/formats/text_sink.h"
#include "exporter/formats/text_writer.h"

static void text_endpoint(line_t *line, const synfix_address_t *address, uint8_t version, uint16_t port)
{
    if (version == 6)
        line_char(line, '[');
    line_address(line, address, version);
    line_text(line, version == 6 ? "]:" : ":");
    line_unsigned(line, port);
}

static void text_title(line_t *line, const char *title, const synfix_headers_t *headers)
{
    line_char(line, '[');
    line_text(line, title);
    line_text(line, "] ");
    text_endpoint(line, &headers->source, headers->ip_version, headers->source_port);
    line_text(line, " \xE2\x86\x92 ");
    text_endpoint(line, &headers->destination, headers->ip_version, headers->destination_port);
}

static void text_match(line_t *line, const synfix_observation_t *observation)
{
    const synfix_match_t *match = &observation->fingerprint->match;
    char parameters[SYNFIX_PARAMETERS_TEXT_SIZE];
    line_text(line, "\n  OS:     ");
    line_text(line, match->label != NULL ? match->label->text : "???");
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        line_text(line, i == 0 ? "\n  Or:     " : ", ");
        line_text(line, match->others[i]->text);
    }
    line_text(line, "\n  Dist:   ");
    if (match->random_ttl)
        line_text(line, "<= ");
    line_unsigned(line, match->distance);
    line_text(line, "\n  Params: ");
    line_bytes(line, parameters, synfix_observation_parameters(observation, parameters));
    line_text(line, "\n  Sig:    ");
    line_bytes(line, observation->fingerprint->text, observation->fingerprint->text_length);
}

static void text_uptime(line_t *line, const synfix_uptime_t *uptime)
{
    const uint64_t minutes = uptime->uptime_seconds / 60;
    line_text(line, "\n  Uptime: ");
    if (uptime->reliability == SYNFIX_UPTIME_RANDOMISED) {
        line_text(line, "unknown (timestamps are randomised)");
    } else {
        line_unsigned(line, minutes / 60 / 24);
        line_text(line, " days, ");
        line_unsigned(line, minutes / 60 % 24);
        line_text(line, " hrs, ");
        line_unsigned(line, minutes % 60);
        line_text(line, " min (modulo ");
        line_unsigned(line, uptime->modulus_seconds / 86400);
        line_text(line, " days)");
    }
    line_text(line, "\n  Freq:   ");
    line_hundredths(line, uptime->frequency_centihertz);
    line_text(line, " Hz");
}

static void text_annotations(line_t *line, const synfix_observation_t *observation)
{
    if (observation->community_id != NULL) {
        line_text(line, "\n  Community ID: ");
        line_text(line, observation->community_id);
    }
    if (observation->muon_fingerprint != NULL) {
        line_text(line, "\n  MuonFP: ");
        line_text(line, observation->muon_fingerprint);
    }
    for (uint32_t i = 0; i < observation->annotation_count; i++) {
        line_text(line, "\n  ");
        line_text(line, observation->annotations[i].name);
        line_text(line, ": ");
        line_text(line, observation->annotations[i].text);
    }
}

static synfix_status_t text_encode(void *encoder, const synfix_observation_t *observation,
                                   synfix_block_t *block)
{
    (void)encoder;
    line_t line = line_begin(block);
    const synfix_headers_t *headers = observation->headers;
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint == NULL) {
        text_title(&line, observation->from_server ? "TCP Uptime - Server" : "TCP Uptime - Client", headers);
        text_uptime(&line, &observation->uptime);
        text_annotations(&line, observation);
    } else {
        text_title(&line, observation->kind == SYNFIX_OBSERVATION_SYN ? "TCP SYN" : "TCP SYN+ACK", headers);
        text_match(&line, observation);
        text_annotations(&line, observation);
        if (fingerprint->link_mtu != 0) {
            line_char(&line, '\n');
            text_title(&line, "TCP MTU", headers);
            line_text(&line, "\n  Link:   ");
            line_text(&line, fingerprint->link_label != NULL ? fingerprint->link_label : "???");
            line_text(&line, "\n  MTU:    ");
            line_unsigned(&line, line_mtu(fingerprint));
        }
    }
    line_char(&line, '\n');
    return line_commit(&line, observation, block);
}

static const synfix_encoding_t text_encoding = {
    .block_size = LINE_BLOCK_SIZE, .create = line_create, .encode = text_encode, .destroy = line_destroy};

static synfix_status_t text_open(const synfix_host_t *host, const synfix_options_t *options, void **instance,
                                 synfix_error_t *error)
{
    const line_format_t format = {.encoding = &text_encoding, .key = ""};
    return line_sink_open(host, options, &format, instance, error);
}

static const synfix_option_t text_options[] = {OUTPUT_OPTIONS, {.name = NULL}};
static const synfix_sink_t text_sink = {.open = text_open, LINE_SINK_FUNCTIONS};

const synfix_module_t text_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "text",
    .summary = "a block of lines for each observation, for people",
    .options = text_options,
    .sink = &text_sink,
};
