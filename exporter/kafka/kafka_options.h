/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file kafka_options.h
 * Type information, options records and the label table as messages of a topic, for format=ipfix. A message
 * with a record can be decoded alone, but the names of the elements and, with compact profiles, the labels
 * are in these messages. All calls come from the thread of the sink.
 */
#ifndef EXPORTER_KAFKA_KAFKA_OPTIONS_H
#define EXPORTER_KAFKA_KAFKA_OPTIONS_H

#include "exporter/ipfix/transport_session.h"

typedef struct kafka_options kafka_options_t;

typedef struct kafka_options_config {
    const ipfix_settings_t *settings; /* must outlive the options */
    const synfix_module_context_t *context;
    void (*stats)(void *user, synfix_sink_stats_t *stats);
    /** Number of partitions of the topic; 0: no broker answers now. */
    int32_t (*partitions)(void *user);
    /** Adds one message to the queue of @p partition. The bytes are valid during the call. */
    void (*produce)(void *user, int32_t partition, const uint8_t *message, size_t length);
    void *user; /* instance of the sink */
} kafka_options_config_t;

/** Errors as of ipfix_session_new. kafka_options_free the result. */
synfix_status_t kafka_options_new(const kafka_options_config_t *config, kafka_options_t **options,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
void kafka_options_free(kafka_options_t *options);

/**
 * Sends everything to each partition, because a consumer may read one of them alone: at the first call that
 * finds a broker, after 1, 2, 4 ... seconds, each minute, and with a new database. Without a broker the next
 * call tries again.
 */
synfix_status_t kafka_options_tick(kafka_options_t *options, int64_t now_ns,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The first transmission was made. */
bool kafka_options_begun(const kafka_options_t *options);

/** Sends the closing options records. */
synfix_status_t kafka_options_end(kafka_options_t *options, int64_t now_ns,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the header of a message with one record at @p value. */
void kafka_options_write_header(kafka_options_t *options, uint8_t *value, size_t length, int64_t now_ns);

#endif
