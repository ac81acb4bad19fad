/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_decoder.h
 * Decodes IPFIX messages from untrusted exporters: all lengths are checked, all tables are bounded. One
 * decoder serves one transport session or one file. The decoder keeps templates by observation domain, and
 * element names from type information records (RFC 5610). One thread at a time.
 */
#ifndef EXPORTER_IPFIX_DECODER_MESSAGE_DECODER_H
#define EXPORTER_IPFIX_DECODER_MESSAGE_DECODER_H

#include "exporter/information_model/information_model.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define READER_HEADER_SIZE       16u
#define READER_TEMPLATES_DEFAULT 8192u   /* limit of templates, all domains together */
#define READER_FIELDS_DEFAULT    262144u /* limit of fields, all templates together */
#define READER_TYPES_DEFAULT     16384u  /* limit of elements from type records */
#define READER_NAME_SIZE         64u     /* bytes of an element name with its NUL */
#define READER_TEMPLATE_FIELDS   2048u   /* limit of fields in one template */

/** RFC 5610 types that ipfix_type_t, the types of written records, leaves out. */
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
    uint16_t length; /* IPFIX_VARIABLE: each value carries its length */
    uint16_t offset; /* of the first layout.fixed_count fields: from the first byte of the record */
    uint8_t type;    /* RFC 5610; IPFIX_OCTET_ARRAY when unknown */
    char name[READER_NAME_SIZE]; /* `PEN/ID` when unknown; `name#2` for a second field of that name */
} ipfix_decoder_field_t;

typedef struct ipfix_decoder_template {
    uint32_t domain;
    uint16_t id;
    uint16_t field_count;
    uint16_t scope_count;               /* 0: data template */
    uint16_t init_time_field;           /* index of systemInitTimeMilliseconds; field_count: none */
    uint32_t minimum_length;            /* minimum length of a record in bytes */
    uint16_t fixed_count;               /* fields of fixed length from the first one on */
    uint16_t empty_count;               /* fields of length 0 */
    bool variable_tail;                 /* the fields after them all have a variable length */
    uint32_t fixed_length;              /* bytes of the first fixed_count fields */
    uint64_t types_seen;                /* private to the decoder */
    struct ipfix_decoder_value *values; /* private to the decoder: of the current record */
    ipfix_decoder_field_t fields[];
} ipfix_decoder_template_t;

typedef struct ipfix_decoder_value {
    const uint8_t *data;
    uint32_t length;
} ipfix_decoder_value_t;

typedef struct ipfix_decoder ipfix_decoder_t;

/** Valid during the callback. Read values with ipfix_decoder_value(). */
typedef struct ipfix_decoder_record {
    const ipfix_decoder_t *decoder; /* for templates and elements that values name */
    uint32_t domain;
    uint32_t export_time;  /* seconds since 1970 */
    uint64_t init_time_ms; /* last systemInitTimeMilliseconds of the domain; 0: none received */
    const ipfix_decoder_template_t *layout;
    const uint8_t *start;
    const ipfix_decoder_value_t
        *values; /* values[i] belongs to layout->fields[i]; from layout->fixed_count on */
} ipfix_decoder_record_t;

/** The value of layout->fields[@p index]. The first fields of fixed length are at the same offset in each
 * record, so a record is not searched for them. */
static inline ipfix_decoder_value_t ipfix_decoder_value(const ipfix_decoder_record_t *record, uint16_t index)
{
    const ipfix_decoder_field_t *const field = &record->layout->fields[index];
    return index < record->layout->fixed_count
               ? (ipfix_decoder_value_t){record->start + field->offset, field->length}
               : record->values[index];
}

typedef struct ipfix_decoder_limits {
    uint32_t templates;
    uint32_t fields;
    uint32_t types;
    uint32_t
        records; /* of one message; 0: no limit. In addition, the number of empty values is limited to the
                    length of the message in bytes: empty values need no input, but produce output. */
} ipfix_decoder_limits_t;

/** Current memory use of a decoder. */
typedef struct ipfix_decoder_usage {
    uint32_t templates;
    uint32_t fields;
    size_t bytes; /* of memory, about */
} ipfix_decoder_usage_t;

