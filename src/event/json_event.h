/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_event.h
 * Parts of JSON records that several sinks share.
 */
#ifndef EVENT_JSON_EVENT_H
#define EVENT_JSON_EVENT_H

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

/** Writes a whole EVE event without line feed; pcap_cnt and flow_id are optional. */
void json_event(text_writer_t *line, const synfix_observation_t *observation, bool packet_number,
                bool flow_id);

/**
 * Writes the inner part of all JSON formats after their outer fields: the object `tcp_fp`, `tcp_uptime`
 * or `tcp_host_change`, then annotations as the object `enrichment` if the observation has any. Closes the
 * event.
 */
void json_facts(text_writer_t *line, const synfix_observation_t *observation);

/** The same without closing the event. */
void json_member(text_writer_t *line, const synfix_observation_t *observation);

/** Facts of a fingerprint about its sender, as one object, see synfix_event_host. */
void json_host(text_writer_t *line, const synfix_fingerprint_t *fingerprint);

#endif
