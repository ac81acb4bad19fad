/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file options_records_internal.h
 * Shared by the files of the options writer: options_templates.c (templates of libfixbuf), options_writer.c
 * (messages), options_records.c (records). Private to them.
 */
#ifndef EXPORTER_IPFIX_OPTIONS_RECORDS_INTERNAL_H
#define EXPORTER_IPFIX_OPTIONS_RECORDS_INTERNAL_H

#include "exporter/ipfix/options_records.h"
#include <fixbuf/public.h>

struct options_writer {
    const ipfix_settings_t *settings;
    fbInfoModel_t *model;
    fbSession_t *session; /* owned by the buffer after the buffer exists */
    fbExporter_t *exporter;
    fBuf_t *buffer;
    uint8_t *bytes;
    uint32_t records; /* records in the open message */
    bool interfaces;
    bool used; /* the open message is not empty */
    options_message_fn receive;
    void *user;
};

/* Records as libfixbuf reads them, in the order of the fields of their templates. The padding has a field of
 * its own in the internal template and is not exported. */

typedef struct metering_statistics {
    uint32_t domain;
    uint32_t process;
    uint64_t messages;
    uint64_t records;
    uint64_t bytes;
} metering_statistics_t;

typedef struct metering_reliability {
    uint32_t domain;
    uint32_t process;
    uint64_t packets;
    uint64_t bytes;
    uint64_t first_ms;
    uint64_t last; /* last_time */
} metering_reliability_t;

typedef struct exporting_reliability {
    uint32_t process;
    uint8_t padding[4];
    uint64_t flows;
    uint64_t packets;
    uint64_t bytes;
    uint64_t first_ms;
    uint64_t last; /* last_time */
} exporting_reliability_t;

typedef struct flow_keys {
    uint16_t template_id;
    uint8_t padding[6];
    uint64_t keys;
} flow_keys_t;

typedef struct database_record {
    uint32_t domain;
    uint32_t process;
    fbVarfield_t name;
    fbVarfield_t version;
    uint32_t entries;
    uint8_t padding[4];
} database_record_t;

typedef struct label_record {
    uint32_t id;
    uint8_t padding[4];
    fbVarfield_t label;
    fbVarfield_t class_name;
    fbVarfield_t family;
    fbVarfield_t flavor;
} label_record_t;

typedef struct interface_record {
    uint32_t index;
    uint8_t padding[4];
    fbVarfield_t name;
    fbVarfield_t description;
} interface_record_t;

/** Adds the templates of options records, of type records and of the profile to the session. */
bool options_add_templates(options_writer_t *writer, GError **problem);

/** Returns id number @p index of the options templates that the profile needs, from 0 on; 0: no further one.
 */
uint16_t options_template_at(const options_writer_t *writer, size_t index);

/** Returns whether the profile has elements of our own. */
bool options_has_own_elements(const options_writer_t *writer);
/** Returns whether collectors need a type record for @p element: no registry describes it. */
bool options_needs_type(const ipfix_element_t *element);
/** Returns whether the profile has an element that needs a type record. */
bool options_has_types(const options_writer_t *writer);

/** Appends one item to the open message. False with FB_ERROR_EOM: no room. */
typedef bool (*options_put_fn)(options_writer_t *writer, const void *item, GError **problem);

/**
 * Appends @p item, in a new message if the open one has no room; the full message goes to the receiver.
 * @p records is the number of data records in the item. SYNFIX_INVALID: not even an empty message has room,
 * or libfixbuf failed; also any failure of the receiver.
 */
synfix_status_t options_put(options_writer_t *writer, options_put_fn function, const void *item,
                            uint32_t records, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Appends one record of @p size bytes, one of the structures above. */
synfix_status_t options_put_record(options_writer_t *writer, uint16_t template_id, const void *data,
                                   size_t size, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
