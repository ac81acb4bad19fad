/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/template_record.h"
#include "exporter/ipfix_decoder/init_times.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <glib.h>

/* A template withdrawal names one template; with the set id as template id, all templates of that kind in the
 * domain (RFC 7011 section 8.1). */
static void withdraw(const decoder_message_t *message, uint16_t id, bool options)
{
    ipfix_decoder_t *const reader = message->reader;
    reader->stats.withdrawals++;
    if (id == (options ? SET_OPTIONS_TEMPLATES : SET_TEMPLATES)) {
        template_remove_all(reader, message->domain, options);
    } else {
        template_remove(reader, message->domain, id);
    }
}

static void read_fields(ipfix_cursor_t *cursor, ipfix_decoder_template_t *layout)
{
    layout->init_time_field = layout->field_count;
    layout->variable_tail = true;
    for (uint16_t i = 0; i < layout->field_count && !cursor->failed; i++) {
        ipfix_decoder_field_t *const field = &layout->fields[i];
        const uint16_t id = cursor_u16(cursor);
        field->length = cursor_u16(cursor);
        field->id = id & 0x7FFF;
        field->pen = (id & 0x8000) ? cursor_u32(cursor) : 0;
        layout->minimum_length += field->length == IPFIX_VARIABLE ? 1 : field->length;
        layout->empty_count = (uint16_t)(layout->empty_count + (field->length == 0));
        if (layout->fixed_count == i && field->length != IPFIX_VARIABLE) {
            field->offset = (uint16_t)layout->fixed_length; /* beyond 65,535 there is no record */
            layout->fixed_count = (uint16_t)(i + 1);
            layout->fixed_length += field->length;
        }
        layout->variable_tail &= i < layout->fixed_count || field->length == IPFIX_VARIABLE;
        if (init_times_is_base(field)) {
            layout->init_time_field = i;
        }
    }
}

/* Its data has a new layout, even when this layout is refused: the one before would decode nonsense. */
static synfix_status_t refuse(const decoder_message_t *message, uint16_t id, const uint8_t *at,
                              const char *reason)
{
    template_remove(message->reader, message->domain, id);
    return decoder_refuse(message, at, SYNFIX_INVALID, reason);
}

/* Why no template has these numbers; NULL: one may. */
static const char *wrong_head(const ipfix_cursor_t *rest, uint16_t id, uint16_t count, uint16_t scope,
                              bool options)
{
    return id < SET_DATA_MIN                    ? "template id below 256"
           : count > READER_TEMPLATE_FIELDS     ? "template with more than 2,048 fields"
           : count > cursor_remaining(rest) / 4 ? "template with more fields than its set holds"
           : options && (scope == 0 || scope > count)
               ? "options template with an impossible number of scope fields"
               : NULL;
}

synfix_status_t template_read(const decoder_message_t *message, ipfix_cursor_t *cursor, bool options)
{
    const uint8_t *const start = cursor->at;
    const uint16_t id = cursor_u16(cursor);
    const uint16_t count = cursor_u16(cursor);
    if (count == 0) {
        withdraw(message, id, options);
        return SYNFIX_OK;
    }
    const uint16_t scope = options ? cursor_u16(cursor) : 0;
    const char *reason = wrong_head(cursor, id, count, scope, options);
    if (reason != NULL) {
        return refuse(message, id, start, reason);
    }
    ipfix_decoder_template_t *const layout = template_new(count);
    layout->domain = message->domain;
    layout->id = id;
    layout->scope_count = scope;
    read_fields(cursor, layout);
    if (cursor->failed || layout->minimum_length == 0) {
        g_free(layout);
        return refuse(message, id, start,
                      cursor->failed ? "template longer than its set" : "template of records without a byte");
    }
    return template_add(message, layout, start);
}
