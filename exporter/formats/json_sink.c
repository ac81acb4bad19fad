/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `json:`: one object in each line, with the outer fields of Suricata's EVE. */
#include "event/json_event.h"
#include "exporter/formats/text_sink.h"

static synfix_status_t json_encode(void *encoder, const synfix_observation_t *observation,
                                   synfix_block_t *block)
{
    text_writer_t line = writer_begin(block);
    json_event(&line, encoder, observation, true, false);
    writer_char(&line, '\n');
    return writer_commit(&line, observation, block);
}

static const synfix_encoding_t json_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                                .create = json_cache_create,
                                                .encode = json_encode,
                                                .destroy = text_cache_free};

static synfix_status_t json_sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                      void **instance, synfix_error_t *error)
{
    const text_format_t format = {.encoding = &json_encoding, .key = ""};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t json_options[] = {OUTPUT_OPTIONS, {.name = NULL}};
static const synfix_sink_t json_sink = {.open = json_sink_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t json_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "json",
    .summary = "one JSON object in each line, with the outer fields of Suricata's EVE",
    .options = json_options,
    .sink = &json_sink,
    .check = output_check,
};
