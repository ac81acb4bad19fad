/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/settings.h"

#include <string.h>

static void *field(settings_t *settings, const setting_t *entry)
{
    return (char *)settings + entry->offset;
}

/* A number with a unit of @p units (name, factor; ended by NULL), within the bounds of the entry. */
typedef struct unit {
    const char *name;
    int64_t factor;
} unit_t;

static const unit_t size_units[] = {{"", 1}, {"k", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {NULL, 0}};
static const unit_t time_units[] = {{"", 1000},   {"ms", 1},      {"s", 1000},
                                    {"m", 60000}, {"h", 3600000}, {NULL, 0}};

static gboolean parse_number(const setting_t *entry, const char *text, int64_t *result)
{
    char *end = NULL;
    if (!g_ascii_isdigit(text[0]))
        return FALSE;
    const guint64 value = g_ascii_strtoull(text, &end, 10);
    for (const unit_t *unit = entry->kind == SETTING_DURATION ? time_units : size_units; unit->name; unit++) {
        if (strcmp(unit->name, end) != 0)
            continue;
        if (value > (guint64)(entry->maximum / unit->factor))
            return FALSE;
        *result = (int64_t)value * unit->factor;
        return *result >= entry->minimum;
    }
    return FALSE;
}

static gboolean parse_flag(const char *text, gboolean *result)
{
    static const char *const yes[] = {"yes", "true", "on", "1", NULL};
    static const char *const no[] = {"no", "false", "off", "0", NULL};
    *result = g_strv_contains(yes, text);
    return *result || g_strv_contains(no, text);
}

static void append(char ***list, const char *text)
{
    const guint count = *list ? g_strv_length(*list) : 0;
    *list = g_renew(char *, *list, count + 2);
    (*list)[count] = g_strdup(text);
    (*list)[count + 1] = NULL;
}

/* FALSE with a reason when @p text is no value of @p entry. */
static gboolean assign(settings_t *settings, const setting_t *entry, const char *text, GError **error)
{
    gboolean good = TRUE;
    switch (entry->kind) {
    case SETTING_TEXT: {
        char **value = field(settings, entry);
        g_free(*value);
        *value = g_strdup(text);
        break;
    }
    case SETTING_LIST:
        append(field(settings, entry), text);
        break;
    case SETTING_FLAG:
        good = parse_flag(text, field(settings, entry));
        break;
    case SETTING_NUMBER:
    case SETTING_DURATION:
        good = parse_number(entry, text, field(settings, entry));
        break;
    }
    if (good)
        return TRUE;
    if (entry->kind == SETTING_FLAG)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: '%s' is neither yes nor no",
                    entry->name, text);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: '%s' is no %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s", entry->name,
                    text, entry->kind == SETTING_DURATION ? "time" : "number", entry->minimum, entry->maximum,
                    entry->kind == SETTING_DURATION ? " ms" : "");
    return FALSE;
}

settings_t *settings_new(void)
{
    settings_t *settings = g_new0(settings_t, 1);
    for (const setting_t *entry = settings_table; entry->name; entry++)
        if (entry->fallback && !assign(settings, entry, entry->fallback, NULL))
            g_error("default of %s", entry->name);
    return settings;
}

void settings_free(settings_t *settings)
{
    if (!settings)
        return;
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (entry->kind == SETTING_TEXT)
            g_free(*(char **)field(settings, entry));
        else if (entry->kind == SETTING_LIST)
            g_strfreev(*(char ***)field(settings, entry));
    }
    g_free(settings);
}

/* A list of the file's takes the place of the default, and one of the command line that of the file. */
static void forget_list(settings_t *settings, const setting_t *entry)
{
    if (entry->kind == SETTING_LIST)
        g_clear_pointer((char ***)field(settings, entry), g_strfreev);
}

static gboolean on_option(const char *option, const char *value, gpointer data, GError **error)
{
    settings_t *settings = data;
    const char *name = option;
    const char *text = value ? value : "yes";
    if (strcmp(option, "-i") == 0)
        name = "--interface";
    else if (strcmp(option, "-w") == 0)
        name = "--to";
    name += strspn(name, "-");
    for (unsigned i = 0; settings_table[i].name; i++) {
        const setting_t *entry = &settings_table[i];
        const gboolean negated = entry->kind == SETTING_FLAG && g_str_has_prefix(name, "no-") &&
                                 strcmp(name + 3, entry->name) == 0;
        if (!negated && strcmp(name, entry->name) != 0)
            continue;
        if (!(settings->from_command_line >> i & 1))
            forget_list(settings, entry);
        settings->from_command_line |= 1ull << i;
        return assign(settings, entry, negated ? "no" : text, error);
    }
    return FALSE;
}

