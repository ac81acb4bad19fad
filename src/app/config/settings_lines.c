/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

void settings_add_mistake(mistakes_t *mistakes, const char *name, unsigned line, const char *reason)
{
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_INVALID, "%s", reason);
    mistakes_add(mistakes, name, line, &error);
}

gboolean settings_is_module(const char *group)
{
    return g_str_has_prefix(group, "sink ") || g_str_has_prefix(group, "enricher ");
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

/* Whether a backslash of the value begins no escape sequence. GKeyFile would find it when the value is read,
 * and warn of two in one value as of a mistake in this program. */
static gboolean has_bad_escape(const char *line, const char *end)
{
    const char *const first = line + strspn(line, " \t");
    const char *at = *first != '#' && *first != '[' ? memchr(line, '=', (size_t)(end - line)) : NULL;
    for (; at != NULL && at < end && *at != '\n'; at++) {
        if (*at == '\\' && (++at == end || strchr("sntr\\;", *at) == NULL)) {
            return TRUE;
        }
    }
    return FALSE;
}

char *settings_keep_comma_escapes(const char *text, size_t length)
{
    GString *kept = g_string_sized_new(length);
    for (const char *at = text; at < text + length; at++) {
        const gboolean escape = *at == '\\' && at + 1 < text + length;
        if (escape && at[1] == ',') {
            g_string_append_c(kept, '\\');
        }
        g_string_append_c(kept, *at);
        if (escape) {
            g_string_append_c(kept, *++at);
        }
    }
    return g_string_free(kept, FALSE);
}

/* A comment may be in any encoding. */
static gboolean is_comment(const char *line, gssize length)
{
    const gssize blanks = (gssize)strspn(line, " \t");
    return blanks < length && line[blanks] == '#';
}

/* NULL: GKeyFile reads the line, and its value. @p grouped: below the line of a section. */
static const char *mistake_of_line(const char *line, gssize length, gboolean grouped)
{
    if (!is_comment(line, length) && !g_utf8_validate(line, length, NULL)) {
        return "a byte that is not UTF-8; save the file in UTF-8";
    }
    if (!is_good_line(line, length, grouped)) {
        return bad_line_reason(line, length);
    }
    return has_bad_escape(line, line + length) ? "a single backslash; write \\\\ for a backslash" : NULL;
}

/* Adds each line that GKeyFile refuses, and makes the line a comment: GKeyFile then reads the other lines. */
void settings_blank_bad_lines(char *text, size_t length, const char *name, mistakes_t *mistakes)
{
    unsigned line = 1;
    gboolean grouped = FALSE;
    for (char *at = text, *end = text + length; at < end; line++) {
        char *next = memchr(at, '\n', (size_t)(end - at));
        next = next != NULL ? next + 1 : end;
        const gboolean group = *at == '[';
        const char *const mistake = mistake_of_line(at, next - at, grouped);
        if (mistake != NULL) {
            settings_add_mistake(mistakes, name, line, mistake);
            *at = '#';
        }
        grouped = grouped || group;
        at = next;
    }
}

/* `[group] name` of a setting, `[group]` of a section that names a module; NULL: any other line, which may
 * stand there again. @p group is the section of the lines above, and changes with a section. */
static char *name_of_line(const char *text, char **group)
{
    g_autofree char *line = g_strstrip(g_strdup(text));
    char *equals = strchr(line, '=');
    if (line[0] == '[') {
        g_free(*group);
        *group = g_strdup(line);
        return settings_is_module(line + 1) ? g_strdup(line) : NULL;
    }
    if (line[0] == '#' || equals == NULL) {
        return NULL;
    }
    *equals = '\0';
    return g_strconcat(*group, " ", g_strchomp(line), NULL);
}

/* GKeyFile silently uses the last of two lines with one name, so such lines are mistakes. A section of
 * settings may occur twice: all of its lines apply. */
static void check_repeated(GHashTable *lines, const char *name, unsigned line, const char *file,
                           mistakes_t *mistakes)
{
    const unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(lines, name));
    if (before != 0) {
        g_autofree char *reason =
            g_strdup_printf("%s is also set in line %u; remove one of the lines", name, before);
        settings_add_mistake(mistakes, file, line, reason);
    }
}

GHashTable *settings_index_lines(const char *text, const char *file, mistakes_t *mistakes)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *group = g_strdup("");
    for (unsigned i = 0; lines[i] != NULL; i++) {
        char *name = name_of_line(lines[i], &group);
        if (name != NULL) {
            check_repeated(index, name, i + 1, file, mistakes);
            (void)g_hash_table_replace(index, name, GUINT_TO_POINTER(i + 1));
        }
    }
    return index;
}

unsigned settings_line_of(GHashTable *index, const char *group, const char *key)
{
    g_autofree char *name =
        key != NULL ? g_strdup_printf("[%s] %s", group, key) : g_strdup_printf("[%s]", group);
    return GPOINTER_TO_UINT(g_hash_table_lookup(index, name));
}
