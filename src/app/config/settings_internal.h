/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file settings_internal.h
 * Functions that the files of src/app/config share.
 */
#ifndef APP_CONFIG_SETTINGS_INTERNAL_H
#define APP_CONFIG_SETTINGS_INTERNAL_H

#include "app/config/settings.h"

/** FALSE with a reason when @p text is no value of @p entry. */
gboolean settings_assign(settings_t *settings, const setting_t *entry, const char *text, GError **error);

/** Appends a copy of @p text to a list, with the line that is being read. */
void settings_append(settings_t *settings, const setting_t *entry, const char *text);

/** Empties a list: that of the file replaces the default, and that of the command line replaces both. */
void settings_clear_list(settings_t *settings, const setting_t *entry);

#endif
