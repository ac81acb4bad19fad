/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"
#include "values/value.h"

#include <string.h>

static void *field_of(settings_t *settings, const setting_t *entry)
{
    return (char *)settings + entry->offset;
}

static synfix_status_t parse_value(const setting_t *entry, const char *text, int64_t *value,
                                   synfix_error_t *error)
{
    static const value_type_t types[] = {[SETTING_NUMBER] = VALUE_INTEGER,
                                         [SETTING_TEXT] = VALUE_CHOICE,
                                         [SETTING_DURATION] = VALUE_DURATION,
                                         [SETTING_FLAG] = VALUE_BOOLEAN};
    const value_rule_t rule = {.name = entry->name,
                               .type = types[entry->kind],
                               .minimum = entry->minimum,
                               .maximum = entry->maximum,
                               .choices = entry->choices};
    return value_parse(&rule, text, value, error);
}

static void clear_position(void *position)
{
    g_clear_pointer(&((item_position_t *)position)->option_lines, g_hash_table_unref);
}

void settings_append(settings_t *settings, const setting_t *entry, const char *text)
{
    char ***list = field_of(settings, entry);
    GArray **positions = &settings->positions[entry - settings_table];
    const guint count = *list != NULL ? g_strv_length(*list) : 0;
    const item_position_t position = {.line = settings->line,
                                      .option_lines = g_steal_pointer(&settings->option_lines)};
    if (*positions == NULL) {
        *positions = g_array_new(FALSE, FALSE, sizeof position);
        g_array_set_clear_func(*positions, clear_position);
    }
    g_array_append_val(*positions, position);
    *list = g_renew(char *, *list, count + 2);
    (*list)[count] = g_strdup(text);
    (*list)[count + 1] = NULL;
}

gboolean settings_assign(settings_t *settings, const setting_t *entry, const char *text, GError **error)
{
    synfix_error_t reason;
    int64_t number = 0;
    const gboolean checked =
        entry->kind == SETTING_TEXT ? entry->choices != NULL : entry->kind != SETTING_LIST;
    if (checked && parse_value(entry, text, &number, &reason) < 0) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", reason.text);
        return FALSE;
    }
    if (entry->kind == SETTING_TEXT) {
        char **value = field_of(settings, entry);
        g_free(*value);
        *value = g_strdup(text);
    } else if (entry->kind == SETTING_LIST) {
        settings_append(settings, entry, text);
    } else if (entry->kind == SETTING_FLAG) {
        *(gboolean *)field_of(settings, entry) = number != 0;
    } else {
        *(int64_t *)field_of(settings, entry) = number;
    }
    return TRUE;
}

settings_t *settings_new(void)
{
    settings_t *settings = g_new0(settings_t, 1);
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->fallback != NULL && !settings_assign(settings, entry, entry->fallback, NULL)) {
            g_error("default of %s", entry->name);
        }
    }
    return settings;
}

void settings_clear_list(settings_t *settings, const setting_t *entry)
{
    if (entry->kind == SETTING_LIST) {
        g_clear_pointer((char ***)field_of(settings, entry), g_strfreev);
        g_clear_pointer(&settings->positions[entry - settings_table], g_array_unref);
    }
}

void settings_free(settings_t *settings)
{
    if (settings == NULL) {
        return;
    }
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->kind == SETTING_TEXT) {
            g_free(*(char **)field_of(settings, entry));
        } else if (entry->kind == SETTING_LIST) {
            settings_clear_list(settings, entry);
        }
    }
    g_free(settings->file);
    g_free(settings);
}

static const setting_t *find_option(const char *option, gboolean *negated)
{
    const char *name = option + strspn(option, "-");
    const gboolean is_letter = option[1] != '-';
    *negated = FALSE;
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (is_letter ? entry->letter == name[0] : strcmp(name, entry->name) == 0) {
            return entry;
        }
        *negated = entry->kind == SETTING_FLAG && g_str_has_prefix(name, "no-") &&
                   strcmp(name + strlen("no-"), entry->name) == 0;
        if (*negated) {
            return entry;
        }
    }
    return NULL;
}

