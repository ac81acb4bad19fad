/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"
#include "base/file_content.h"
#include "base/file_place.h"
#include "values/suggestion.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const setting_t *find(const char *group, const char *key)
{
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->group != NULL && strcmp(entry->group, group) == 0 && strcmp(entry->name, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* The group of a setting of that name; NULL: no group has it. */
static const char *group_of(const char *key)
{
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->group != NULL && strcmp(entry->name, key) == 0) {
            return entry->group;
        }
    }
    return NULL;
}

static const char *closest_key(const char *group, const char *key)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (g_strcmp0(entry->group, group) == 0) {
            g_ptr_array_add(names, (gpointer)(guintptr)entry->name);
        }
    }
    return suggestion_closest(key, (const char *const *)names->pdata, names->len);
}

static const char *closest_group(const char *group)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->group != NULL) {
            g_ptr_array_add(names, (gpointer)(guintptr)entry->group);
        }
    }
    return suggestion_closest(group, (const char *const *)names->pdata, names->len);
}

static gboolean is_group(const char *group)
{
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (g_strcmp0(entry->group, group) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean fail_unknown_key(const char *group, const char *key, GError **error)
{
    const char *other = group_of(key);
    const char *closest = is_group(group) ? closest_key(group, key) : closest_group(group);
    if (!is_group(group)) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND,
                    "[%s]: no such section; %s%s%s", group,
                    closest != NULL ? "did you mean [" : "see synfix.conf(5)", closest != NULL ? closest : "",
                    closest != NULL ? "]?" : "");
    } else if (other != NULL) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                    "[%s] %s: wrong section; write it in [%s]", group, key, other);
    } else {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                    "[%s] %s: no such setting; %s%s%s", group, key,
                    closest != NULL ? "did you mean '" : "see synfix.conf(5)", closest != NULL ? closest : "",
                    closest != NULL ? "'?" : "");
    }
    return FALSE;
}

/* Values of a list are separated by `;`. */
static gboolean read_key(settings_t *settings, GKeyFile *file, const char *group, const char *key,
                         unsigned line, GError **error)
{
    const setting_t *entry = find(group, key);
    if (entry == NULL) {
        return fail_unknown_key(group, key, error);
    }
    if (settings->from_command_line >> (entry - settings_table) & 1) {
        return TRUE;
    }
    settings->lines[entry - settings_table] = line;
    settings_clear_list(settings, entry);
    if (entry->kind != SETTING_LIST) {
        g_autoptr(GError) wrong = NULL; /* a bad escape sequence gives a text and an error */
        g_autofree char *text = g_key_file_get_string(file, group, key, &wrong);
        if (wrong != NULL) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return FALSE;
        }
        return settings_assign(settings, entry, g_strstrip(text), error);
    }
    g_autoptr(GError) wrong = NULL;
    g_auto(GStrv) texts = g_key_file_get_string_list(file, group, key, NULL, &wrong);
    if (wrong != NULL) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    for (char **text = texts; text != NULL && *text != NULL; text++) {
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
    if (sink && to == NULL) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                    "[%s]: no sink; write a line to = SINK", group);
        return FALSE;
    }
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        g_autoptr(GError) wrong = NULL;
        g_autofree char *value = g_key_file_get_string(file, group, *key, &wrong);
        if (wrong != NULL) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return FALSE;
        }
        if (!sink || strcmp(*key, "to") != 0) {
            settings_append_value(text, strchr(text->str, '?') != NULL ? '&' : '?', *key, g_strstrip(value));
        }
    }
    settings->lines[entry - settings_table] = line;
    if (!(settings->from_command_line >> (entry - settings_table) & 1)) {
        settings_append(settings, entry, text->str);
    }
    return TRUE;
}

static gboolean is_module(const char *group)
{
    return g_str_has_prefix(group, "sink ") || g_str_has_prefix(group, "enricher ");
}

static void add_mistake(mistakes_t *mistakes, const char *name, unsigned line, const char *reason)
{
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_INVALID, "%s", reason);
    mistakes_add(mistakes, name, line, &error);
}

/* Whether GKeyFile accepts the line; @p grouped: below the line of a section. */
static gboolean is_good_line(const char *line, gssize length, gboolean grouped)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GString) trial = g_string_new(grouped ? "[group]\n" : NULL);
    g_string_append_len(trial, line, length);
    return g_key_file_load_from_data(file, trial->str, trial->len, G_KEY_FILE_NONE, NULL);
}

static const char *bad_line_reason(const char *line, gssize length)
{
    if (*line == '[') {
        return "not a section; write [name], for example [capture]";
    }
    return is_good_line(line, length, TRUE)
               ? "a setting before the first section; write [capture], [engine] or another section above it"
               : "neither a section, nor a setting, nor a comment; write [section], name = value or # "
                 "comment";
}

/* Adds each line that GKeyFile refuses by itself, and makes it a comment: the rest can still be read. */
static void blank_bad_lines(char *text, size_t length, const char *name, mistakes_t *mistakes)
{
    unsigned line = 1;
    gboolean grouped = FALSE;
    for (char *at = text, *end = text + length; at < end; line++) {
        char *next = memchr(at, '\n', (size_t)(end - at));
        next = next != NULL ? next + 1 : end;
        const gboolean group = *at == '[';
        if (!is_good_line(at, next - at, grouped)) {
            add_mistake(mistakes, name, line, bad_line_reason(at, next - at));
            *at = '#';
        }
        grouped = grouped || group;
        at = next;
    }
}

