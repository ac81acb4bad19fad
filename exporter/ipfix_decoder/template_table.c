/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/template_table.h"
#include "exporter/ipfix_decoder/field_names.h"
#include <stddef.h>

static gint64 template_key(uint32_t domain, uint16_t id)
{
    return ((gint64)domain << 16) | id;
}

ipfix_decoder_template_t *template_find(const ipfix_decoder_t *reader, uint32_t domain, uint16_t id)
{
    const gint64 key = template_key(domain, id);
    return g_hash_table_lookup(reader->templates, &key);
}

void template_remove(ipfix_decoder_t *reader, uint32_t domain, uint16_t id)
{
    const gint64 key = template_key(domain, id);
    const ipfix_decoder_template_t *const old = g_hash_table_lookup(reader->templates, &key);
    if (old != NULL) {
        reader->fields -= old->field_count;
        g_hash_table_remove(reader->templates, &key);
    }
}

void template_remove_all(ipfix_decoder_t *reader, uint32_t domain, bool options)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, reader->templates);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const ipfix_decoder_template_t *const layout = value;
        if (layout->domain == domain && (layout->scope_count > 0) == options) {
            reader->fields -= layout->field_count;
            g_hash_table_iter_remove(&iter);
        }
    }
}

/* Values and fields in one piece of memory: the values first, which need the greater alignment. */
ipfix_decoder_template_t *template_new(uint16_t field_count)
{
    const size_t head =
        offsetof(ipfix_decoder_template_t, fields) + field_count * sizeof(ipfix_decoder_field_t);
    const size_t values =
        (head + _Alignof(ipfix_decoder_value_t) - 1) & ~(_Alignof(ipfix_decoder_value_t) - 1);
    uint8_t *const room = g_malloc0(values + field_count * sizeof(ipfix_decoder_value_t));
    ipfix_decoder_template_t *const layout = (ipfix_decoder_template_t *)(void *)room;
    layout->values = (ipfix_decoder_value_t *)(void *)(room + values);
    layout->field_count = field_count;
    return layout;
}

synfix_status_t template_add(const decoder_message_t *message, ipfix_decoder_template_t *layout,
                             const uint8_t *at)
{
    ipfix_decoder_t *const reader = message->reader;
    if (g_hash_table_size(reader->templates) >= reader->limits.templates ||
        layout->field_count > reader->limits.fields - reader->fields) {
        g_free(layout);
        return decoder_refuse(message, at, SYNFIX_NO_MEMORY, "more templates than the limit");
    }
    const gint64 key = template_key(layout->domain, layout->id);
    reader->fields += layout->field_count;
    reader->stats.templates++;
    field_names_set(layout, &reader->names, reader->types);
    g_hash_table_insert(reader->templates, g_memdup2(&key, sizeof key), layout);
    if (reader->events.layout != NULL) {
        reader->events.layout(reader->events.user, layout);
    }
    return SYNFIX_OK;
}
