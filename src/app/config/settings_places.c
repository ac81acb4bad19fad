/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings_internal.h"

#include <string.h>

unsigned settings_option_line(const settings_t *settings, const char *name, unsigned item, const char *option)
{
    for (unsigned i = 0; settings_table[i].name != NULL; i++) {
        if (strcmp(settings_table[i].name, name) != 0) {
            continue;
        }
        const GArray *places = settings->places[i];
        if (places == NULL || item >= places->len) {
            return settings->lines[i];
        }
        const item_place_t *place = &g_array_index(places, item_place_t, item);
        const unsigned line = place->option_lines != NULL && option != NULL
                                  ? GPOINTER_TO_UINT(g_hash_table_lookup(place->option_lines, option))
                                  : 0;
        return line != 0 ? line : place->line;
    }
    return 0;
}

unsigned settings_line(const settings_t *settings, const char *name, unsigned item)
{
    return settings_option_line(settings, name, item, NULL);
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
