/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/sigdb.h>
#include <zlib.h>

#include "app/sigdb_input.h"

enum { LINE_MAX_SIZE = 65536 };

/* One row: name to text. */
typedef GHashTable row_t;

static const char *field(row_t *row, const char *name, const char *other)
{
    const char *text = g_hash_table_lookup(row, name);
    if (!text && other)
        text = g_hash_table_lookup(row, other);
    return text;
}

static uint32_t number(row_t *row, const char *name, const char *other, uint32_t fallback)
{
    const char *text = field(row, name, other);
    return text && *text ? (uint32_t)strtoul(text, NULL, 10) : fallback;
}

static char *node_text(JsonNode *node)
{
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        GString *text = g_string_new(NULL);
        JsonArray *array = json_node_get_array(node);
        for (guint i = 0; i < json_array_get_length(array); i++) {
            JsonNode *element = json_array_get_element(array, i);
            if (JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING)
                g_string_append_printf(text, "%s%s", i > 0 ? "," : "", json_node_get_string(element));
        }
        return g_string_free(text, FALSE);
    }
    if (!JSON_NODE_HOLDS_VALUE(node))
        return NULL;
    if (json_node_get_value_type(node) == G_TYPE_STRING)
        return g_strdup(json_node_get_string(node));
    return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
}

static gboolean read_json(const char *line, row_t *row)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, line, -1, NULL))
        return FALSE;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root))
        return FALSE;
    JsonObjectIter iterator;
    const char *name;
    JsonNode *node;
    json_object_iter_init(&iterator, json_node_get_object(root));
    while (json_object_iter_next(&iterator, &name, &node)) {
        char *text = node_text(node);
        if (text)
            g_hash_table_replace(row, g_strdup(name), text);
    }
    return TRUE;
}

/* Fields of a CSV line (RFC 4180, one line a row). */
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

static void read_csv(const char *line, const GPtrArray *names, row_t *row)
{
    g_autoptr(GPtrArray) fields = split_csv(line);
    for (guint i = 0; i < fields->len && i < names->len; i++)
        g_hash_table_replace(row, g_strdup(g_ptr_array_index(names, i)),
                             g_strdup(g_ptr_array_index(fields, i)));
}

/* The window's multiple is made by extraction from the row's values. */
static void set_window(row_t *row, synfix_signature_t *signature)
{
    static const uint8_t sizes[] = {1, 1, 4, 3, 2, 10, 4, 4, 10};
    synfix_tcp_options_t options = {.mss = signature->mss};
    synfix_signature_t made;
    unsigned length = 0;
    for (unsigned i = 0; i < signature->layout_count; i++) {
        const uint8_t kind = signature->layout[i];
        length += kind < sizeof sizes ? sizes[kind] : 4;
        if (kind == SYNFIX_OPTION_TS)
            options.timestamp_value = number(row, "ts_val", NULL, 1);
    }
    const synfix_headers_t headers = {
        .ip_version = signature->ip_version,
        .window = (uint16_t)number(row, "win", "window", 0),
        .tcp_flags = SYNFIX_TCP_SYN | (number(row, "flags", NULL, 2) & SYNFIX_TCP_ACK),
        .ip_header_length = (uint16_t)((signature->ip_version == 6 ? 40 : 20) + signature->ip_options_length),
        .tcp_header_length = (uint16_t)(number(row, "doff", NULL, (length + 23) / 4) * 4),
    };
    synfix_signature_extract(&headers, &options, (uint16_t)number(row, "syn_mss", NULL, 0), &made);
    signature->window = made.window;
    signature->window_kind = made.window_kind;
    signature->window_multiple = made.window_multiple;
}

static synfix_status_t read_row(row_t *row, sigdb_item_t *item, synfix_error_t *error)
{
    g_autofree char *made = NULL;
    const char *text = field(row, "p0f_raw", "raw_sig");
    item->partial = FALSE;
    if (!text || !*text) {
        const char *layout = field(row, "opts", "layout");
        item->partial = TRUE;
        made = g_strdup_printf("4:64:0:%u:0,%u:%s::0", number(row, "mss", NULL, 0),
                               number(row, "wscale", "scale", 0), layout ? layout : "");
        text = made;
    }
    const synfix_status_t status = synfix_signature_parse(text, strlen(text), &item->signature, error);
    if (status < 0)
        return status;
    if (field(row, "win", "window"))
        set_window(row, &item->signature);
    item->signature.ttl = (uint8_t)number(row, "ttl", NULL, item->signature.ttl);
    item->os = field(row, "os", "label");
    item->name = field(row, "source", "file");
    const char *weight = field(row, "connections", "count");
    item->weight = weight && *weight ? MAX(g_ascii_strtod(weight, NULL), 0) : 1;
    const gboolean answer = (number(row, "flags", NULL, 2) & SYNFIX_TCP_ACK) != 0;
    item->direction = answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST;
    return SYNFIX_OK;
}

static synfix_status_t read_line(char *line, GPtrArray **names, sigdb_item_t *item, row_t *row,
                                 synfix_error_t *error)
{
    g_strchomp(line);
    if (*line == '\0')
        return SYNFIX_AGAIN;
    if (*line == '{') {
        if (!read_json(line, row))
            return synfix_fail(error, SYNFIX_INVALID, "not a JSON object");
    } else if (!*names) {
        *names = split_csv(line);
        return SYNFIX_AGAIN;
    } else {
        read_csv(line, *names, row);
    }
    return read_row(row, item, error);
}

synfix_status_t sigdb_input_labelled(const char *path, sigdb_item_function function, void *context,
                                     synfix_error_t *error)
{
    gzFile file = gzopen(path, "rbe");
    if (!file)
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: %s", path, g_strerror(errno));
    g_autofree char *line = g_malloc(LINE_MAX_SIZE);
    GPtrArray *names = NULL;
    sigdb_item_t item = {0};
    synfix_status_t status = SYNFIX_OK;
    gboolean more = TRUE;
    while (more && status >= 0 && gzgets(file, line, LINE_MAX_SIZE)) {
        g_autoptr(GHashTable) row = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        synfix_error_t reason;
        item.number++;
        status = read_line(line, &names, &item, row, &reason);
        if (status < 0)
            status =
                synfix_fail(error, status, "%s:%" G_GUINT64_FORMAT ": %s", path, item.number, reason.text);
        else if (status == SYNFIX_OK)
            more = function(&item, context);
    }
    if (names)
        g_ptr_array_unref(names);
    gzclose(file);
    return status < 0 ? status : SYNFIX_OK;
}

void sigdb_input_match(const synfix_sigdb_t *sigdb, const sigdb_item_t *item, synfix_match_t *match)
{
    static const struct {
        uint8_t ttl;
        uint32_t quirks;
    } guesses[] = {
        {64, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {64, SYNFIX_QUIRK_DF},
        {128, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {255, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {64, 0},
        {128, 0},
        {255, 0},
    };
    synfix_sigdb_match(sigdb, item->direction, &item->signature, match);
    for (size_t i = 0; item->partial && i < G_N_ELEMENTS(guesses); i++) {
        synfix_signature_t signature = item->signature;
        synfix_match_t other;
        signature.ttl = guesses[i].ttl;
        signature.quirks = guesses[i].quirks;
        synfix_sigdb_match(sigdb, item->direction, &signature, &other);
        /* Tools imitate systems but for just these fields. */
        if (!other.label || other.tool || (match->label && other.kind > match->kind))
            continue;
        if (!match->label || i == 0 || other.kind < match->kind || other.quality > match->quality)
            *match = other;
    }
}
