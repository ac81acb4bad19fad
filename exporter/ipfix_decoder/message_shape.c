/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/message_shape.h"
#include "base/byte_order.h"
#include <string.h>

enum {
    VERSION = 10,
    SET_HEADER = 4,
    SET_TEMPLATES = 2,
    SET_OPTIONS_TEMPLATES = 3,
    SET_DATA_MIN = 256,
};

size_t message_shape_length(const uint8_t *data)
{
    const size_t length = read_be16(data + 2);
    return read_be16(data) == VERSION && length >= MESSAGE_SHAPE_HEADER ? length : 0;
}

bool message_shape_begins(const uint8_t *data, size_t left)
{
    static const uint8_t version[] = {0, VERSION};
    if (left < sizeof version + sizeof(uint16_t)) {
        return memcmp(data, version, left < sizeof version ? left : sizeof version) == 0;
    }
    return message_shape_length(data) > 0;
}

static bool is_known(uint16_t id)
{
    return id == SET_TEMPLATES || id == SET_OPTIONS_TEMPLATES || id >= SET_DATA_MIN;
}

/* Offset after the sets that begin in the first @p left bytes of a message of @p length bytes; 0: one
 * of them is wrong. */
static size_t walk(const uint8_t *data, size_t length, size_t left, bool any_id)
{
    size_t at = MESSAGE_SHAPE_HEADER;
    while (at < left && left - at >= SET_HEADER) {
        const size_t size = read_be16(data + at + 2);
        if (size < SET_HEADER || size > length - at || (!any_id && !is_known(read_be16(data + at)))) {
            return 0;
        }
        at += size;
    }
    return at;
}

bool message_shape_is_closed(const uint8_t *data, size_t length)
{
    return walk(data, length, length, true) == length;
}

bool message_shape_is_message(const uint8_t *data, size_t left)
{
    const size_t length = left >= MESSAGE_SHAPE_HEADER ? message_shape_length(data) : 0;
    return length > MESSAGE_SHAPE_HEADER && length <= left && walk(data, length, length, false) == length;
}

bool message_shape_is_cut(const uint8_t *data, size_t left)
{
    const size_t length = left >= MESSAGE_SHAPE_HEADER ? message_shape_length(data) : 0;
    return length > left && walk(data, length, left, false) > 0;
}
