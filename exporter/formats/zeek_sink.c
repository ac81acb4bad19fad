/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink `zeek:`: a log in Zeek's format, tab-separated with header or as JSON lines. */
#include "base/json_plain.h"
#include "event/json_members.h"
#include "exporter/formats/annotation_columns.h"
#include "exporter/formats/column_encoder.h"
#include "exporter/formats/text_sink.h"

typedef struct zeek_column {
    const char *name; /* empty: not in the log */
    const char *type;
} zeek_column_t;

static const zeek_column_t zeek_columns[COLUMN_COUNT] = {
#define COLUMN(identifier, column, zeek, type_, group) [COLUMN_##identifier] = {.name = zeek, .type = type_},
    FIELDS(COLUMN)
#undef COLUMN
};

#define ZEEK_FIRST COLUMN_TIME /* the column without a separator before it */

#define ZEEK_BIT(identifier, column, zeek, type, group)                                                      \
    | (sizeof zeek > 1 ? UINT64_C(1) << COLUMN_##identifier : 0)
#define ZEEK_COLUMNS (UINT64_C(0) FIELDS(ZEEK_BIT))

/* An empty string differs from an unset value; control bytes and a lone `-` are escaped as in Zeek. */
static void zeek_tsv_text(text_writer_t *line, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    if (text[0] == '\0') {
        writer_text(line, "(empty)");
        return;
    }
    const bool lone_dash = strcmp(text, "-") == 0;
    const size_t length = strlen(text);
    if (!lone_dash && writer_has_room(line, length) && json_copy_plain(line->at, text, length)) {
        line->at += length;
        return;
    }
    for (const char *at = text; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        if (byte >= 0x20 && byte != '\\' && byte != 0x7F && !lone_dash) {
            writer_char(line, *at);
            continue;
        }
        writer_text(line, "\\x");
        writer_char(line, digits[byte >> 4]);
        writer_char(line, digits[byte & 0xF]);
    }
}

/* Apart from zeek_tsv_value: with the address of a variable, the compiler protects the stack for each column.
 */
static __attribute__((noinline)) void zeek_time(text_writer_t *line, int64_t time_ns)
{
    uint32_t rest = 0;
    int64_t seconds = writer_seconds(time_ns, &rest);
    if (seconds < 0) {
        /* -1.25 is -2 s and 750 ms: write the absolute value. */
        writer_char(line, '-');
        seconds = rest != 0 ? -(seconds + 1) : -seconds;
        rest = rest != 0 ? 1000000000u - rest : 0;
    }
    writer_unsigned(line, (uint64_t)seconds);
    writer_char(line, '.');
    writer_padded(line, rest / 1000, 6);
}

static void zeek_tsv_value(text_writer_t *line, const column_value_t *value)
{
    switch (value->type) {
    case COLUMN_UNSET:
        writer_char(line, '-');
        break;
    case COLUMN_NUMBER:
        writer_unsigned(line, value->number);
        break;
    case COLUMN_BOOLEAN:
        writer_char(line, value->number != 0 ? 'T' : 'F');
        break;
    case COLUMN_HUNDREDTHS:
        writer_hundredths(line, value->number);
        break;
    case COLUMN_NANOSECONDS:
        zeek_time(line, value->time_ns);
        break;
    case COLUMN_TEXT:
    case COLUMN_LIST:
        zeek_tsv_text(line, value->text);
        break;
    case COLUMN_ADDRESS:
        writer_address(line, value->address, value->ip_version);
        break;
    }
}

static void zeek_tsv_column(text_writer_t *line, text_cache_t *cache, column_t column,
                            const column_value_t *value)
{
    (void)cache;
    if (column != ZEEK_FIRST) {
        writer_char(line, '\t');
    }
    zeek_tsv_value(line, value);
}

static void zeek_tsv_annotation(text_writer_t *line, const char *name, const char *text)
{
    const column_value_t value = {.type = text != NULL ? COLUMN_TEXT : COLUMN_UNSET, .text = text};
    (void)name;
    writer_char(line, '\t');
    zeek_tsv_value(line, &value);
}

static void zeek_json_list(text_writer_t *line, const char *text)
{
    writer_char(line, '[');
    while (*text != '\0') {
        char word[32];
        const size_t length = strcspn(text, ",");
        const size_t kept = length < sizeof word ? length : sizeof word - 1;
        memcpy(word, text, kept);
        word[kept] = '\0';
        writer_json_string(line, word);
        text += length;
        if (*text == ',') {
            writer_char(line, ',');
            text++;
        }
    }
    writer_char(line, ']');
}

static void zeek_json_column(text_writer_t *line, text_cache_t *cache, column_t column,
                             const column_value_t *value)
{
    (void)cache;
    if (value->type == COLUMN_UNSET) {
        return;
    }
    json_name(line, zeek_columns[column].name);
    if (value->type == COLUMN_TEXT) {
        writer_json_string(line, value->text);
    } else if (value->type == COLUMN_LIST) {
        zeek_json_list(line, value->text);
    } else if (value->type == COLUMN_BOOLEAN) {
        writer_text(line, value->number != 0 ? "true" : "false");
    } else if (value->type == COLUMN_ADDRESS) {
        writer_char(line, '"');
        writer_address(line, value->address, value->ip_version);
        writer_char(line, '"');
    } else {
        zeek_tsv_value(line, value);
    }
}

static void zeek_json_annotation(text_writer_t *line, const char *name, const char *text)
{
    if (text != NULL) {
        json_string(line, name, text);
    }
}

static const column_format_t zeek_tsv_format = {
    .columns = ZEEK_COLUMNS,
    .begin = "",
    .end = "\n",
    .write = zeek_tsv_column,
    .annotation = zeek_tsv_annotation,
};
static const column_format_t zeek_json_format = {
    .columns = ZEEK_COLUMNS,
    .begin = "{",
    .end = "}\n",
    .write = zeek_json_column,
    .annotation = zeek_json_annotation,
};

static synfix_status_t zeek_tsv_create(const void *settings, unsigned worker, void **encoder,
                                       synfix_error_t *error)
{
    (void)worker;
    return column_encoder_new(&zeek_tsv_format, settings, encoder, error);
}

static synfix_status_t zeek_json_create(const void *settings, unsigned worker, void **encoder,
                                        synfix_error_t *error)
{
    (void)worker;
    return column_encoder_new(&zeek_json_format, settings, encoder, error);
}

static const synfix_encoding_t zeek_tsv_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                                    .create = zeek_tsv_create,
                                                    .encode = column_encoder_encode,
                                                    .destroy = column_encoder_free};
