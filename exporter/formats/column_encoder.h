/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file column_encoder.h
 * Encoders of records with columns: the columns of an observation, then those of annotations. The columns
 * that follow from the fingerprint alone come from a cache of their text.
 */
#ifndef EXPORTER_FORMATS_COLUMN_ENCODER_H
#define EXPORTER_FORMATS_COLUMN_ENCODER_H

#include <synfix/module.h>

#include "event/observation_columns.h"
#include "event/text_cache.h"

/** The columns and the syntax of a format. */
typedef struct column_format {
    uint64_t columns; /* bit c: the record has column c (column_t) */
    const char *begin;
    const char *end;
    /** Writes the separator and the value of a column. @p cache is for text_cache_second; it may be NULL. */
    void (*write)(text_writer_t *line, text_cache_t *cache, column_t column, const column_value_t *value);
    /** Writes the separator and the text of an annotation; NULL: the observation has none. */
    void (*annotation)(text_writer_t *line, const char *name, const char *text);
} column_format_t;

_Static_assert(COLUMN_COUNT <= 64, "one bit of column_format_t.columns for each column");

/**
 * create of an encoding whose encoder writes records of @p format. @p settings: annotation_columns_list.
 * Both outlive the encoder.
 */
synfix_status_t column_encoder_new(const column_format_t *format, const void *settings, void **encoder,
                                   synfix_error_t *error);

/** encode and destroy of synfix_encoding_t. */
synfix_status_t column_encoder_encode(void *encoder, const synfix_observation_t *observation,
                                      synfix_block_t *block);
void column_encoder_free(void *encoder);

#endif
