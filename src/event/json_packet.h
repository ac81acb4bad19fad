/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_packet.h
 * Members of JSON records that differ for each packet. Their greatest length is known, so they are written
 * without a check of the room for each of them.
 */
#ifndef EVENT_JSON_PACKET_H
#define EVENT_JSON_PACKET_H

#include "event/text_writer.h"

/** Writes the members from "event_type" to "ip_v", after another member; pcap_cnt is optional. */
void json_packet_ends(text_writer_t *line, const synfix_observation_t *observation, bool packet_number);

/** Writes the members from "ttl" to "ts_echo", after another member. */
void json_packet_headers(text_writer_t *line, const synfix_observation_t *observation);

#endif
