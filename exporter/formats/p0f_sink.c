/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `p0f:`: the log format of `p0f -o`, for programs that read p0f's log. */
#include <stdlib.h>
#include <time.h>

#include "event/host_change_text.h"
#include "event/text_writer.h"
#include "exporter/formats/text_sink.h"

/* UTC offsets change at multiples of 15 minutes only: one call of the C library for each interval. */
#define ZONE_STEP_S 900

typedef struct p0f_encoder {
    int64_t zone_step;
    int64_t zone_offset;
} p0f_encoder_t;

/* The rules of a time zone repeat after 28 years, and time_t with 32 bits ends in 2038. */
#define ZONE_CYCLE_S INT64_C(883612800)

static time_t zone_time(int64_t seconds)
{
    while ((time_t)seconds != seconds) {
        seconds += seconds > 0 ? -ZONE_CYCLE_S : ZONE_CYCLE_S;
    }
    return (time_t)seconds;
}

static int64_t p0f_local(p0f_encoder_t *encoder, int64_t seconds)
{
    const int64_t step = seconds / ZONE_STEP_S;
    if (step != encoder->zone_step) {
        const time_t at = zone_time(seconds);
        struct tm local;
        encoder->zone_step = step;
        encoder->zone_offset = localtime_r(&at, &local) != NULL ? local.tm_gmtoff : 0;
    }
    return seconds + encoder->zone_offset;
}

static void p0f_endpoint(text_writer_t *line, const char *name, const synfix_address_t *address,
                         uint8_t version, uint16_t port)
{
    writer_text(line, name);
    writer_address_long(line, address, version);
    writer_char(line, '/');
    writer_unsigned(line, port);
}

static void p0f_prefix(text_writer_t *line, p0f_encoder_t *encoder, const synfix_observation_t *observation,
                       const char *module)
{
    const synfix_headers_t *headers = observation->headers;
    const bool server = observation->from_server;
    uint32_t rest = 0;
    writer_char(line, '[');
    writer_date_time(line, p0f_local(encoder, writer_seconds(observation->time_ns, &rest)), '/', ' ');
    writer_text(line, "] mod=");
    writer_text(line, module);
    p0f_endpoint(line, "|cli=", server ? &headers->destination : &headers->source, headers->ip_version,
                 server ? headers->destination_port : headers->source_port);
    p0f_endpoint(line, "|srv=", server ? &headers->source : &headers->destination, headers->ip_version,
                 server ? headers->source_port : headers->destination_port);
    writer_text(line, server ? "|subj=srv|" : "|subj=cli|");
}

static void p0f_match(text_writer_t *line, const synfix_observation_t *observation)
{
    const synfix_match_t *match = &observation->fingerprint->match;
    char parameters[SYNFIX_PARAMETERS_TEXT_SIZE];
    writer_text(line, match->tool ? "app=" : "os=");
    writer_text(line, match->label != NULL ? match->label->text : "???");
    writer_text(line, match->random_ttl ? "|dist=<= " : "|dist=");
    writer_unsigned(line, match->distance);
    writer_text(line, "|params=");
    writer_bytes(line, parameters, synfix_observation_parameters(observation, parameters));
    writer_text(line, "|raw_sig=");
    writer_bytes(line, observation->fingerprint->text, observation->fingerprint->text_length);
    writer_char(line, '\n');
}

static void p0f_uptime(text_writer_t *line, const synfix_uptime_t *uptime)
{
    writer_text(line, "uptime=");
    if (uptime->reliability == SYNFIX_UPTIME_RANDOMISED) {
        writer_text(line, "???");
    } else {
        writer_uptime(line, uptime, " ");
    }
    writer_text(line, "|raw_freq=");
    writer_hundredths(line, uptime->frequency_centihertz);
    writer_text(line, " Hz\n");
}

/* p0f writes raw_hits, the numbers of its own score, which do not exist here. */
static void p0f_change(text_writer_t *line, const synfix_host_change_t *change)
{
    writer_text(line, "reason=");
    host_reasons_write_p0f(line, change->reasons);
    writer_text(line, "|before=");
    writer_text(line, change->before);
    writer_text(line, "|after=");
    writer_text(line, change->after);
    writer_text(line, "|score=");
    writer_unsigned(line, change->score);
    writer_char(line, '\n');
}

static void p0f_host_change(text_writer_t *line, p0f_encoder_t *encoder,
                            const synfix_observation_t *observation)
{
    const synfix_host_change_t *change = observation->host_change;
    p0f_prefix(line, encoder, observation, "host change");
    p0f_change(line, change);
    if ((change->reasons & SYNFIX_HOST_SHARED) != 0) {
        p0f_prefix(line, encoder, observation, "ip sharing");
        p0f_change(line, change);
    }
}

static synfix_status_t p0f_encode(void *state, const synfix_observation_t *observation, synfix_block_t *block)
{
    p0f_encoder_t *encoder = state;
    text_writer_t line = writer_begin(block);
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (observation->host_change != NULL) {
        p0f_host_change(&line, encoder, observation);
        return writer_commit(&line, observation, block);
    }
    if (fingerprint == NULL) {
        p0f_prefix(&line, encoder, observation, "uptime");
        p0f_uptime(&line, &observation->uptime);
        return writer_commit(&line, observation, block);
    }
    p0f_prefix(&line, encoder, observation, observation->kind == SYNFIX_OBSERVATION_SYN ? "syn" : "syn+ack");
    p0f_match(&line, observation);
    if (fingerprint->link_mtu != 0) {
        p0f_prefix(&line, encoder, observation, "mtu");
        writer_text(&line, "link=");
        writer_text(&line, fingerprint->link_label != NULL ? fingerprint->link_label : "???");
        writer_text(&line, "|raw_mtu=");
        writer_unsigned(&line, writer_mtu(fingerprint));
        writer_char(&line, '\n');
    }
    return writer_commit(&line, observation, block);
}

static synfix_status_t p0f_create(const void *settings, unsigned worker, void **state, synfix_error_t *error)
{
    (void)settings;
    (void)worker;
    p0f_encoder_t *encoder = calloc(1, sizeof *encoder);
    if (encoder == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "p0f: out of memory");
    }
    tzset();
    encoder->zone_step = INT64_MIN;
    *state = encoder;
    return SYNFIX_OK;
}

static const synfix_encoding_t p0f_encoding = {
    .block_size = TEXT_BLOCK_SIZE, .create = p0f_create, .encode = p0f_encode, .destroy = free};

static synfix_status_t p0f_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    const text_format_t format = {.encoding = &p0f_encoding, .key = ""};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t p0f_options[] = {OUTPUT_OPTIONS, {.name = NULL}};
static const synfix_sink_t p0f_sink = {.open = p0f_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t p0f_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "p0f",
    .summary = "the log format of p0f -o, local time",
    .options = p0f_options,
    .sink = &p0f_sink,
    .check = output_check,
};
