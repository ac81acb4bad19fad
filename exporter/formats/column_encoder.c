/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/formats/column_encoder.h"

#include "exporter/formats/annotation_columns.h"
#include <glib.h>

/* The columns from @p first to @p last. */
#define COLUMNS(first, last) ((UINT64_MAX >> (63 - (last))) & UINT64_MAX << (first))

#define MATCH_COLUMNS COLUMNS(COLUMN_SIGNATURE, COLUMN_INITIAL_TTL)
#define STACK_COLUMNS COLUMNS(COLUMN_LAYOUT, COLUMN_LINK)

_Static_assert(COLUMN_PARAMETERS == COLUMN_INITIAL_TTL + 1 && COLUMN_LAYOUT == COLUMN_PARAMETERS + 1,
               "the two parts of a fingerprint, and the parameters of the packet between them");

typedef struct column_encoder {
    const column_format_t *format;
    annotation_columns_t *annotations;
    text_cache_t *cache;
    text_parts_t parts; /* of the cache */
} column_encoder_t;

/* Returns the first of the columns and removes it. */
static column_t next_column(uint64_t *columns)
{
    const unsigned column = (unsigned)__builtin_ctzll(*columns);
    *columns &= *columns - 1;
    return (column_t)column;
}

static void fingerprint_columns(text_writer_t *line, const synfix_fingerprint_t *fingerprint,
                                const column_format_t *format, uint64_t columns)
{
    column_value_t value;
    for (uint64_t rest = format->columns & columns; rest != 0;) {
        const column_t column = next_column(&rest);
        field_read_fingerprint(fingerprint, column, &value);
        format->write(line, NULL, column, &value);
    }
}

static void match_part(text_writer_t *line, const synfix_fingerprint_t *fingerprint, const void *format)
{
    fingerprint_columns(line, fingerprint, format, MATCH_COLUMNS);
}

static void stack_part(text_writer_t *line, const synfix_fingerprint_t *fingerprint, const void *format)
{
    fingerprint_columns(line, fingerprint, format, STACK_COLUMNS);
}

synfix_status_t column_encoder_new(const column_format_t *format, const void *settings, void **encoder,
                                   synfix_error_t *error)
{
    column_encoder_t *columns = g_new0(column_encoder_t, 1);
    columns->format = format;
    columns->parts = (text_parts_t){.match = match_part, .stack = stack_part, .format = format};
    columns->annotations = annotation_columns_new(settings);
    columns->cache = text_cache_new(&columns->parts, settings);
    *encoder = columns;
    if (columns->cache == NULL) {
        column_encoder_free(columns);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "encoder of columns: out of memory");
    }
    return SYNFIX_OK;
}

void column_encoder_free(void *encoder)
{
    column_encoder_t *columns = encoder;
    text_cache_free(columns->cache);
    annotation_columns_free(columns->annotations);
    g_free(columns);
}

static void write_columns(text_writer_t *line, column_encoder_t *encoder,
                          const synfix_observation_t *observation, uint64_t columns)
{
    const column_format_t *format = encoder->format;
    column_value_t value;
    for (uint64_t rest = format->columns & columns; rest != 0;) {
        const column_t column = next_column(&rest);
        field_read(observation, column, &value);
        format->write(line, encoder->cache, column, &value);
    }
}

/* Signature, label, match, parameters, stack and link. */
static void write_fingerprint(text_writer_t *line, column_encoder_t *encoder,
                              const synfix_observation_t *observation)
{
    text_cached_t text;
    if (observation->fingerprint == NULL ||
        !text_cache_read(encoder->cache, observation->fingerprint, &text)) {
        write_columns(line, encoder, observation, COLUMNS(COLUMN_SIGNATURE, COLUMN_LINK));
        return;
    }
    writer_bytes(line, text.match, text.match_length);
    write_columns(line, encoder, observation, COLUMNS(COLUMN_PARAMETERS, COLUMN_PARAMETERS));
    writer_bytes(line, text.stack, text.stack_length);
}

synfix_status_t column_encoder_encode(void *encoder, const synfix_observation_t *observation,
                                      synfix_block_t *block)
{
    column_encoder_t *columns = encoder;
    const column_format_t *format = columns->format;
    text_writer_t line = writer_begin(block);
    writer_text(&line, format->begin);
    write_columns(&line, columns, observation, COLUMNS(0, COLUMN_SIGNATURE - 1));
    write_fingerprint(&line, columns, observation);
    write_columns(&line, columns, observation, COLUMNS(COLUMN_LINK + 1, COLUMN_COUNT - 1));
    for (unsigned i = 0; i < columns->annotations->count; i++) {
        const char *name = columns->annotations->names[i];
        format->annotation(&line, name, annotation_columns_find(observation, name));
    }
    writer_text(&line, format->end);
    return writer_commit(&line, observation, block);
}
