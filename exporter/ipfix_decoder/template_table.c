/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/template_table.h"
#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/key_tree.h"
#include <stddef.h>

static int64_t template_key(uint32_t domain, uint16_t id)
{
    return ((int64_t)domain << 16) | id;
}

static int64_t kind_key(uint32_t domain, uint16_t id, bool options)
{
    return template_key(domain, id) | ((int64_t)options << 48);
}

ipfix_decoder_template_t *template_find(const ipfix_decoder_t *reader, uint32_t domain, uint16_t id)
{
    return key_tree_find(reader->templates, template_key(domain, id));
}

static void drop(ipfix_decoder_t *reader, const ipfix_decoder_template_t *layout)
{
    const int64_t key = template_key(layout->domain, layout->id);
    reader->fields -= layout->field_count;
    key_tree_remove(reader->by_kind, kind_key(layout->domain, layout->id, layout->scope_count > 0));
    key_tree_remove(reader->templates, key); /* frees the template */
}

void template_remove(ipfix_decoder_t *reader, uint32_t domain, uint16_t id)
{
    const ipfix_decoder_template_t *const old = template_find(reader, domain, id);
    if (old != NULL) {
        drop(reader, old);
    }
}

void template_remove_all(ipfix_decoder_t *reader, uint32_t domain, bool options)
{
    const int64_t first = kind_key(domain, 0, options);
    const int64_t last = kind_key(domain, UINT16_MAX, options);
    const ipfix_decoder_template_t *layout = NULL;
    while ((layout = key_tree_first(reader->by_kind, first, last)) != NULL) {
        drop(reader, layout);
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
    if ((uint32_t)g_tree_nnodes(reader->templates) >= reader->limits.templates ||
        layout->field_count > reader->limits.fields - reader->fields) {
        g_free(layout);
        return decoder_refuse(message, at, SYNFIX_NO_MEMORY, "more templates than the limit");
    }
    reader->fields += layout->field_count;
    reader->stats.templates++;
    field_names_set(layout, &reader->names, reader->types);
    key_tree_put(reader->templates, template_key(layout->domain, layout->id), layout);
    key_tree_put(reader->by_kind, kind_key(layout->domain, layout->id, layout->scope_count > 0), layout);
    if (reader->events.layout != NULL) {
        reader->events.layout(reader->events.user, layout);
    }
    return SYNFIX_OK;
}
