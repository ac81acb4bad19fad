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

bool template_same_fields(const ipfix_decoder_template_t *a, const ipfix_decoder_template_t *b)
{
    bool same = a->field_count == b->field_count && a->scope_count == b->scope_count;
    for (uint16_t i = 0; same && i < a->field_count; i++) {
        same = a->fields[i].pen == b->fields[i].pen && a->fields[i].id == b->fields[i].id &&
               a->fields[i].length == b->fields[i].length;
    }
    return same;
}

synfix_status_t template_add(const decoder_message_t *message, ipfix_decoder_template_t *layout,
                             const uint8_t *at)
{
    ipfix_decoder_t *const reader = message->reader;
    const ipfix_decoder_template_t *known = template_find(reader, layout->domain, layout->id);
    if (known != NULL && template_same_fields(known, layout)) {
        reader->stats.templates++;
        g_free(layout);
        return SYNFIX_OK;
    }
    template_remove(reader, layout->domain, layout->id);
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
