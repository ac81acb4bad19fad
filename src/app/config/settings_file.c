/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

static const setting_t *find(const char *group, const char *key)
{
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (entry->group && strcmp(entry->group, group) == 0 && strcmp(entry->name, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* The values of a list are apart by `;`. */
static gboolean read_key(settings_t *settings, GKeyFile *file, const char *group, const char *key,
                         unsigned line, GError **error)
{
    const setting_t *entry = find(group, key);
    if (!entry) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "[%s] %s: no such setting",
                    group, key);
        return FALSE;
    }
    if (settings->from_command_line >> (entry - settings_table) & 1) {
        return TRUE;
    }
    settings->lines[entry - settings_table] = line;
    settings_clear_list(settings, entry);
    if (entry->kind != SETTING_LIST) {
        g_autoptr(GError) wrong = NULL; /* a bad escape sequence gives a text and an error */
        g_autofree char *text = g_key_file_get_string(file, group, key, &wrong);
        if (wrong) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return FALSE;
        }
        return settings_assign(settings, entry, g_strstrip(text), error);
    }
    g_autoptr(GError) wrong = NULL;
    g_auto(GStrv) texts = g_key_file_get_string_list(file, group, key, NULL, &wrong);
    if (wrong) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    for (char **text = texts; text && *text; text++) {
        if (*g_strstrip(*text) != '\0' && !settings_assign(settings, entry, *text, error)) {
            return FALSE;
        }
    }
    return texts != NULL;
}

void settings_append_value(GString *text, char before, const char *key, const char *value)
{
    if (before != 0) {
        g_string_append_c(text, before);
    }
    g_string_append_printf(text, "%s=", key);
    for (; *value; value++) {
        if (*value == '&' || *value == '%') {
            g_string_append_printf(text, "%%%02X", (unsigned)*value);
        } else {
            g_string_append_c(text, *value);
        }
    }
}

/* `[sink NAME]`: to = SINK, and its options; `[enricher MODULE]`: the options. As if it stood in the list
 * `to` or `enrich`. */
static gboolean read_module(settings_t *settings, GKeyFile *file, const char *group, unsigned line,
                            GError **error)
{
    const gboolean sink = g_str_has_prefix(group, "sink ");
    const setting_t *entry = find(sink ? "export" : "engine", sink ? "to" : "enrich");
    g_autofree char *to = sink ? g_key_file_get_string(file, group, "to", NULL) : NULL;
    g_autoptr(GString) text = g_string_new(sink ? to : strchr(group, ' ') + 1);
    if (sink && !to) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "[%s]: no line `to = SINK`",
                    group);
        return FALSE;
    }
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **key = keys; key && *key; key++) {
        g_autoptr(GError) wrong = NULL;
        g_autofree char *value = g_key_file_get_string(file, group, *key, &wrong);
        if (wrong) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return FALSE;
        }
        if (!sink || strcmp(*key, "to") != 0) {
            settings_append_value(text, strchr(text->str, '?') ? '&' : '?', *key, g_strstrip(value));
        }
    }
    settings->lines[entry - settings_table] = line;
    if (!(settings->from_command_line >> (entry - settings_table) & 1)) {
        settings_append((char ***)((char *)settings + entry->offset), text->str);
    }
    return TRUE;
}

static gboolean is_module(const char *group)
{
    return g_str_has_prefix(group, "sink ") || g_str_has_prefix(group, "enricher ");
}

/* The first line that GKeyFile does not take; 0: none of them by itself. */
static unsigned bad_line(const char *text, size_t length)
{
    unsigned line = 1;
    gboolean grouped = FALSE;
    for (const char *at = text, *end = text + length; at < end; line++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        next = next ? next + 1 : end;
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GString) trial = g_string_new(grouped ? "[group]\n" : NULL);
        g_string_append_len(trial, at, next - at);
        if (!g_key_file_load_from_data(file, trial->str, trial->len, G_KEY_FILE_NONE, NULL)) {
            return line;
        }
        grouped = grouped || *at == '[';
        at = next;
    }
    return 0;
}

/* The first line that names a sink, an enricher, or a key of its group, which stood there before; 0: none. Of
 * two, GKeyFile would take the last without a word. Other groups may go on further down: nothing is lost. */
