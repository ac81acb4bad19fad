/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `eve:`: Suricata's EVE JSON, for use with Suricata's own events. */
#include "event/json_event.h"
#include "exporter/formats/text_sink.h"
#include "exporter/output/redis_output.h"

typedef struct eve_settings {
    bool flow_id;
    bool packet_number;
} eve_settings_t;

/* One constant for each combination of settings: a key and its settings. */
static const struct {
    const char *key;
    eve_settings_t settings;
} eve_variants[4] = {
    {"", {.flow_id = false, .packet_number = false}},
    {"flow", {.flow_id = true, .packet_number = false}},
    {"packet", {.flow_id = false, .packet_number = true}},
    {"flow packet", {.flow_id = true, .packet_number = true}},
};

static synfix_status_t eve_encode(void *encoder, const synfix_observation_t *observation,
                                  synfix_block_t *block)
{
    const eve_settings_t *settings = text_cache_settings(encoder);
    text_writer_t line = writer_begin(block);
    json_event(&line, encoder, observation, settings->packet_number, settings->flow_id);
    writer_char(&line, '\n');
    return writer_commit(&line, observation, block);
}

static const synfix_encoding_t eve_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                               .create = json_cache_create,
                                               .encode = eve_encode,
                                               .destroy = text_cache_free};

static synfix_status_t eve_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    const unsigned variant =
        (synfix_options_boolean(options, "flow-id") ? 1u : 0u) | (context != NULL && context->live ? 0u : 2u);
    const text_format_t format = {.encoding = &eve_encoding,
                                  .settings = &eve_variants[variant].settings,
                                  .key = eve_variants[variant].key};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t eve_options[] = {
    {.name = "flow-id",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "no",
     .help = "write flow_id: the number of the observation, not the flow id of Suricata"},
    OUTPUT_OPTIONS_OF("file unix_stream unix_dgram redis"),
    REDIS_OPTIONS,
    {.name = NULL},
};
static const synfix_sink_t eve_sink = {.open = eve_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t eve_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "eve",
    .summary = "Suricata EVE JSON lines to a file, a Unix socket or Redis",
    .options = eve_options,
    .sink = &eve_sink,
    .check = output_check,
};
