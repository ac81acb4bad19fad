/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file options_records.h
 * Templates, type information records (RFC 5610) and options records as messages, made with libfixbuf. One
 * writer belongs to one transport session and its thread. The receiver sets sequence number and export time.
 */
#ifndef EXPORTER_IPFIX_OPTIONS_RECORDS_H
#define EXPORTER_IPFIX_OPTIONS_RECORDS_H

#include "exporter/ipfix/interface_list.h"
#include "exporter/ipfix/message_encoder.h"
#include <synfix/module.h>

/* Ids of the options templates; they never change. */
enum {
    OPTIONS_TYPE = 256,
    OPTIONS_METERING_STATISTICS = 257,
    OPTIONS_METERING_RELIABILITY = 258,
    OPTIONS_EXPORTING_RELIABILITY = 259,
    OPTIONS_FLOW_KEYS = 260,
    OPTIONS_DATABASE = 261,
    OPTIONS_LABEL = 262,
    OPTIONS_INTERFACE = 263,
};

typedef struct options_writer options_writer_t;

/**
 * Receives a whole message with @p records data records. The receiver may change the message header in place.
 */
typedef synfix_status_t (*options_message_fn)(void *user, uint8_t *message, size_t length, uint32_t records,
                                              synfix_error_t *error);

/**
 * Creates a writer whose messages have at most @p message_size bytes. @p settings must outlive the writer;
 * the caller frees it with options_writer_free. SYNFIX_INVALID: libfixbuf refuses a template.
 */
synfix_status_t options_writer_new(const ipfix_settings_t *settings, uint32_t message_size,
                                   options_writer_t **writer, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** @p writer may be NULL. Records that were not flushed are dropped. */
void options_writer_free(options_writer_t *writer);

/** Sets the receiver of messages, before the first of the functions below. */
void options_receiver(options_writer_t *writer, options_message_fn receive, void *user);

/** Totals of the transport session and of the metering process (RFC 7011 sections 4.1 and 4.2). */
typedef struct metering_numbers {
    uint64_t messages; /* sent in this session, as records and bytes */
    uint64_t records;
    uint64_t bytes;
    uint64_t ignored_packets; /* dropped before a worker saw them */
    uint64_t first_ms;        /* time of the first and the last packet; milliseconds since 1970 */
    uint64_t last_ms;
} metering_numbers_t;

/** Totals of the exporting process (RFC 7011 section 4.3). */
typedef struct exporting_numbers {
    uint64_t not_sent; /* records that were lost */
    uint64_t first_ms; /* time of the first and the last packet; milliseconds since 1970 */
    uint64_t last_ms;
} exporting_numbers_t;

/** Adds the template of interfaces to options_templates. */
void options_with_interfaces(options_writer_t *writer);

/*
 * The following functions append to the open message. A message that is full goes to the receiver; the last
 * one waits for options_flush. SYNFIX_INVALID: libfixbuf failed, or the message size is too small for the
 * item. A failure of the receiver is returned.
 */

/** Template and records of type information (RFC 5610) of all elements that no registry describes; nothing if
 * the profile has none of them. */
synfix_status_t options_types(options_writer_t *writer, synfix_error_t *error) SYNFIX_MUST_CHECK;
/**
 * All templates. nfacctd 1.7.7 reads one options template in a set, and the Logstash codec reads none that
 * names an element twice: each has its own set, and no element occurs twice.
 */
synfix_status_t options_templates(options_writer_t *writer, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Metering process statistics and reliability: two records. */
synfix_status_t options_metering(options_writer_t *writer, const metering_numbers_t *numbers,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Exporting process reliability: one record. */
synfix_status_t options_exporting(options_writer_t *writer, const exporting_numbers_t *numbers,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Flow keys (RFC 7011 section 4.4): one record for each data template. */
synfix_status_t options_flow_keys(options_writer_t *writer, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Name, version and size of @p sigdb. Nothing for NULL, and for a profile without elements of our own. */
synfix_status_t options_database(options_writer_t *writer, const synfix_sigdb_t *sigdb,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;
/** The label table: one record for each label. Nothing for NULL, and for a profile with osLabel. */
synfix_status_t options_labels(options_writer_t *writer, const synfix_sigdb_t *sigdb,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Index, name and description of one interface, after options_with_interfaces. */
synfix_status_t options_interface(options_writer_t *writer, const interface_entry_t *interface,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Passes the open message to the receiver, if it is not empty. */
synfix_status_t options_flush(options_writer_t *writer, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
