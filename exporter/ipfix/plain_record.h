/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_record.h
 * Decodes a plain observation. Inline, so that a writer of a record with known fields keeps the loads of
 * these fields only, and copies numbers without turning their bytes round twice.
 */
#ifndef EXPORTER_IPFIX_PLAIN_RECORD_H
#define EXPORTER_IPFIX_PLAIN_RECORD_H

#include "decode/plain_frame.h"
#include <synfix/observation.h>
#include <synfix/plain_observation.h>

/** The decoded form of a plain observation. */
typedef struct plain_decoded {
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    synfix_observation_t observation;
} plain_decoded_t;

/** Fields that an observation of kind SYN or SYN_ACK does not have are 0, the bytes of the options NULL. */
static inline __attribute__((always_inline)) void plain_decode(const synfix_plain_observation_t *plain,
                                                               plain_decoded_t *decoded)
{
    synfix_headers_t *headers = &decoded->headers;
    plain_read_right(headers, plain->headers + PLAIN_LINK_LENGTH);
    headers->truncated = (plain->flags & SYNFIX_FLAG_TRUNCATED) != 0;
    headers->options = NULL;
    headers->options_captured = 0;
    headers->encapsulation.details = SYNFIX_DETAIL_LINK;
    memcpy(headers->details.link_addresses, plain->headers, sizeof headers->details.link_addresses);
    decoded->options = *plain->options;
    decoded->options.timestamp_value = plain->timestamp_value;
    decoded->options.timestamp_echo = plain->timestamp_echo;
    decoded->observation = (synfix_observation_t){
        .kind = plain->kind,
        .from_server = plain->kind == SYNFIX_OBSERVATION_SYN_ACK,
        .flags = plain->flags,
        .time_ns = plain->time_ns,
        .packet_number = plain->packet_number,
        .flow_id = plain->flow_id,
        .interface_id = plain->interface_id,
        .headers = headers,
        .options = &decoded->options,
        .fingerprint = plain->fingerprint,
        .user = plain->user,
    };
}

#endif
