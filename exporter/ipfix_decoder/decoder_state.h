/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decoder_state.h
 * The state that the sources of the decoder of messages share: message_decoder.c, template_record.c,
 * template_table.c and data_set.c. Private to exporter/ipfix_decoder.
 */
#ifndef EXPORTER_IPFIX_DECODER_DECODER_STATE_H
#define EXPORTER_IPFIX_DECODER_DECODER_STATE_H

#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/init_times.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

/** Set ids (RFC 7011 section 3.3.2). Ids of templates and of data sets begin at SET_DATA_MIN. */
enum {
    SET_TEMPLATES = 2,
    SET_OPTIONS_TEMPLATES = 3,
    SET_DATA_MIN = 256,
};

struct ipfix_decoder {
    ipfix_decoder_names_t names;
    ipfix_decoder_limits_t limits;
    ipfix_decoder_events_t events;
    GTree *templates; /* domain and id -> ipfix_decoder_template_t (template_table.c) */
    GTree *by_kind; /* the same by kind, domain and id: those that one withdrawal removes follow each other */
    uint32_t fields; /* fields of all templates */
    type_information_t *types;
    bool skip_data;
    init_times_t *init_times;
    ipfix_decoder_stats_t stats;
};

/** State of one message while the decoder reads the message. */
typedef struct decoder_message {
    ipfix_decoder_t *reader;
    const uint8_t *data; /* the first byte of the message; the caller owns the bytes */
    uint32_t domain;
    uint32_t export_time;
    uint32_t records_left; /* records until the limit of one message */
    uint32_t empty_left;   /* values without a byte until the limit of one message */
    bool cut;              /* the message is longer than its available bytes */
    synfix_error_t *error;
} decoder_message_t;

/** Returns @p status, and sets the error of @p message to `byte N of the message: @p reason`. @p at is the
 * byte of the message that is wrong. */
synfix_status_t decoder_refuse(const decoder_message_t *message, const uint8_t *at, synfix_status_t status,
                               const char *reason);

#endif
