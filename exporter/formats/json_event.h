/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_event.h
 * Parts of a JSON record that several sinks write alike.
 */
#ifndef EXPORTER_FORMATS_JSON_EVENT_H
#define EXPORTER_FORMATS_JSON_EVENT_H

#include "exporter/formats/text_writer.h"

/** `"name":` with a comma in front unless an object has just been opened. */
void json_name(text_writer_t *line, const char *name);
void json_string(text_writer_t *line, const char *name, const char *text);
void json_unsigned(text_writer_t *line, const char *name, uint64_t value);
void json_hundredths(text_writer_t *line, const char *name, uint64_t hundredths);
void json_address(text_writer_t *line, const char *name, const synfix_address_t *address, uint8_t version);
/** `"name":{`; an object is closed by json_close. */
void json_open(text_writer_t *line, const char *name);
void json_close(text_writer_t *line);

/** A whole event in EVE's form, without a line feed; with pcap_cnt and flow_id as wished. */
void json_event(text_writer_t *line, const synfix_observation_t *observation, bool packet_number,
                bool flow_id);

/** What every JSON form says of an observation behind its own outer fields: the object `tcp_fp` or
 * `tcp_uptime`, then facts of enrichers as the object `enrichment` when there are any. Closes the event. */
void json_facts(text_writer_t *line, const synfix_observation_t *observation);

#endif
