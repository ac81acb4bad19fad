/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_plain.h
 * The first stage for plain frames (decode/plain_frame.h); inline in the loops over packets, since a call and
 * its arguments cost as much as the verdict of a segment. For the engine_*.c files only.
 */
#ifndef ENGINE_ENGINE_PLAIN_H
#define ENGINE_ENGINE_PLAIN_H

#include <string.h>

#include "decode/plain_frame.h"
#include "engine/engine_internal.h"
#include "engine/fingerprint_key_build.h"
#include "engine/flow_hash.h"

/** Link type of the frames whose headers are kept as received; PLAIN_NO_LINK if a filter or the uptime mode
 * needs the decoded headers of every packet. */
static inline uint32_t plain_link_type(const synfix_engine_config_t *config)
{
    return config->filter != NULL || config->uptime == SYNFIX_UPTIME_P0F ? PLAIN_NO_LINK : PLAIN_LINK_TYPE;
}

/** The facts that every context has. */
static inline void note_packet(packet_context_t *context, const synfix_packet_t *packet,
                               synfix_verdict_t verdict, bool plain, uint8_t ip_version)
{
    context->packet.time_ns = packet->time_ns;
    context->packet.packet_number = packet->number;
    context->packet.interface_id = packet->interface_id;
    context->packet.user = packet->user;
    context->verdict = (uint8_t)verdict;
    context->ip_version = ip_version;
    context->plain = plain;
    context->timestamps_at = 0;
}

/** The hash of the flow of a plain frame. */
static inline uint32_t plain_flow_hash(const uint8_t *ip)
{
    return flow_hash_ipv4(flow_tuple_ipv4(ip));
}

static inline void note_flow_ipv4(packet_context_t *context, const uint8_t *ip, uint32_t flow_hash)
{
    context->tuple = flow_tuple_ipv4(ip);
    context->flow_hash = flow_hash;
}

/** Whether a plain frame was truncated: the IPv4 header at @p ip states more bytes than were captured. */
static inline uint32_t truncated_flag(const uint8_t *ip, uint32_t captured)
{
    return captured < PLAIN_LINK_LENGTH + (uint32_t)read_be16(ip + 2) ? (uint32_t)SYNFIX_FLAG_TRUNCATED : 0u;
}

/** A plain frame with SYN, whose IPv4 header is at @p ip. True: @p context holds it for the later stages, but
 * for its flow. */
static inline __attribute__((always_inline)) bool classify_handshake(const synfix_packet_t *packet,
                                                                     const uint8_t *ip,
                                                                     packet_context_t *context,
                                                                     synfix_verdict_t *verdict)
{
    const uint32_t total = read_be16(ip + 2);
    const uint32_t lengths = FILL_IPV4_MIN + plain_tcp_length(ip);
    *verdict = plain_handshake(ip, total, lengths);
    if (*verdict > SYNFIX_VERDICT_SYN_ACK) {
        return false;
    }
    if (packet->captured_length < PLAIN_LINK_LENGTH + lengths) {
        *verdict = SYNFIX_VERDICT_OPTIONS_CUT;
        return false;
    }
    memcpy(context->packet.headers, packet->data, SYNFIX_PLAIN_HEADERS);
    note_packet(context, packet, *verdict, true, 4);
    context->packet.flags = truncated_flag(ip, packet->captured_length);
    context->sequence = read_be32(ip + FILL_IPV4_MIN + 4);
    context->now = stamp_time(packet->time_ns);
    context->timestamps_at =
        fingerprint_key_make_plain(ip, lengths, total - lengths, &context->key, &context->key_hash);
    return true;
}

/** The same for a plain segment with timestamps (plain_is_stamped_segment). */
static inline void keep_segment(const synfix_packet_t *packet, const uint8_t *ip, packet_context_t *context)
{
    memcpy(context->packet.headers + PLAIN_LINK_LENGTH, ip, FILL_IPV4_MIN + FILL_TCP_MIN);
    memcpy(context->options, ip + FILL_IPV4_MIN + FILL_TCP_MIN, PLAIN_STAMPED_OPTIONS);
    note_packet(context, packet, SYNFIX_VERDICT_SEGMENT, true, 4);
    context->captured = packet->captured_length;
    context->time_ms = engine_milliseconds(packet->time_ns);
}

#endif
