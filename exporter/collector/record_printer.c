/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/record_printer.h"
#include "base/message_text.h"
#include "exporter/collector/code_names.h"
#include "exporter/collector/json_plan.h"
#include "exporter/collector/record_json.h"
#include "exporter/ipfix_decoder/value_text.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define COLUMNS_MAX 4096u /* at least READER_TEMPLATE_FIELDS */

struct dump {
    dump_format_t format;
    bool options;
    FILE *out;
    GString *line;
    GString *plain; /* one value */
    json_plans_t *plans;
    GPtrArray *columns;   /* CSV: char *, in order */
    GHashTable *position; /* CSV: column name -> index + 1 */
    GPtrArray *cells;     /* CSV: index + 1 of the value in each column, for the current record */
    bool header_due;
    int problem; /* errno of the last write that failed */
};

synfix_status_t dump_format_parse(const char *name, dump_format_t *format, synfix_error_t *error)
{
    static const char *const names[] = {[DUMP_TEXT] = "text", [DUMP_JSON] = "json", [DUMP_CSV] = "csv"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (dump_format_t)i;
            return SYNFIX_OK;
        }
    }
    return synfix_fail(error, SYNFIX_INVALID, "--format: '%s' is not a format; write text, json or csv",
                       name);
}

dump_t *dump_new(dump_format_t format, bool options, FILE *out)
{
    dump_t *const dump = g_new0(dump_t, 1);
    dump->format = format;
    dump->options = options;
    dump->out = out;
    dump->line = g_string_sized_new(2048);
    dump->plain = g_string_sized_new(256);
    dump->plans = json_plans_new();
    dump->columns = g_ptr_array_new_with_free_func(g_free);
    dump->position = g_hash_table_new(g_str_hash, g_str_equal);
    dump->cells = g_ptr_array_new();
    return dump;
}

void dump_continue(dump_t *dump, FILE *out, bool header)
{
    dump->out = out;
    dump->header_due = dump->header_due || (header && dump->columns->len > 0);
}

void dump_free(dump_t *dump)
{
    if (dump != NULL) {
        g_string_free(dump->line, TRUE);
        g_string_free(dump->plain, TRUE);
        json_plans_free(dump->plans);
        g_hash_table_destroy(dump->position);
        g_ptr_array_free(dump->columns, TRUE);
        g_ptr_array_free(dump->cells, TRUE);
        g_free(dump);
    }
}

/* A hostile peer can send any number of names. At the limit of columns, a new table begins with the names of
 * the present record. */
static void begin_table(dump_t *dump)
{
    g_hash_table_remove_all(dump->position);
    g_ptr_array_set_size(dump->columns, 0);
}

static guint count_new_columns(const dump_t *dump, const ipfix_decoder_template_t *layout)
{
    guint count = 0;
    for (uint16_t i = 0; i < layout->field_count; i++) {
        count += !g_hash_table_contains(dump->position, layout->fields[i].name);
    }
    return count;
}

static void add_columns(dump_t *dump, const ipfix_decoder_template_t *layout)
{
    if (dump->columns->len + count_new_columns(dump, layout) > COLUMNS_MAX) {
        begin_table(dump);
    }
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const char *const name = layout->fields[i].name;
        if (!g_hash_table_contains(dump->position, name)) {
            char *const column = g_strdup(name);
            g_ptr_array_add(dump->columns, column);
            g_hash_table_insert(dump->position, column, GUINT_TO_POINTER(dump->columns->len));
            dump->header_due = true;
        }
    }
}

void dump_layout(void *user, const ipfix_decoder_template_t *layout)
{
    dump_t *const dump = user;
    json_plans_layout(dump->plans, layout);
    if (dump->format == DUMP_CSV && layout->scope_count == 0) {
        add_columns(dump, layout);
    }
}

/* Appends the byte at @p at, or a control character as \xNN for each of its bytes: a value stays on one line,
 * and no value controls the terminal. Returns the number of bytes. */
static size_t append_plain(GString *line, const char *at)
{
    const size_t length = control_length(at);
    if (length == 0) {
        g_string_append_c(line, *at);
        return 1;
    }
    for (size_t i = 0; i < length; i++) {
        g_string_append_printf(line, "\\x%02x", (unsigned char)at[i]);
    }
    return length;
}