void settings_add_options(settings_t *settings, unsigned command, GOptionContext *context)
{
    GOptionGroup *group = g_option_group_new("settings", "Settings:", "Settings", settings, NULL);
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (!(entry->commands & command))
            continue;
        const gboolean flag = entry->kind == SETTING_FLAG;
        const gboolean negated = flag && entry->fallback && strcmp(entry->fallback, "yes") == 0;
        g_autofree char *name = g_strconcat(negated ? "no-" : "", entry->name, NULL);
        g_autofree char *help = entry->fallback && !flag
                                    ? g_strdup_printf("%s [%s]", entry->help, entry->fallback)
                                : negated ? g_strdup_printf("Switch off: %s", entry->help)
                                          : g_strdup(entry->help);
        const GOptionEntry option[] = {
            {
                .long_name = g_intern_string(name),
                .short_name = strcmp(entry->name, "interface") == 0 ? 'i' : 0,
                .flags = flag ? G_OPTION_FLAG_NO_ARG : G_OPTION_FLAG_NONE,
                .arg = G_OPTION_ARG_CALLBACK,
                .arg_data = (gpointer)on_option,
                .description = g_intern_string(help),
                .arg_description = entry->argument,
            },
            {0},
        };
        g_option_group_add_entries(group, option);
    }
    g_option_context_set_main_group(context, group);
}

static const setting_t *find(const char *group, const char *key)
{
    for (const setting_t *entry = settings_table; entry->name; entry++)
        if (entry->group && strcmp(entry->group, group) == 0 && strcmp(entry->name, key) == 0)
            return entry;
    return NULL;
}

/* The values of a list are apart by `;`. */
static gboolean read_key(settings_t *settings, GKeyFile *file, const char *group, const char *key,
                         GError **error)
{
    const setting_t *entry = find(group, key);
    if (!entry) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "[%s] %s: no such setting",
                    group, key);
        return FALSE;
    }
    if (settings->from_command_line >> (entry - settings_table) & 1)
        return TRUE;
    forget_list(settings, entry);
    if (entry->kind != SETTING_LIST) {
        g_autoptr(GError) wrong = NULL; /* a bad escape sequence gives a text and an error */
        g_autofree char *text = g_key_file_get_string(file, group, key, &wrong);
        if (wrong) {
            g_propagate_error(error, g_steal_pointer(&wrong));
            return FALSE;
        }
        return assign(settings, entry, g_strstrip(text), error);
    }
    g_autoptr(GError) wrong = NULL;
    g_auto(GStrv) texts = g_key_file_get_string_list(file, group, key, NULL, &wrong);
    if (wrong) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    for (char **text = texts; text && *text; text++)
        if (*g_strstrip(*text) != '\0' && !assign(settings, entry, *text, error))
            return FALSE;
    return texts != NULL;
}

void settings_append_value(GString *text, char before, const char *key, const char *value)
{
    if (before != 0)
        g_string_append_c(text, before);
    g_string_append_printf(text, "%s=", key);
    for (; *value; value++) {
        if (*value == '&' || *value == '%')
            g_string_append_printf(text, "%%%02X", (unsigned)*value);
        else
            g_string_append_c(text, *value);
    }
}

/* `[sink NAME]`: to = SINK, and its options; `[enricher MODULE]`: the options. As if it stood in the list
 * `to` or `enrich`. */
static gboolean read_module(settings_t *settings, GKeyFile *file, const char *group, GError **error)
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
        if (!sink || strcmp(*key, "to") != 0)
            settings_append_value(text, strchr(text->str, '?') ? '&' : '?', *key, g_strstrip(value));
    }
    if (!(settings->from_command_line >> (entry - settings_table) & 1))
        append(field(settings, entry), text->str);
    return TRUE;
}

static gboolean is_module(const char *group)
{
    return g_str_has_prefix(group, "sink ") || g_str_has_prefix(group, "enricher ");
}

synfix_status_t settings_read_text(settings_t *settings, const char *name, const char *text, size_t length,
                                   synfix_error_t *error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &reason))
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s", name, reason->message);
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group; group++) {
        if (is_module(*group))
            continue;
        g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);
        for (char **key = keys; key && *key; key++)
            if (!read_key(settings, file, *group, *key, &reason))
                return synfix_fail(error, SYNFIX_INVALID, "%s: %s", name, reason->message);
    }
    /* behind the lists, which take the place of what there was */
    for (char **group = groups; *group; group++)
        if (is_module(*group) && !read_module(settings, file, *group, &reason))
            return synfix_fail(error, SYNFIX_INVALID, "%s: %s", name, reason->message);
    return SYNFIX_OK;
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
    if (length > CONFIG_SIZE_MAX)
        return synfix_fail(error, SYNFIX_INVALID, "%s: larger than a configuration can be", path);
    return settings_read_text(settings, path, text, length, error);
}
