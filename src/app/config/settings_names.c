/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"
#include "values/suggestion.h"

#include <string.h>

const setting_t *settings_find(const char *group, const char *key)
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

gboolean settings_fail_unknown_key(const char *group, const char *key, GError **error)
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
                    "[%s] %s: wrong section; move the setting to [%s]", group, key, other);
    } else {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                    "[%s] %s: no such setting; %s%s%s", group, key,
                    closest != NULL ? "did you mean '" : "see synfix.conf(5)", closest != NULL ? closest : "",
                    closest != NULL ? "'?" : "");
    }
    return FALSE;
}
