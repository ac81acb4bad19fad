/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings.h"

#include <stddef.h>
#include <string.h>

static gboolean same_list(char *const *one, char *const *other)
{
    static char *const none[] = {NULL};
    return g_strv_equal((const gchar *const *)(one != NULL ? one : none),
                        (const gchar *const *)(other != NULL ? other : none));
}

static gboolean same(const setting_t *entry, const settings_t *one, const settings_t *other)
{
    const void *left = (const char *)one + entry->offset;
    const void *right = (const char *)other + entry->offset;
    switch (entry->kind) {
    case SETTING_TEXT:
        return g_strcmp0(*(char *const *)left, *(char *const *)right) == 0;
    case SETTING_LIST:
        return same_list(*(char *const *const *)left, *(char *const *const *)right);
    case SETTING_FLAG:
        return *(const gboolean *)left == *(const gboolean *)right;
    default:
        return *(const int64_t *)left == *(const int64_t *)right;
    }
}

/* p0f's uptime begins with the first packet of a run. */
static gboolean keeps_uptime(const settings_t *before, const settings_t *after)
{
    return strcmp(before->uptime, "p0f") == 0 || strcmp(after->uptime, "p0f") == 0;
}

static gboolean takes_effect(const setting_t *entry, const settings_t *before, const settings_t *after)
{
    return entry->reloadable &&
           !(entry->offset == offsetof(settings_t, uptime) && keeps_uptime(before, after));
}

void settings_keep_effective(settings_t *after, const settings_t *before)
{
    if (keeps_uptime(before, after)) {
        g_free(after->uptime);
        after->uptime = g_strdup(before->uptime);
    }
}

unsigned settings_changes(const settings_t *before, const settings_t *after, gboolean reloadable,
                          GString *names)
{
    unsigned count = 0;
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (entry->group == NULL || same(entry, before, after) ||
            takes_effect(entry, before, after) != reloadable) {
            continue;
        }
        g_string_append_printf(names, "%s[%s] %s", count > 0 ? ", " : "", entry->group, entry->name);
        count++;
    }
    return count;
}