/* Adds each line that names a sink, an enricher, or a key of its group, which stood there before: of two,
 * GKeyFile would use the last silently. Other groups may go on further down: nothing is lost. */
static void check_repeated(char *const *lines, const char *file, mistakes_t *mistakes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *group = g_strdup("");
    for (unsigned i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = g_strstrip(g_strdup(lines[i]));
        char *equals = strchr(line, '=');
        g_autofree char *name = NULL;
        if (line[0] == '[') {
            g_free(group);
            group = g_strdup(line);
            if (!is_module(line + 1)) {
                continue;
            }
            name = g_strdup(line);
        } else if (line[0] != '#' && equals != NULL) {
            *equals = '\0';
            name = g_strconcat(group, " ", g_strchomp(line), NULL);
        } else {
            continue;
        }
        const unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(seen, name));
        if (before != 0) {
            g_autofree char *reason =
                g_strdup_printf("%s is also set in line %u; remove one of them", name, before);
            add_mistake(mistakes, file, i + 1, reason);
        } else {
            g_hash_table_insert(seen, g_steal_pointer(&name), GUINT_TO_POINTER(i + 1));
        }
    }
}

/* Line of a key, or of the group when @p key is NULL; 0: not found. */
static unsigned line_of(const char *text, size_t length, const char *group, const char *key)
{
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autofree char *head = g_strdup_printf("[%s]", group);
    gboolean inside = FALSE;
    unsigned found = 0;
    for (unsigned i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        if (line[0] == '[') {
            inside = strcmp(line, head) == 0;
            found = inside && key == NULL ? i + 1 : found;
        } else if (inside && key != NULL && g_str_has_prefix(line, key)) {
            const char *rest = line + strlen(key);
            rest += strspn(rest, " \t");
            found = *rest == '=' ? i + 1 : found;
        }
    }
    return found;
}

static void read_group(settings_t *settings, GKeyFile *file, const char *name, const char *text,
                       size_t length, const char *group, mistakes_t *mistakes)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        g_autoptr(GError) reason = NULL;
        settings->line = line_of(text, length, group, *key);
        if (!read_key(settings, file, group, *key, settings->line, &reason)) {
            add_mistake(mistakes, name, settings->line, reason->message);
        }
    }
}

/* After the lists, which replace earlier values. */
static void read_modules(settings_t *settings, GKeyFile *file, const char *name, const char *text,
                         size_t length, char *const *groups, mistakes_t *mistakes)
{
    for (; *groups != NULL; groups++) {
        g_autoptr(GError) reason = NULL;
        settings->line = line_of(text, length, *groups, NULL);
        if (is_module(*groups) && !read_module(settings, file, *groups, settings->line, &reason)) {
            add_mistake(mistakes, name, settings->line, reason->message);
        }
    }
}

void settings_read_text(settings_t *settings, const char *name, const char *text, size_t length,
                        mistakes_t *mistakes)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    g_autofree char *copy = g_strndup(text, length);
    if (memchr(text, '\0', length) != NULL) {
        add_mistake(mistakes, name, 0, "has a NUL byte; name a text file");
        return;
    }
    blank_bad_lines(copy, length, name, mistakes);
    if (!g_key_file_load_from_data(file, copy, length, G_KEY_FILE_NONE, &reason)) {
        add_mistake(mistakes, name, 0, reason->message);
        return;
    }
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    check_repeated(lines, name, mistakes);
    g_free(settings->file);
    settings->file = g_strdup(name);
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group != NULL; group++) {
        if (!is_module(*group)) {
            read_group(settings, file, name, copy, length, *group, mistakes);
        }
    }
    read_modules(settings, file, name, copy, length, groups, mistakes);
    settings->line = 0;
}

unsigned settings_line(const settings_t *settings, const char *name, unsigned item)
{
    for (unsigned i = 0; settings_table[i].name != NULL; i++) {
        if (strcmp(settings_table[i].name, name) == 0) {
            const GArray *lines = settings->item_lines[i];
            return lines != NULL && item < lines->len ? g_array_index(lines, unsigned, item)
                                                      : settings->lines[i];
        }
    }
    return 0;
}

void settings_mistake(const settings_t *settings, const char *name, unsigned item,
                      const synfix_error_t *error, mistakes_t *mistakes)
{
    const unsigned line = settings_line(settings, name, item);
    mistakes_add(mistakes, line > 0 ? settings->file : NULL, line, error);
}

/* Limit of the size of a configuration file, in bytes. */
#define CONFIG_SIZE_MAX (1u << 20)

static void add_unreadable(mistakes_t *mistakes, const char *path, int number)
{
    const char *reason = number == EINVAL ? "not a regular file; a configuration is one" : g_strerror(number);
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_IO, "%s: %s", path, reason);
    error.cause = number == EACCES ? SYNFIX_CAUSE_ACCESS : SYNFIX_CAUSE_USAGE;
    mistakes_add(mistakes, NULL, 0, &error);
}

void settings_read_file(settings_t *settings, const char *path, mistakes_t *mistakes)
{
    g_autofree char *text = NULL;
    size_t length = 0;
    const int descriptor = file_open_regular(path);
    const int number = descriptor < 0 ? errno : file_read_rest(descriptor, CONFIG_SIZE_MAX, &text, &length);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (number == EFBIG) {
        add_mistake(mistakes, path, 0,
                    "larger than a configuration can be (1 MiB); name a configuration file");
    } else if (number != 0) {
        add_unreadable(mistakes, path, number);
    } else {
        settings_read_text(settings, path, text, length, mistakes);
    }
}
