/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/whole_messages.h"
#include "exporter/ipfix_decoder/message_shape.h"
#include "exporter/ipfix_decoder/zstd_magic.h"
#include "on_demand/zstd.h"
#include <glib.h>
#include <string.h>

/* Bytes of a frame with a message of 65,535 bytes, at most. After damage, a longer frame is not accepted:
 * without this limit, a reader would follow each start of a frame in a hostile file to the end of the file.
 */
#define FRAME_MAX (ZSTD_COMPRESSBOUND(65535u) + 64u)

/* Header of a skippable frame. A frame with content is longer. */
#define FRAME_MIN 8u

/* Scans for the place at which a file is cut. A file without damage needs one. */
#define SCANS_MAX 8

typedef struct content {
    const uint8_t *data;
    size_t length;
    bool packed;
} content_t;

/* Length of the compressed frame at @p at; 0: no whole frame within @p most bytes. */
static size_t frame_length(const content_t *content, size_t at, size_t most)
{
    const size_t size = ZSTD_findFrameCompressedSize(content->data + at, MIN(content->length - at, most));
    return ZSTD_isError(size) ? 0 : size;
}

static bool begins_at(const content_t *content, size_t at)
{
    const uint8_t *const data = content->data + at;
    return content->packed ? zstd_magic_is_frame(data) && frame_length(content, at, FRAME_MAX) > 0
                           : message_shape_is_message(data, content->length - at);
}

/* The next whole message (or frame) after damage; the end of the content without one. */
static size_t find_next(const content_t *content, size_t from)
{
    for (size_t at = from; content->length - at >= MESSAGE_SHAPE_HEADER; at++) {
        if (begins_at(content, at)) {
            return at;
        }
    }
    return content->length;
}

/* The reader (message_input.c) has the same rule for a length. */
static bool length_is_right(const content_t *content, size_t at, size_t size)
{
    const size_t end = at + size;
    if (message_shape_is_closed(content->data + at, size)) {
        return true;
    }
    return end < content->length ? message_shape_begins(content->data + end, content->length - end)
                                 : find_next(content, at + 1) == end;
}

/* Length of the message at @p at; 0: no whole message. */
static size_t message_length(const content_t *content, size_t at)
{
    const size_t size = message_shape_length(content->data + at);
    return size > 0 && size <= content->length - at && length_is_right(content, at, size) ? size : 0;
}

/* An empty frame and a skippable frame have no content, and a reader skips them without a message. */
static bool has_content(const content_t *content, size_t at, size_t size)
{
    return !content->packed || ZSTD_getFrameContentSize(content->data + at, size) != 0;
}

static whole_messages_t scan(const content_t *content)
{
    whole_messages_t found = {0};
    size_t at = 0;
    const size_t least = content->packed ? FRAME_MIN : MESSAGE_SHAPE_HEADER;
    while (content->length - at >= least) {
        const size_t size =
            content->packed ? frame_length(content, at, SIZE_MAX) : message_length(content, at);
        if (size == 0 && !content->packed && message_shape_is_cut(content->data + at, content->length - at)) {
            break;
        }
        if (size == 0) {
            at = find_next(content, at + 1);
            continue;
        }
        found.damaged += at - found.end;
        found.messages += has_content(content, at, size);
        at += size;
        found.end = at;
    }
    return found;
}

/* Without the bytes after the last message, other rules hold for a length: the last message ends the file,
 * and a damaged length may lead beyond the end. The file is cut only if a reader finds as many messages after
 * it; each scan may move the end. */
static whole_messages_t cut(content_t content, const whole_messages_t whole)
{
    const size_t length = content.length;
    whole_messages_t found = whole;
    for (int i = 0; i < SCANS_MAX && found.messages >= whole.messages && found.end < content.length; i++) {
        content.length = found.end;
        found = scan(&content);
    }
    if (found.messages < whole.messages || found.end < content.length) {
        found = whole;
        found.end = length;
    }
    return found;
}

synfix_status_t whole_messages_find(const uint8_t *data, size_t length, whole_messages_t *messages,
                                    synfix_error_t *error)
{
    content_t content = {
        .data = data, .length = length, .packed = length >= ZSTD_MAGIC_BYTES && zstd_magic_begins(data)};
    const synfix_status_t loaded = content.packed ? on_demand_load_zstd(error) : SYNFIX_OK;
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    whole_messages_t found = scan(&content);
    if (!content.packed && found.end < length) {
        found = cut(content, found);
    }
    *messages = found.messages > 0 ? found : (whole_messages_t){0};
    messages->packed = content.packed;
    return SYNFIX_OK;
}

bool whole_messages_may_begin(const uint8_t *data, size_t length)
{
    static const uint8_t message[] = {0, 10};
    return length == 0 || memcmp(data, message, MIN(length, sizeof message)) == 0 ||
           memcmp(data, zstd_magic, MIN(length, sizeof zstd_magic)) == 0;
}
