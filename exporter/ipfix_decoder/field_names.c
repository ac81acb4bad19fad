/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/field_names.h"
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FEW_FIELDS 128u /* whose names are compared with one another faster than through a table */

static bool has_repeats(const ipfix_decoder_template_t *layout)
{
    for (uint16_t i = 1; i < layout->field_count; i++) {
        for (uint16_t j = 0; j < i; j++) {
            if (strcmp(layout->fields[i].name, layout->fields[j].name) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The same name twice would be one key twice. */
static void number_repeats(ipfix_decoder_template_t *layout)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint16_t i = 0; i < layout->field_count; i++) {
        char *const name = layout->fields[i].name;
        const guint times = GPOINTER_TO_UINT(g_hash_table_lookup(seen, name)) + 1;
        g_hash_table_replace(seen, g_strdup(name), GUINT_TO_POINTER(times));
        if (times > 1) {
            const size_t used = MIN(strlen(name), READER_NAME_SIZE - 8);
            snprintf(name + used, READER_NAME_SIZE - used, "#%u", times);
        }
    }
}

void field_name_set(ipfix_decoder_field_t *field, const ipfix_decoder_names_t *names,
                    const type_information_t *types)
{
    const ipfix_element_t *const element =
        names->find != NULL ? names->find(names->user, field->pen, field->id) : NULL;
    const type_record_t *const learnt =
        element != NULL ? NULL : type_information_find(types, field->pen, field->id);
    field->type = element != NULL ? element->type : learnt != NULL ? learnt->type : IPFIX_OCTET_ARRAY;
    if (element != NULL || learnt != NULL) {
        g_strlcpy(field->name, element != NULL ? element->name : learnt->name, sizeof field->name);
    } else {
        snprintf(field->name, sizeof field->name, "%" PRIu32 "/%u", field->pen, field->id);
    }
}

void field_names_set(ipfix_decoder_template_t *layout, const ipfix_decoder_names_t *names,
                     const type_information_t *types)
{
    for (uint16_t i = 0; i < layout->field_count; i++) {
        field_name_set(&layout->fields[i], names, types);
    }
    if (layout->field_count > FEW_FIELDS || has_repeats(layout)) {
        number_repeats(layout);
    }
    layout->types_seen = type_information_count(types);
}
