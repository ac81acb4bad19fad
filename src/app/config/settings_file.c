/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"
#include "files/directory_entry.h"
#include "files/file_content.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Values of a list are separated by `;`. */
static gboolean read_key(settings_t *settings, GKeyFile *file, const char *group, const char *key,
                         unsigned line, GError **error)
{
    const setting_t *entry = settings_find(group, key);
    if (entry == NULL) {
        return settings_fail_unknown_key(group, key, error);
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

static void read_group(settings_t *settings, const settings_file_t *read, const char *group)
{
    g_auto(GStrv) keys = g_key_file_get_keys(read->file, group, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        g_autoptr(GError) reason = NULL;
        settings->line = settings_line_of(read->lines, group, *key);
        if (!read_key(settings, read->file, group, *key, settings->line, &reason)) {
            settings_add_mistake(read->mistakes, read->name, settings->line, reason->message);
        }
    }
}

/* Module sections come after the lists, which replace earlier values. */
static void read_groups(settings_t *settings, const settings_file_t *read)
{
    g_auto(GStrv) groups = g_key_file_get_groups(read->file, NULL);
    for (char **group = groups; *group != NULL; group++) {
        if (!settings_is_module(*group)) {
            read_group(settings, read, *group);
        }
    }
    settings_read_modules(settings, read, groups);
    settings->line = 0;
}

/* Some editors begin a file in UTF-8 with a mark. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

void settings_read_text(settings_t *settings, const char *name, const char *text, size_t length,
                        mistakes_t *mistakes)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) reason = NULL;
    if (length >= strlen(BYTE_ORDER_MARK) && memcmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0) {
        text += strlen(BYTE_ORDER_MARK);
        length -= strlen(BYTE_ORDER_MARK);
    }
    if (memchr(text, '\0', length) != NULL) {
        settings_add_mistake(mistakes, name, 0, "has a NUL byte; name a text file");
        return;
    }
    g_autofree char *copy = settings_keep_comma_escapes(text, length);
    length = strlen(copy);
    settings_blank_bad_lines(copy, length, name, mistakes);
    if (!g_key_file_load_from_data(file, copy, length, G_KEY_FILE_NONE, &reason)) {
        settings_add_mistake(mistakes, name, 0, reason->message);
        return;
    }
    g_autoptr(GHashTable) lines = settings_index_lines(copy, name, mistakes);
    const settings_file_t read = {.file = file, .name = name, .lines = lines, .mistakes = mistakes};
    g_free(settings->file);
    settings->file = g_strdup(name);
    read_groups(settings, &read);
}

/* Limit of the size of a configuration file, in bytes. */
#define CONFIG_SIZE_MAX (1u << 20)

static void add_unreadable(mistakes_t *mistakes, const char *path, int number)
{
    const char *reason =
        number == EINVAL ? "not a regular file; name a configuration file" : strerror(number);
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
        settings_add_mistake(mistakes, path, 0,
                             "larger than a configuration can be (1 MiB); name a configuration file");
    } else if (number != 0) {
        add_unreadable(mistakes, path, number);
    } else {
        settings_read_text(settings, path, text, length, mistakes);
    }
}
