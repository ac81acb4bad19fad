/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_decoder.h
 * Decodes IPFIX messages that nobody vouches for: every length is checked, every table is bounded.
 *
 * One reader is one transport session or one file: it keeps templates by observation domain and the element
 * names that came as RFC 5610 type records. Not for several threads at once.
 */
#ifndef EXPORTER_IPFIX_DECODER_MESSAGE_DECODER_H
#define EXPORTER_IPFIX_DECODER_MESSAGE_DECODER_H

#include "exporter/information_model/information_model.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define READER_HEADER_SIZE       16u
#define READER_TEMPLATES_DEFAULT 8192u   /* templates of all domains together */
#define READER_FIELDS_DEFAULT    262144u /* fields of all templates together */
#define READER_TYPES_DEFAULT     16384u  /* elements told by type records */
#define READER_NAME_SIZE         64u     /* of an element, with its end */
#define READER_TEMPLATE_FIELDS   2048u   /* fields of one template */

/** Numbers of RFC 5610 that ipfix_type_t (what we write) leaves out. */
enum {
    READER_SIGNED8 = 5,
    READER_SIGNED16 = 6,
    READER_SIGNED32 = 7,
    READER_SIGNED64 = 8,
    READER_FLOAT32 = 9,
    READER_FLOAT64 = 10,
    READER_BOOLEAN = 11,
    READER_MAC_ADDRESS = 12,
};

typedef struct ipfix_decoder_field {
    uint32_t pen;
    uint16_t id;
    uint16_t length;             /* IPFIX_VARIABLE: each value says its own */
    uint8_t type;                /* RFC 5610; IPFIX_OCTET_ARRAY when unknown */
    char name[READER_NAME_SIZE]; /* `PEN/ID` when unknown; `name#2` for a second field of that name */
} ipfix_decoder_field_t;

typedef struct ipfix_decoder_template {
    uint32_t domain;
    uint16_t id;
    uint16_t field_count;
    uint16_t scope_count;    /* 0: data template */
    uint32_t minimum_length; /* of a record, bytes */
    uint64_t types_seen;     /* the reader's own use */
    ipfix_decoder_field_t fields[];
} ipfix_decoder_template_t;

typedef struct ipfix_decoder_value {
    const uint8_t *data;
    uint32_t length;
} ipfix_decoder_value_t;

/** Valid during the callback. values[i] belongs to layout->fields[i]. */
typedef struct ipfix_decoder_record {
    uint32_t domain;
    uint32_t export_time;
    const ipfix_decoder_template_t *layout;
    const ipfix_decoder_value_t *values;
} ipfix_decoder_record_t;

typedef struct ipfix_decoder_limits {
    uint32_t templates;
    uint32_t fields;
    uint32_t types;
} ipfix_decoder_limits_t;

typedef struct ipfix_decoder_stats {
    uint64_t messages;
    uint64_t data_records;
    uint64_t options_records;
    uint64_t templates;
    uint64_t sets_without_template; /* skipped; not an error: over UDP a template may come later */
} ipfix_decoder_stats_t;

/** Where names come from before type records are asked; find may answer NULL. */
typedef struct ipfix_decoder_names {
    const ipfix_element_t *(*find)(const void *user, uint32_t pen, uint16_t id);
    const void *user; /* outlives the reader */
} ipfix_decoder_names_t;

/** What a reader tells; a failure from a callback ends ipfix_decoder_message with it. NULL functions are not
 * called.
 */
typedef struct ipfix_decoder_events {
    synfix_status_t (*record)(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error);
    void (*layout)(void *user, const ipfix_decoder_template_t *layout);
    void *user;
} ipfix_decoder_events_t;

typedef struct reader ipfix_decoder_t;

/** @p limits NULL: the defaults. Free with ipfix_decoder_free. Never NULL. */
ipfix_decoder_t *ipfix_decoder_new(const ipfix_decoder_names_t *names, const ipfix_decoder_limits_t *limits,
                                   const ipfix_decoder_events_t *events);
void ipfix_decoder_free(ipfix_decoder_t *reader);

/** Length that the header at @p data (READER_HEADER_SIZE bytes) tells; SYNFIX_INVALID when it is none of
 * IPFIX. */
synfix_status_t ipfix_decoder_header(const uint8_t *data, size_t *length,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Decodes one whole message. SYNFIX_INVALID with `byte N of the message: reason` (records before that place
 * were delivered), SYNFIX_NO_MEMORY when a limit would be passed.
 */
synfix_status_t ipfix_decoder_message(ipfix_decoder_t *reader, const uint8_t *data, size_t length,
                                      synfix_error_t *error) SYNFIX_MUST_CHECK;

void ipfix_decoder_get_stats(const ipfix_decoder_t *reader, ipfix_decoder_stats_t *stats);

/** ipfix_decoder_names_t.find for a model as user. */
const ipfix_element_t *ipfix_decoder_find_in_model(const void *user, uint32_t pen, uint16_t id);

#endif
