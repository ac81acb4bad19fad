/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file kafka_sink_internal.h
 * Shared by the parts of the sink `kafka`: kafka_sink.c (life of an instance), kafka_sink_options.c (options
 * and their check), kafka_configure.c (settings of librdkafka), kafka_client.c (connection and reports of
 * librdkafka), kafka_produce.c (messages into the queue) and kafka_drain.c (the end). Private to them. All
 * functions run in the thread of the sink, and so do the reports of librdkafka about errors and deliveries,
 * inside rd_kafka_poll() and rd_kafka_flush(). Lines of its log come from its own threads, which read
 * `context` only. Any thread may stop the sink and read its statistics: atomic members.
 */
#ifndef EXPORTER_KAFKA_KAFKA_SINK_INTERNAL_H
#define EXPORTER_KAFKA_KAFKA_SINK_INTERNAL_H

#include "on_demand/kafka.h"
#include <stdatomic.h>

#include "base/stop_check.h"
#include "exporter/kafka/kafka_options.h"

#define KAFKA_STEP_MS 500 /* the longest wait for an answer about brokers or a topic */

typedef struct kafka {
    const synfix_module_context_t *context;
    rd_kafka_t *client; /* NULL before kafka_connect() */
    char *topic;
    int64_t timeout_ms;
    bool ipfix;                /* format=ipfix */
    ipfix_settings_t settings; /* with ipfix */
    kafka_options_t *options;  /* with ipfix */
    bool reported_loss;
    uint64_t purged;              /* lost records that waited for a broker at the end */
    rd_kafka_resp_err_t reported; /* last error of the client; RD_KAFKA_RESP_ERR_NO_ERROR: none */
    atomic_bool stopping;
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t lost;
    _Atomic uint64_t bytes;
    _Atomic uint64_t errors;
} kafka_t;

/** Options of the module, up to a member without a name. */
extern const synfix_option_t kafka_sink_options[];

/** Adds each mistake in @p options to @p mistakes. No client is made. */
void kafka_sink_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** SYNFIX_INVALID: @p target (`BROKER[,BROKER...][/TOPIC]`) names no broker. */
synfix_status_t kafka_check_brokers(const char *target, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Sets the properties of the producer in @p conf, those of the user last. @p brokers:
 * `HOST:PORT[,HOST:PORT...]`. False: a setting is wrong, with the reason in @p error, which contains no
 * secret. */
bool kafka_configure(rd_kafka_conf_t *conf, const char *brokers, const synfix_options_t *options,
                     synfix_error_t *error);

/** Adds to @p mistakes the settings of @p options that librdkafka refuses, or that librdkafka is missing. */
void kafka_check_settings(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** Makes the client and, unless the context is live, waits for a broker until the timeout. SYNFIX_INVALID: a
 * wrong setting; SYNFIX_DISCONNECTED: no broker answers; also errors of on_demand_load_kafka().
 * kafka_disconnect() ends the client. */
synfix_status_t kafka_connect(kafka_t *kafka, const char *brokers, const synfix_options_t *options,
                              synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Waits until all messages are delivered, `timeout_ms` is over or the sink stops, and drops the others.
 * SYNFIX_IO: the sink has lost records, with their number and the reason in @p error. */
synfix_status_t kafka_drain(kafka_t *kafka, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Drops all messages that were not delivered; each is reported and counted as lost. */
void kafka_purge(kafka_t *kafka);

/** Purges and frees the client, if there is one. */
void kafka_disconnect(kafka_t *kafka);

/** INT or TERM is pending: both are blocked while sinks open. */
bool kafka_is_interrupted(void);

/** Number of partitions of the topic; 0: no broker answers now. @p user: a kafka_t. */
int32_t kafka_count_partitions(void *user);

/** Adds an options message to the queue of @p partition; a full queue drops the message, which comes again
 * with the next templates. Copies the bytes. @p user: a kafka_t. */
void kafka_produce_options(void *user, int32_t partition, const uint8_t *message, size_t length);

/** Adds each message of @p block to the queue of librdkafka, and counts what the queue refuses as lost. Waits
 * for room unless the context is live or the sink stops. */
void kafka_produce_block(kafka_t *kafka, const synfix_block_t *block);

#endif