static unsigned repeated_line(const char *text, size_t length, char **what)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    const char *group = "";
    for (unsigned i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]);
        char *equals = strchr(line, '=');
        g_autofree char *name = NULL;
        if (line[0] == '[') {
            group = line;
            if (!is_module(line + 1)) {
                continue;
            }
            name = g_strdup(line);
        } else if (line[0] != '#' && equals) {
            *equals = '\0';
            name = g_strconcat(group, " ", g_strchomp(line), NULL);
        } else {
            continue;
        }
        const unsigned *before = g_hash_table_lookup(seen, name);
        if (before) {
            *what = g_strdup_printf("%s stands in line %u too", name, *before);
            return i + 1;
        }
        const unsigned here = i + 1;
        g_hash_table_insert(seen, g_steal_pointer(&name), g_memdup2(&here, sizeof here));
    }
    return 0;
}

/* The line on which a key stands, or (NULL) the group; 0: not found. */
static unsigned line_of(const char *text, size_t length, const char *group, const char *key)
{
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autofree char *head = g_strdup_printf("[%s]", group);
    gboolean inside = FALSE;
    unsigned found = 0;
    for (unsigned i = 0; lines[i]; i++) {
        const char *line = g_strstrip(lines[i]);
        if (line[0] == '[') {
            inside = strcmp(line, head) == 0;
            found = inside && !key ? i + 1 : found;
        } else if (inside && key && g_str_has_prefix(line, key)) {
            const char *rest = line + strlen(key);
            rest += strspn(rest, " \t");
            found = *rest == '=' ? i + 1 : found;
        }
    }
    return found;
}

static synfix_status_t fail_at(synfix_error_t *error, const char *name, unsigned line, const char *reason)
{
    if (line == 0) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s", name, reason);
    }
    return synfix_fail(error, SYNFIX_INVALID, "%s:%u: %s", name, line, reason);
}

synfix_status_t settings_read_text(settings_t *settings, const char *name, const char *text, size_t length,
                                   synfix_error_t *error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &reason)) {
        return fail_at(error, name, bad_line(text, length), reason->message);
    }
    g_autofree char *what = NULL;
    const unsigned repeated = repeated_line(text, length, &what);
    if (repeated != 0) {
        return fail_at(error, name, repeated, what);
    }
    g_free(settings->file);
    settings->file = g_strdup(name);
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group; group++) {
        if (is_module(*group)) {
            continue;
        }
        g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);
        for (char **key = keys; key && *key; key++) {
            const unsigned line = line_of(text, length, *group, *key);
            if (!read_key(settings, file, *group, *key, line, &reason)) {
                return fail_at(error, name, line, reason->message);
            }
        }
    }
    /* behind the lists, which take the place of what there was */
    for (char **group = groups; *group; group++) {
        if (!is_module(*group)) {
            continue;
        }
        const unsigned line = line_of(text, length, *group, NULL);
        if (!read_module(settings, file, *group, line, &reason)) {
            return fail_at(error, name, line, reason->message);
        }
    }
    return SYNFIX_OK;
}

void settings_locate_error(const settings_t *settings, const char *name, synfix_error_t *error)
{
    for (unsigned i = 0; name && settings_table[i].name; i++) {
        if (strcmp(settings_table[i].name, name) != 0 || settings->lines[i] == 0) {
            continue;
        }
        const synfix_error_t before = *error;
        /* so long as the reason fits */
        synfix_fail(error, SYNFIX_INVALID, "%.200s:%u: %.290s", settings->file, settings->lines[i],
                    before.text);
        return;
    }
}

/* More than any configuration has. */
#define CONFIG_SIZE_MAX (1u << 20)

synfix_status_t settings_read_file(settings_t *settings, const char *path, synfix_error_t *error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, &reason)) {
        const gboolean missing = g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        return synfix_fail(error, missing ? SYNFIX_NOT_FOUND : SYNFIX_IO, "%s", reason->message);
    }
    if (length > CONFIG_SIZE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: larger than a configuration can be", path);
    }
    return settings_read_text(settings, path, text, length, error);
}