typedef struct ipfix_decoder_stats {
    uint64_t messages;
    uint64_t data_records;
    uint64_t options_records;
    uint64_t templates;
    uint64_t sets_without_template; /* skipped without an error: over UDP the template may arrive later */
    uint64_t sets_without_record;   /* skipped: data sets shorter than any record of their template */
    uint64_t reserved_sets;         /* skipped: sets whose id is 0, 1 or 4 to 255 */
    uint64_t withdrawals;           /* of templates */
    uint64_t adopted;               /* templates that ipfix_decoder_events_t.missing supplied */
} ipfix_decoder_stats_t;

/** Source of names that precedes type records; find may return NULL. */
typedef struct ipfix_decoder_names {
    const ipfix_element_t *(*find)(const void *user, uint32_t pen, uint16_t id);
    const void *user; /* must outlive the decoder */
} ipfix_decoder_names_t;

/**
 * Callbacks of a decoder. A failure that a callback returns ends ipfix_decoder_message with that status. NULL
 * callbacks are skipped.
 */
typedef struct ipfix_decoder_events {
    synfix_status_t (*record)(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error);
    void (*layout)(void *user, const ipfix_decoder_template_t *layout);
    /**
     * Called before a data record is decoded; the record begins at record->start, with @p available readable
     * bytes, and record->values are not set. Returns the length of the record if the callback has processed
     * the record: the record callback is then not called. Returns 0 to decode the record as usual.
     */
    size_t (*direct)(void *user, const ipfix_decoder_record_t *record, size_t available);
    /** Called for a data set without a template. Returns the template of the set from another decoder, which
     * is copied; NULL: none is known. */
    const ipfix_decoder_template_t *(*missing)(void *user, uint32_t domain, uint16_t id);
    void *user;
} ipfix_decoder_events_t;

/** @p limits NULL: the defaults. Never returns NULL. ipfix_decoder_free the result. */
ipfix_decoder_t *ipfix_decoder_new(const ipfix_decoder_names_t *names, const ipfix_decoder_limits_t *limits,
                                   const ipfix_decoder_events_t *events);
void ipfix_decoder_free(ipfix_decoder_t *reader);

/**
 * Reads the message length from the header at @p data (READER_HEADER_SIZE bytes). SYNFIX_INVALID: not an
 * IPFIX header.
 */
synfix_status_t ipfix_decoder_header(const uint8_t *data, size_t *length,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Decodes one whole message. SYNFIX_INVALID and `byte N of the message: reason`: records before that byte
 * were delivered. SYNFIX_NO_MEMORY: a limit would be exceeded.
 */
synfix_status_t ipfix_decoder_message(ipfix_decoder_t *reader, const uint8_t *data, size_t length,
                                      synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Decodes the first @p length bytes of a message that the end of its file cuts off: records that are whole
 * are delivered, the rest is ignored. Errors as ipfix_decoder_message.
 */
synfix_status_t ipfix_decoder_cut_message(ipfix_decoder_t *reader, const uint8_t *data, size_t length,
                                          synfix_error_t *error) SYNFIX_MUST_CHECK;

/** From now on, data records are skipped undecoded (@p skip) or not; templates and options records never
 * are. */
void ipfix_decoder_skip_data(ipfix_decoder_t *reader, bool skip);

/** Copies the counters of messages and records since the start. */
void ipfix_decoder_get_stats(const ipfix_decoder_t *reader, ipfix_decoder_stats_t *stats);
/** Copies the memory that templates use at present. */
void ipfix_decoder_get_usage(const ipfix_decoder_t *reader, ipfix_decoder_usage_t *usage);

/** The template that data sets @p id of @p domain have now; NULL: none. Valid until the next message. */
const ipfix_decoder_template_t *ipfix_decoder_template(const ipfix_decoder_t *reader, uint32_t domain,
                                                       uint16_t id);

/** Fills type and name of @p field by its pen and id. */
void ipfix_decoder_describe(const ipfix_decoder_t *reader, ipfix_decoder_field_t *field);

/** ipfix_decoder_names_t.find with an information model as user. */
const ipfix_element_t *ipfix_decoder_find_in_model(const void *user, uint32_t pen, uint16_t id);

#endif
