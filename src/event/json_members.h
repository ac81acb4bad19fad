/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_members.h
 * Names and values of JSON objects.
 */
#ifndef EVENT_JSON_MEMBERS_H
#define EVENT_JSON_MEMBERS_H

#include "event/text_writer.h"

/** Writes `"name":`, with a comma first unless the object was just opened. In line, because nearly all names
 * are constants: their copies are a few stores. */
static inline void json_name(text_writer_t *line, const char *name)
{
    const size_t length = strlen(name);
    if (!writer_has_room(line, length + sizeof ",\"\":" - 1)) {
        line->full = true;
        return;
    }
    char *at = line->at;
    if (at[-1] != '{') {
        *at++ = ',';
    }
    *at++ = '"';
    at = writer_put(at, name, length);
    *at++ = '"';
    *at++ = ':';
    line->at = at;
}

static inline void json_string(text_writer_t *line, const char *name, const char *text)
{
    json_name(line, name);
    writer_json_string(line, text);
}

static inline void json_unsigned(text_writer_t *line, const char *name, uint64_t value)
{
    json_name(line, name);
    writer_unsigned(line, value);
}

/** `"name":"192.0.2.1"`; @p version 4 or 6. */
void json_address(text_writer_t *line, const char *name, const synfix_address_t *address, uint8_t version);
/** `"name":{`; an object is closed by json_close. */
static inline void json_open(text_writer_t *line, const char *name)
{
    json_name(line, name);
    writer_char(line, '{');
}

/** `}` */
void json_close(text_writer_t *line);

#endif
