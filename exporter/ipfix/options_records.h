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

synfix_status_t options_writer_new(const ipfix_settings_t *settings, uint32_t message_size,
                                   options_writer_t **writer, synfix_error_t *error) SYNFIX_MUST_CHECK;
void options_writer_free(options_writer_t *writer);

/** Sets the receiver of messages. Records collect until options_flush. */
void options_receiver(options_writer_t *writer, options_message_fn receive, void *user);

typedef struct metering_numbers {
    uint64_t messages;
    uint64_t records;
    uint64_t bytes;
    uint64_t ignored_packets;
    uint64_t first_ms;
    uint64_t last_ms;
} metering_numbers_t;

typedef struct exporting_numbers {
    uint64_t not_sent;
    uint64_t first_ms;
    uint64_t last_ms;
} exporting_numbers_t;

/** Template and records of interfaces go out too; before options_templates. */
void options_with_interfaces(options_writer_t *writer);

synfix_status_t options_types(options_writer_t *writer, synfix_error_t *error);
/**
 * All templates. nfacctd 1.7.7 reads one options template in a set, and the Logstash codec reads none that
 * names an element twice: each has a set of its own, and no element occurs twice.
 */
synfix_status_t options_templates(options_writer_t *writer, synfix_error_t *error);
synfix_status_t options_metering(options_writer_t *writer, const metering_numbers_t *numbers,
                                 synfix_error_t *error);
synfix_status_t options_exporting(options_writer_t *writer, const exporting_numbers_t *numbers,
                                  synfix_error_t *error);
synfix_status_t options_flow_keys(options_writer_t *writer, synfix_error_t *error);
synfix_status_t options_database(options_writer_t *writer, const synfix_sigdb_t *sigdb,
                                 synfix_error_t *error);
synfix_status_t options_labels(options_writer_t *writer, const synfix_sigdb_t *sigdb, synfix_error_t *error);
synfix_status_t options_interface(options_writer_t *writer, const interface_entry_t *interface,
                                  synfix_error_t *error);
synfix_status_t options_flush(options_writer_t *writer, synfix_error_t *error);

#endif
