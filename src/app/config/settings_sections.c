/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

static void append_escaped(GString *text, const char *part)
{
    for (; *part; part++) {
        if (*part == '&' || *part == '%') {
            g_string_append_printf(text, "%%%02X", (unsigned)*part);
        } else {
            g_string_append_c(text, *part);
        }
    }
}

/* As options of modules are written: with & and % escaped. */
static void append_option(GString *text, const char *key, const char *value)
{
    g_string_append_c(text, strchr(text->str, '?') != NULL ? '&' : '?');
    append_escaped(text, key);
    g_string_append_c(text, '=');
    append_escaped(text, value);
}

/* Appends the option @p key of the section, and notes its line. */
static void read_option(const settings_file_t *read, const char *group, const char *key, GString *text,
                        GHashTable *lines)
{
    const unsigned line = settings_line_of(read->lines, group, key);
    g_autoptr(GError) wrong = NULL;
    g_autofree char *value = g_key_file_get_string(read->file, group, key, &wrong);
    if (wrong != NULL) {
        settings_add_mistake(read->mistakes, read->name, line, wrong->message);
        return;
    }
    append_option(text, key, g_strstrip(value));
    (void)g_hash_table_replace(lines, g_strdup(key), GUINT_TO_POINTER(line));
}

/* All options of the section except `to`, which a sink has. */
static void read_options(const settings_file_t *read, const char *group, gboolean sink, GString *text,
                         GHashTable *lines)
{
    g_auto(GStrv) keys = g_key_file_get_keys(read->file, group, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        if (!sink || strcmp(*key, "to") != 0) {
            read_option(read, group, *key, text, lines);
        }
    }
}

/* `[sink NAME]`: to = SINK, and its options; `[enricher MODULE]`: the options. As if it stood in the list
 * `to` or `enrich`. */
static void read_module(settings_t *settings, const settings_file_t *read, const char *group)
{
    const gboolean sink = g_str_has_prefix(group, "sink ");
    const setting_t *entry = settings_find(sink ? "export" : "engine", sink ? "to" : "enrich");
    const unsigned header = settings_line_of(read->lines, group, NULL);
    g_autofree char *to = sink ? g_key_file_get_string(read->file, group, "to", NULL) : NULL;
    if (sink && to == NULL) {
        g_autofree char *reason = g_strdup_printf("[%s]: no sink; write a line to = SINK", group);
        settings_add_mistake(read->mistakes, read->name, header, reason);
        return;
    }
    g_autoptr(GString) text = g_string_new(sink ? to : strchr(group, ' ') + 1);
    g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    read_options(read, group, sink, text, lines);
    settings->line = sink ? settings_line_of(read->lines, group, "to") : header;
    settings->lines[entry - settings_table] = settings->line;
    if (!(settings->from_command_line >> (entry - settings_table) & 1)) {
        settings->option_lines = g_steal_pointer(&lines);
        settings_append(settings, entry, text->str);
    }
}

void settings_read_modules(settings_t *settings, const settings_file_t *read, char *const *groups)
{
    for (; *groups != NULL; groups++) {
        if (settings_is_module(*groups)) {
            read_module(settings, read, *groups);
        }
    }
}
