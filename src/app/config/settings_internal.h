/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file settings_internal.h
 * Functions that the files of src/app/config share.
 */
#ifndef APP_CONFIG_SETTINGS_INTERNAL_H
#define APP_CONFIG_SETTINGS_INTERNAL_H

#include "app/config/settings.h"

/** A configuration file while it is read. */
typedef struct settings_file {
    GKeyFile *file;
    const char *name;
    GHashTable *lines; /* of settings_index_lines() */
    mistakes_t *mistakes;
} settings_file_t;

/** The entry of the table; NULL: no setting @p key in @p group. */
const setting_t *settings_find(const char *group, const char *key);

/** Describes that there is no setting @p key in @p group, and names the closest one. FALSE. */
gboolean settings_fail_unknown_key(const char *group, const char *key, GError **error);

/** Whether @p group is the section of a sink or of an enricher. */
gboolean settings_is_module(const char *group);

/** Adds @p reason as a mistake of the file @p name; @p line 0: of the file as a whole. */
void settings_add_mistake(mistakes_t *mistakes, const char *name, unsigned line, const char *reason);

/** A copy of @p text, which the caller frees, with `\\,` for each `\,`: GKeyFile has no such escape sequence,
 * and the options of modules have (a comma inside a value). */
char *settings_keep_comma_escapes(const char *text, size_t length);

/** Adds each line of @p text that GKeyFile refuses by itself, and makes the line a comment, so that GKeyFile
 * reads the rest. */
void settings_blank_bad_lines(char *text, size_t length, const char *name, mistakes_t *mistakes);

/** Lines of all settings and of all module sections of @p text, which the caller frees; adds those that stand
 * there twice to @p mistakes. */
GHashTable *settings_index_lines(const char *text, const char *file, mistakes_t *mistakes);

/** Line of a setting, or of the module section when @p key is NULL; 0: not found. */
unsigned settings_line_of(GHashTable *index, const char *group, const char *key);

/** Reads the sections of sinks and enrichers among @p groups. */
void settings_read_modules(settings_t *settings, const settings_file_t *read, char *const *groups);

/** FALSE with a reason when @p text is no value of @p entry. */
gboolean settings_assign(settings_t *settings, const setting_t *entry, const char *text, GError **error);

/** Appends a copy of @p text to a list, with the line that is being read; takes `option_lines`. */
void settings_append(settings_t *settings, const setting_t *entry, const char *text);

/** Empties a list: that of the file replaces the default, and that of the command line replaces both. */
void settings_clear_list(settings_t *settings, const setting_t *entry);

#endif