static gboolean on_option(const char *option, const char *value, gpointer data, GError **error)
{
    settings_t *settings = data;
    gboolean negated = FALSE;
    const setting_t *entry = find_option(option, &negated);
    if (entry == NULL) {
        return FALSE;
    }
    const unsigned index = (unsigned)(entry - settings_table);
    if (!(settings->from_command_line >> index & 1)) {
        settings_clear_list(settings, entry);
    }
    settings->from_command_line |= 1ull << index;
    g_autoptr(GError) wrong = NULL;
    if (settings_assign(settings, entry, negated ? "no" : value != NULL ? value : "yes", &wrong)) {
        return TRUE;
    }
    if (settings->option_mistakes == NULL) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        return FALSE;
    }
    settings_add_mistake(settings->option_mistakes, NULL, 0, wrong->message);
    return TRUE;
}

static gboolean is_negated(const setting_t *entry)
{
    return entry->kind == SETTING_FLAG && g_strcmp0(entry->fallback, "yes") == 0;
}

static cli_kind_t option_kind(const setting_t *entry)
{
    const gboolean path = g_strcmp0(entry->argument, "FILE") == 0;
    if (entry->kind == SETTING_FLAG) {
        return CLI_FLAG;
    }
    if (entry->kind == SETTING_LIST) {
        return path ? CLI_FILES : CLI_LIST;
    }
    return path ? CLI_FILE : CLI_TEXT;
}

/* In the order of --help. */
static const struct {
    const char *group; /* of the configuration file; NULL: command line only */
    const char *heading;
} headings[] = {
    {"capture", "Capture"}, {"export", "Output"},   {"engine", "Analysis"}, {"filter", "Filter"},
    {"hosts", "Hosts"},     {"process", "Process"}, {"metrics", "Metrics"}, {NULL, "General"},
};

static void add_option(GArray *options, const setting_t *entry, const char *heading)
{
    const gboolean negated = is_negated(entry);
    g_autofree char *name = g_strconcat(negated ? "no-" : "", entry->name, NULL);
    const cli_option_t option = {
        .name = g_intern_string(name),
        .letter = entry->letter,
        .kind = option_kind(entry),
        .argument = entry->argument,
        .help = negated ? entry->off : entry->help,
        .fallback = entry->kind == SETTING_FLAG ? NULL : entry->fallback,
        .heading = heading,
        .choices = entry->choices,
    };
    g_array_append_val(options, option);
}

static const cli_option_t *make_options(unsigned command)
{
    GArray *options = g_array_new(TRUE, TRUE, sizeof(cli_option_t));
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++) {
        for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
            if (entry->commands & command && g_strcmp0(entry->group, headings[i].group) == 0) {
                add_option(options, entry, headings[i].heading);
            }
        }
    }
    return (const cli_option_t *)(void *)g_array_free(options, FALSE);
}

const cli_option_t *settings_options(unsigned command)
{
    static gsize made[SETTING_READ + SETTING_CAPTURE + 1];
    if (g_once_init_enter(&made[command])) {
        g_once_init_leave(&made[command], (gsize)make_options(command));
    }
    return (const cli_option_t *)made[command];
}

void settings_add_options(settings_t *settings, unsigned command, GOptionContext *context)
{
    GOptionGroup *group = g_option_group_new("settings", "Settings:", "Settings", settings, NULL);
    for (const cli_option_t *option = settings_options(command); option->name != NULL; option++) {
        const GOptionEntry entry[] = {
            {
                .long_name = option->name,
                .short_name = option->letter,
                .flags = option->kind == CLI_FLAG ? G_OPTION_FLAG_NO_ARG : G_OPTION_FLAG_FILENAME,
                .arg = G_OPTION_ARG_CALLBACK,
                .arg_data = (gpointer)on_option,
                .arg_description = option->argument,
            },
            {0},
        };
        g_option_group_add_entries(group, entry);
    }
    g_option_context_set_main_group(context, group);
}
