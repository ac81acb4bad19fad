/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `csv:`: RFC 4180 with a header line. An unknown or absent value is an empty column. */
#include "exporter/formats/annotation_columns.h"
#include "exporter/formats/column_encoder.h"
#include "exporter/formats/text_sink.h"

static const char *const csv_columns[COLUMN_COUNT] = {
#define COLUMN(identifier, column, zeek, type, group) [COLUMN_##identifier] = column,
    FIELDS(COLUMN)
#undef COLUMN
};

#define CSV_FIRST COLUMN_TIME /* the column without a comma before it */

/* Quotes the value if needed; quotes inside are doubled. */
static void csv_text(text_writer_t *line, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        writer_text(line, text);
        return;
    }
    writer_char(line, '"');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"') {
            writer_char(line, '"');
        }
        writer_char(line, *at);
    }
    writer_char(line, '"');
}

/* Separate from csv_column(): the compiler adds a stack check to a function that passes the address of a
 * variable, and csv_column() runs for each column. */
static __attribute__((noinline)) void csv_time(text_writer_t *line, text_cache_t *cache, int64_t time_ns)
{
    uint32_t rest = 0;
    text_cache_second(line, cache, writer_seconds(time_ns, &rest));
    writer_char(line, '.');
    writer_padded(line, rest, 9);
    writer_char(line, 'Z');
}

static void csv_column(text_writer_t *line, text_cache_t *cache, column_t column, const column_value_t *value)
{
    if (column != CSV_FIRST) {
        writer_char(line, ',');
    }
    switch (value->type) {
    case COLUMN_UNSET:
        break;
    case COLUMN_NUMBER:
    case COLUMN_BOOLEAN:
        writer_unsigned(line, value->number);
        break;
    case COLUMN_HUNDREDTHS:
        writer_hundredths(line, value->number);
        break;
    case COLUMN_NANOSECONDS:
        csv_time(line, cache, value->time_ns);
        break;
    case COLUMN_TEXT:
    case COLUMN_LIST:
        csv_text(line, value->text);
        break;
    case COLUMN_ADDRESS:
        writer_address(line, value->address, value->ip_version);
        break;
    }
}

static void csv_annotation(text_writer_t *line, const char *name, const char *text)
{
    (void)name;
    writer_char(line, ',');
    csv_text(line, text != NULL ? text : "");
}

static const column_format_t csv_format = {
#define BIT(identifier, column, zeek, type, group)                                                           \
    | (sizeof column > 1 ? UINT64_C(1) << COLUMN_##identifier : 0)
    .columns = UINT64_C(0) FIELDS(BIT),
#undef BIT
    .begin = "",
    .end = "\n",
    .write = csv_column,
    .annotation = csv_annotation,
};

static synfix_status_t csv_create(const void *settings, unsigned worker, void **encoder,
                                  synfix_error_t *error)
{
    (void)worker;
    return column_encoder_new(&csv_format, settings, encoder, error);
}

static const synfix_encoding_t csv_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                               .create = csv_create,
                                               .encode = column_encoder_encode,
                                               .destroy = column_encoder_free};

static synfix_status_t csv_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    char head[4096];
    const char *annotations = annotation_columns_list(options);
    text_writer_t line = {.at = head, .end = head + sizeof head - 1};
    for (unsigned field = 0; field < COLUMN_COUNT; field++) {
        if (csv_columns[field][0] == '\0') {
            continue;
        }
        if (field != CSV_FIRST) {
            writer_char(&line, ',');
        }
        writer_text(&line, csv_columns[field]);
    }
    writer_text(&line, annotations[0] != '\0' ? "," : "");
    writer_text(&line, annotations);
    writer_char(&line, '\n');
    *line.at = '\0';
    const text_format_t format = {.encoding = &csv_encoding,
                                  .settings = annotations,
                                  .key = annotations,
                                  .head = synfix_options_boolean(options, "header") ? head : NULL};
    return text_sink_open(context, options, &format, instance, error);
}

static const synfix_option_t csv_options[] = {
    {.name = "header",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "start with the column names"},
    ANNOTATION_COLUMNS_OPTION,
    OUTPUT_OPTIONS,
    {.name = NULL},
};
static const synfix_sink_t csv_sink = {.open = csv_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t csv_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "csv",
    .summary = "comma-separated values with a header line",
    .options = csv_options,
    .sink = &csv_sink,
    .check = annotation_columns_check,
};