/* The text form shows names instead of codes; JSON and CSV contain the codes. */
static void append_for_people(GString *plain, const ipfix_decoder_record_t *record, uint16_t index)
{
    const ipfix_decoder_field_t *const field = &record->layout->fields[index];
    const ipfix_decoder_value_t value = ipfix_decoder_value(record, index);
    if (!value_is_number(field->type, &value) ||
        !code_name_append(plain, field->name, value_unsigned(&value))) {
        record_text_append(plain, record, index);
    }
}

static void put_text(dump_t *dump, const ipfix_decoder_record_t *record)
{
    const ipfix_decoder_template_t *const layout = record->layout;
    GString *const line = dump->line;
    g_string_append_printf(line, "[%s] domain %" PRIu32 ", template %u\n",
                           layout->scope_count ? "Options" : "Record", record->domain, layout->id);
    for (uint16_t i = 0; i < layout->field_count; i++) {
        g_string_truncate(dump->plain, 0);
        append_for_people(dump->plain, record, i);
        g_string_append_printf(line, "  %s: ", layout->fields[i].name);
        for (size_t k = 0; k < dump->plain->len;) {
            k += append_plain(line, dump->plain->str + k);
        }
        g_string_append_c(line, '\n');
    }
}

static void put_json(dump_t *dump, const ipfix_decoder_record_t *record)
{
    json_plans_append(dump->plans, dump->line, record);
    g_string_append_c(dump->line, '\n');
}

/* RFC 4180: quoted cells keep their line ends. */
static void append_csv(GString *line, const char *text)
{
    const bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    g_string_append(line, quoted ? "\"" : "");
    while (*text != '\0') {
        if (*text == '"') {
            g_string_append_c(line, '"');
        }
        if (*text == '\r' || *text == '\n') {
            g_string_append_c(line, *text++);
        } else {
            text += append_plain(line, text);
        }
    }
    g_string_append(line, quoted ? "\"" : "");
}

static void put_csv_header(dump_t *dump)
{
    for (guint i = 0; i < dump->columns->len; i++) {
        g_string_append(dump->line, i ? "," : "");
        append_csv(dump->line, g_ptr_array_index(dump->columns, i));
    }
    g_string_append_c(dump->line, '\n');
    dump->header_due = false;
}

static void put_csv(dump_t *dump, const ipfix_decoder_record_t *record)
{
    const ipfix_decoder_template_t *const layout = record->layout;
    add_columns(dump, layout); /* type records may have named the fields since then */
    if (dump->header_due) {
        put_csv_header(dump);
    }
    g_ptr_array_set_size(dump->cells, 0);
    g_ptr_array_set_size(dump->cells, (gint)dump->columns->len);
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const guint column = GPOINTER_TO_UINT(g_hash_table_lookup(dump->position, layout->fields[i].name));
        if (column) {
            g_ptr_array_index(dump->cells, column - 1) = GUINT_TO_POINTER(i + 1u);
        }
    }
    for (guint i = 0; i < dump->columns->len; i++) {
        const guint field = GPOINTER_TO_UINT(g_ptr_array_index(dump->cells, i));
        g_string_append(dump->line, i ? "," : "");
        if (field) {
            g_string_truncate(dump->plain, 0);
            record_text_append(dump->plain, record, (uint16_t)(field - 1));
            append_csv(dump->line, dump->plain->str);
        }
    }
    g_string_append_c(dump->line, '\n');
}

synfix_status_t dump_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    dump_t *const dump = user;
    const bool options = record->layout->scope_count > 0;
    g_string_truncate(dump->line, 0);
    if (options && (!dump->options || dump->format == DUMP_CSV)) {
        return SYNFIX_OK;
    }
    if (dump->format == DUMP_JSON) {
        put_json(dump, record);
    } else if (dump->format == DUMP_CSV) {
        put_csv(dump, record);
    } else {
        put_text(dump, record);
    }
    if (fwrite(dump->line->str, 1, dump->line->len, dump->out) != dump->line->len) {
        dump->problem = errno;
        return synfix_fail(error, dump->problem == EPIPE ? SYNFIX_DISCONNECTED : SYNFIX_IO,
                           "standard output: %s", strerror(dump->problem));
    }
    return SYNFIX_OK;
}

int dump_problem(const dump_t *dump)
{
    return dump->problem;
}

size_t dump_last_length(const dump_t *dump)
{
    return dump->line->len;
}
