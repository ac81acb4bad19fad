/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/structured_data.h"

#define BLOCK_HEADER_SIZE 4u
#define ENTERPRISE_BIT    0x8000u

static ipfix_cursor_t cursor_of(const ipfix_decoder_value_t *value)
{
    return (ipfix_cursor_t){.at = value->data, .end = value->data + value->length};
}

bool basic_list_open(basic_list_t *list, const ipfix_decoder_t *decoder, const ipfix_decoder_value_t *value)
{
    *list = (basic_list_t){.rest = cursor_of(value)};
    list->semantic = cursor_u8(&list->rest);
    const uint16_t id = cursor_u16(&list->rest);
    list->field.id = id & (ENTERPRISE_BIT - 1);
    list->field.length = cursor_u16(&list->rest);
    list->field.pen = (id & ENTERPRISE_BIT) ? cursor_u32(&list->rest) : 0;
    ipfix_decoder_describe(decoder, &list->field);
    /* Values without a byte would never end. */
    return !list->rest.failed && (list->field.length > 0 || cursor_remaining(&list->rest) == 0);
}

bool record_list_open(record_list_t *list, const ipfix_decoder_record_t *parent,
                      const ipfix_decoder_value_t *value, bool multi)
{
    *list = (record_list_t){.multi = multi, .rest = cursor_of(value)};
    list->semantic = cursor_u8(&list->rest);
    if (!multi) {
        const uint16_t id = cursor_u16(&list->rest);
        list->layout = ipfix_decoder_template(parent->decoder, parent->domain, id);
        list->records = cursor_sub(&list->rest, list->rest.failed ? 0 : cursor_remaining(&list->rest));
    }
    return !list->rest.failed;
}

static bool open_block(record_list_t *list, const ipfix_decoder_record_t *parent)
{
    const uint16_t id = cursor_u16(&list->rest);
    const uint16_t length = cursor_u16(&list->rest);
    if (list->rest.failed || length < BLOCK_HEADER_SIZE) {
        list->rest.failed = true;
        return false;
    }
    list->layout = ipfix_decoder_template(parent->decoder, parent->domain, id);
    list->records = cursor_sub(&list->rest, length - BLOCK_HEADER_SIZE);
    return !list->rest.failed;
}

/* A rest that is shorter than any record is padding. */
static bool has_record(const record_list_t *list)
{
    return list->layout != NULL && !list->records.failed &&
           cursor_remaining(&list->records) >= list->layout->minimum_length;
}

static bool lacks_template(const record_list_t *list)
{
    return list->layout == NULL && cursor_remaining(&list->records) > 0;
}

bool record_list_more(record_list_t *list, const ipfix_decoder_record_t *parent)
{
    while (!has_record(list)) {
        if (lacks_template(list) || list->records.failed || !list->multi ||
            cursor_remaining(&list->rest) == 0 || !open_block(list, parent)) {
            return false;
        }
    }
    return true;
}

const char *structured_semantic_text(uint8_t semantic)
{
    static const char *const words[] = {"noneOf", "exactlyOneOf", "oneOrMoreOf", "allOf", "ordered"};
    return semantic < sizeof words / sizeof words[0] ? words[semantic] : "undefined";
}
