/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_event.h
 * Parts of JSON records that several sinks share.
 */
#ifndef EVENT_JSON_EVENT_H
#define EVENT_JSON_EVENT_H

#include "event/json_fingerprint.h"
#include "event/json_members.h"
#include "event/text_writer.h"

/** Writes a whole EVE event without line feed; pcap_cnt and flow_id are optional. Here and below, @p cache
 * may be NULL. */
void json_event(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation,
                bool packet_number, bool flow_id);

/**
 * Writes the inner part of all JSON formats after their outer fields: the object `tcp_fp`, `tcp_uptime`
 * or `tcp_host_change`, then annotations as the object `enrichment` if the observation has any. Closes the
 * event.
 */
void json_facts(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation);

/** The same without closing the event. */
void json_member(text_writer_t *line, text_cache_t *cache, const synfix_observation_t *observation);

#endif