static const synfix_encoding_t zeek_json_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                                     .create = zeek_json_create,
                                                     .encode = column_encoder_encode,
                                                     .destroy = column_encoder_free};

/* One column for each name of a list with commas: its name, or the type of all of them. */
static void zeek_head_annotations(text_writer_t *line, const char *list, const char *type)
{
    for (const char *at = list; *at != '\0';) {
        const size_t length = strcspn(at, ",");
        writer_char(line, '\t');
        writer_bytes(line, type != NULL ? type : at, type != NULL ? strlen(type) : length);
        at += length + (at[length] == ',');
    }
}

static void zeek_head(text_writer_t *line, const char *annotations)
{
    writer_text(line, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                      "#path\ttcp_fp\n#fields");
    for (unsigned field = 0; field < COLUMN_COUNT; field++) {
        if (zeek_columns[field].name[0] != '\0') {
            writer_char(line, '\t');
            writer_text(line, zeek_columns[field].name);
        }
    }
    zeek_head_annotations(line, annotations, NULL);
    writer_text(line, "\n#types");
    for (unsigned field = 0; field < COLUMN_COUNT; field++) {
        if (zeek_columns[field].name[0] != '\0') {
            writer_char(line, '\t');
            writer_text(line, zeek_columns[field].type);
        }
    }
    zeek_head_annotations(line, annotations, "string");
    writer_char(line, '\n');
    *line->at = '\0';
}

static synfix_status_t zeek_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    char head[4096];
    const char *annotations = annotation_columns_list(options);
    text_writer_t line = {.at = head, .end = head + sizeof head - 1};
    zeek_head(&line, annotations);
    const text_format_t tsv = {
        .encoding = &zeek_tsv_encoding, .settings = annotations, .key = annotations, .head = head};
    const text_format_t json = {.encoding = &zeek_json_encoding, .settings = annotations, .key = annotations};
    const bool is_tsv = strcmp(synfix_options_string(options, "format"), "tsv") == 0;
    return text_sink_open(context, options, is_tsv ? &tsv : &json, instance, error);
}

static const synfix_option_t zeek_options[] = {
    {.name = "format",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "tsv",
     .choices = "tsv json",
     .help = "tsv or json"},
    ANNOTATION_COLUMNS_OPTION,
    OUTPUT_OPTIONS,
    {.name = NULL},
};
static const synfix_sink_t zeek_sink = {.open = zeek_open, TEXT_SINK_FUNCTIONS};

const synfix_module_t zeek_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "zeek",
    .summary = "a log in the format of Zeek, tab-separated or JSON",
    .options = zeek_options,
    .sink = &zeek_sink,
    .check = annotation_columns_check,
};
