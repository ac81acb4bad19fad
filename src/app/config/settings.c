/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

static void *field_of(settings_t *settings, const setting_t *entry)
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
    if (!g_ascii_isdigit(text[0])) {
        return FALSE;
    }
    const guint64 value = g_ascii_strtoull(text, &end, 10);
    for (const unit_t *unit = entry->kind == SETTING_DURATION ? time_units : size_units; unit->name; unit++) {
        if (strcmp(unit->name, end) != 0) {
            continue;
        }
        if (value > (guint64)(entry->maximum / unit->factor)) {
            return FALSE;
        }
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

void settings_append(char ***list, const char *text)
{
    const guint count = *list ? g_strv_length(*list) : 0;
    *list = g_renew(char *, *list, count + 2);
    (*list)[count] = g_strdup(text);
    (*list)[count + 1] = NULL;
}

gboolean settings_assign(settings_t *settings, const setting_t *entry, const char *text, GError **error)
{
    gboolean good = TRUE;
    switch (entry->kind) {
    case SETTING_TEXT: {
        char **value = field_of(settings, entry);
        g_free(*value);
        *value = g_strdup(text);
        break;
    }
    case SETTING_LIST:
        settings_append(field_of(settings, entry), text);
        break;
    case SETTING_FLAG:
        good = parse_flag(text, field_of(settings, entry));
        break;
    case SETTING_NUMBER:
    case SETTING_DURATION:
        good = parse_number(entry, text, field_of(settings, entry));
        break;
    }
    if (good) {
        return TRUE;
    }
    if (entry->kind == SETTING_FLAG) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: '%s' is neither yes nor no",
                    entry->name, text);
    } else {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: '%s' is no %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s", entry->name,
                    text, entry->kind == SETTING_DURATION ? "time" : "number", entry->minimum, entry->maximum,
                    entry->kind == SETTING_DURATION ? " ms" : "");
    }
    return FALSE;
}

settings_t *settings_new(void)
{
    settings_t *settings = g_new0(settings_t, 1);
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (entry->fallback && !settings_assign(settings, entry, entry->fallback, NULL)) {
            g_error("default of %s", entry->name);
        }
    }
    return settings;
}

void settings_free(settings_t *settings)
{
    if (!settings) {
        return;
    }
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (entry->kind == SETTING_TEXT) {
            g_free(*(char **)field_of(settings, entry));
        } else if (entry->kind == SETTING_LIST) {
            g_strfreev(*(char ***)field_of(settings, entry));
        }
    }
    g_free(settings->file);
    g_free(settings);
}

void settings_clear_list(settings_t *settings, const setting_t *entry)
{
    if (entry->kind == SETTING_LIST) {
        g_clear_pointer((char ***)field_of(settings, entry), g_strfreev);
    }
}

static gboolean on_option(const char *option, const char *value, gpointer data, GError **error)
{
    settings_t *settings = data;
    const char *name = option;
    const char *text = value ? value : "yes";
    if (strcmp(option, "-i") == 0) {
        name = "--interface";
    } else if (strcmp(option, "-w") == 0) {
        name = "--to";
    }
    name += strspn(name, "-");
    for (unsigned i = 0; settings_table[i].name; i++) {
        const setting_t *entry = &settings_table[i];
        const gboolean negated = entry->kind == SETTING_FLAG && g_str_has_prefix(name, "no-") &&
                                 strcmp(name + 3, entry->name) == 0;
        if (!negated && strcmp(name, entry->name) != 0) {
            continue;
        }
        if (!(settings->from_command_line >> i & 1)) {
            settings_clear_list(settings, entry);
        }
        settings->from_command_line |= 1ull << i;
        return settings_assign(settings, entry, negated ? "no" : text, error);
    }
    return FALSE;
}

void settings_add_options(settings_t *settings, unsigned command, GOptionContext *context)
{
    GOptionGroup *group = g_option_group_new("settings", "Settings:", "Settings", settings, NULL);
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        if (!(entry->commands & command)) {
            continue;
        }
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
