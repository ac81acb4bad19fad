/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/formats/text_sink.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

typedef struct text_sink {
    text_format_t format;
    output_t *output;
    char *head;
    char *tail;
} text_sink_t;

static void text_sink_free(text_sink_t *sink)
{
    output_close(sink->output);
    free(sink->head);
    free(sink->tail);
    free(sink);
}

synfix_status_t text_sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                               const text_format_t *format, void **instance, synfix_error_t *error)
{
    text_sink_t *sink = calloc(1, sizeof *sink);
    if (sink == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    }
    sink->format = *format;
    sink->head = format->head != NULL ? strdup(format->head) : NULL;
    sink->tail = format->tail != NULL ? strdup(format->tail) : NULL;
    const bool copied =
        (sink->head != NULL || format->head == NULL) && (sink->tail != NULL || format->tail == NULL);
    const synfix_status_t status =
        copied ? output_open(context, options, sink->head, sink->tail, &sink->output, error)
               : synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    if (status != SYNFIX_OK) {
        text_sink_free(sink);
        return status;
    }
    *instance = sink;
    return SYNFIX_OK;
}

const synfix_encoding_t *text_sink_encoding(void *instance, const void **settings, const char **key)
{
    const text_sink_t *sink = instance;
    *settings = sink->format.settings;
    *key = sink->format.key;
    return sink->format.encoding;
}

synfix_status_t text_sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    return output_write(((text_sink_t *)instance)->output, block, error);
}

/* Rotation and reconnections are durations, which a step of the wall clock must not stretch. */
synfix_status_t text_sink_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    (void)now_ns;
    return output_tick(((text_sink_t *)instance)->output, monotonic_ns(), error);
}

synfix_status_t text_sink_finish(void *instance, synfix_error_t *error)
{
    return output_finish(((text_sink_t *)instance)->output, error);
}

void text_sink_close(void *instance)
{
    text_sink_t *sink = instance;
    if (sink != NULL) {
        text_sink_free(sink);
    }
}

void text_sink_stats(void *instance, synfix_sink_stats_t *stats)
{
    output_stats(((text_sink_t *)instance)->output, stats);
}

synfix_status_t text_sink_reload(void *instance, synfix_error_t *error)
{
    return output_reload(((text_sink_t *)instance)->output, error);
}

void text_sink_stop(void *instance)
{
    output_stop(((text_sink_t *)instance)->output);
}

void text_encoder_destroy(void *encoder)
{
    (void)encoder;
}
