/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

unsigned settings_option_line(const settings_t *settings, const char *name, unsigned item, const char *option)
{
    for (unsigned i = 0; settings_table[i].name != NULL; i++) {
        if (strcmp(settings_table[i].name, name) != 0) {
            continue;
        }
        const GArray *positions = settings->positions[i];
        if (positions == NULL || item >= positions->len) {
            return settings->lines[i];
        }
        const item_position_t *position = &g_array_index(positions, item_position_t, item);
        const unsigned line = position->option_lines != NULL && option != NULL
                                  ? GPOINTER_TO_UINT(g_hash_table_lookup(position->option_lines, option))
                                  : 0;
        return line != 0 ? line : position->line;
    }
    return 0;
}

void settings_option_mistake(const settings_t *settings, const char *name, unsigned item, const char *option,
                             const synfix_error_t *error, mistakes_t *mistakes)
{
    const unsigned line = settings_option_line(settings, name, item, option);
    mistakes_add(mistakes, line > 0 ? settings->file : NULL, line, error);
}

void settings_mistake(const settings_t *settings, const char *name, unsigned item,
                      const synfix_error_t *error, mistakes_t *mistakes)
{
    settings_option_mistake(settings, name, item, NULL, error, mistakes);
}
