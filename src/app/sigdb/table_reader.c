/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/sigdb/table_reader.h"

#include "app/common/json_check.h"
#include "base/message_text.h"
#include "on_demand/json.h"
#include "on_demand/zlib.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { LINE_MAX_SIZE = 65536 };

struct table_reader {
    char *path;
    gzFile file;
    uint64_t line;
    GPtrArray *names; /* of the columns; NULL before a CSV's first line */
    sigdb_row_t *row;
    char text[LINE_MAX_SIZE];
};

static char *array_text(JsonArray *array)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING) {
            g_string_append_printf(text, "%s%s", i > 0 ? "," : "", json_node_get_string(element));
        }
    }
    return g_string_free(text, FALSE);
}

static char *node_text(JsonNode *node)
{
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        return array_text(json_node_get_array(node));
    }
    if (!JSON_NODE_HOLDS_VALUE(node)) {
        return NULL;
    }
    if (json_node_get_value_type(node) == G_TYPE_STRING) {
        return g_strdup(json_node_get_string(node));
    }
    return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
}

static gboolean read_object(JsonParser *parser, const char *line, sigdb_row_t *row)
{
    if (!json_is_shallow(line, strlen(line)) || !json_parser_load_from_data(parser, line, -1, NULL)) {
        return FALSE;
    }
    JsonNode *root = json_parser_get_root(parser);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
        return FALSE;
    }
    JsonObjectIter iterator;
    const char *name;
    JsonNode *node;
    json_object_iter_init(&iterator, json_node_get_object(root));
    while (json_object_iter_next(&iterator, &name, &node)) {
        char *text = node_text(node);
        if (text != NULL) {
            g_hash_table_replace(row, g_strdup(name), text);
        }
    }
    return TRUE;
}

static GPtrArray *split_csv(const char *line)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);
    gboolean quoted = FALSE;
    for (; *line; line++) {
        if (*line == '"' && quoted && line[1] == '"') {
            g_string_append_c(text, *line++);
        } else if (*line == '"') {
            quoted = !quoted;
        } else if (*line == ',' && !quoted) {
            g_ptr_array_add(fields, g_strdup(text->str));
            g_string_truncate(text, 0);
        } else {
            g_string_append_c(text, *line);
        }
    }
    g_ptr_array_add(fields, g_string_free(text, FALSE));
    return fields;
}

static synfix_status_t fail(const table_reader_t *rows, const char *reason, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_INVALID, "%s:%" PRIu64 ": %s", rows->path, rows->line, reason);
}

static synfix_status_t read_json(table_reader_t *rows, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_json(error);
    if (loaded < 0) {
        return loaded;
    }
    JsonParser *const parser = json_parser_new();
    const gboolean good = read_object(parser, rows->text, rows->row);
    g_object_unref(parser);
    return good ? SYNFIX_OK : fail(rows, "not a JSON object", error);
}

static synfix_status_t read_csv(const table_reader_t *rows, synfix_error_t *error)
{
    g_autoptr(GPtrArray) fields = split_csv(rows->text);
    if (fields->len != rows->names->len) {
        return synfix_fail(error, SYNFIX_INVALID, "%s:%" PRIu64 ": %u fields, the first line names %u",
                           rows->path, rows->line, fields->len, rows->names->len);
    }
    for (guint i = 0; i < fields->len; i++) {
        g_hash_table_replace(rows->row, g_strdup(g_ptr_array_index(rows->names, i)),
                             g_strdup(g_ptr_array_index(fields, i)));
    }
    return SYNFIX_OK;
}

/* SYNFIX_END without a problem. The text of zlib begins with the path. */
static synfix_status_t check_file(const table_reader_t *rows, synfix_error_t *error)
{
    int code = Z_OK;
    const char *reason = gzerror(rows->file, &code);
    if (code == Z_OK || code == Z_STREAM_END) {
        return SYNFIX_END;
    }
    if (code == Z_ERRNO) {
        reason = strerror(errno);
    } else if (code == Z_BUF_ERROR) {
        reason = "the compressed file is cut off";
    } else if (g_str_has_prefix(reason, rows->path)) {
        reason += strlen(rows->path) + strlen(": ");
    }
    return fail(rows, reason, error);
}

static gboolean has_control_character(const char *text)
{
    while (*text != '\0' && (*text == '\t' || control_length(text) == 0)) {
        text++;
    }
    return *text != '\0';
}

/* SYNFIX_END after the last line. */
static synfix_status_t read_line(table_reader_t *rows, synfix_error_t *error)
{
    rows->line++;
    if (gzgets(rows->file, rows->text, LINE_MAX_SIZE) == NULL) {
        return check_file(rows, error);
    }
    const size_t length = strlen(rows->text);
    const gboolean whole = length > 0 && rows->text[length - 1] == '\n';
    if (!whole && check_file(rows, error) != SYNFIX_END) {
        return SYNFIX_INVALID;
    }
    if (length == LINE_MAX_SIZE - 1 && !whole) {
        return fail(rows, "a line of 65535 bytes and more", error);
    }
    g_strchomp(rows->text);
    if ((!whole && !gzeof(rows->file)) || has_control_character(rows->text)) { /* a NUL ends the text */
        return fail(rows, "neither text nor gzipped text", error);
    }
    return SYNFIX_OK;
}

synfix_status_t table_reader_open(const char *path, table_reader_t **rows, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_zlib(error);
    if (loaded < 0) {
        return loaded;
    }
    gzFile file = gzopen(path, "rbe");
    if (file == NULL) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    *rows = g_new0(table_reader_t, 1);
    (*rows)->path = g_strdup(path);
    (*rows)->file = file;
    (*rows)->row = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return SYNFIX_OK;
}

synfix_status_t table_reader_next(table_reader_t *rows, sigdb_row_t **row, synfix_error_t *error)
{
    *row = rows->row;
    for (;;) {
        const synfix_status_t status = read_line(rows, error);
        g_hash_table_remove_all(rows->row);
        if (status != SYNFIX_OK) {
            return status;
        }
        if (rows->text[0] == '{') {
            return read_json(rows, error);
        }
        if (rows->text[0] == '\0') {
            continue;
        }
        if (rows->names != NULL) {
            return read_csv(rows, error);
        }
        rows->names = split_csv(rows->text);
    }
}

uint64_t table_reader_line(const table_reader_t *rows)
{
    return rows->line;
}

void table_reader_close(table_reader_t *rows)
{
    if (rows->names != NULL) {
        g_ptr_array_unref(rows->names);
    }
    g_hash_table_unref(rows->row);
    gzclose(rows->file);
    g_free(rows->path);
    g_free(rows);
}
