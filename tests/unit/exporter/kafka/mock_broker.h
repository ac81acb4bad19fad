/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file mock_broker.h
 * For tests of the sink `kafka`: librdkafka's own mock cluster of one broker with the topic `fingerprints`,
 * and the sink that writes to it.
 */
#ifndef TESTS_MOCK_BROKER_H
#define TESTS_MOCK_BROKER_H

#include "exporter/kafka/kafka_sink.h"
#include "support/sample_observation.h"
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>

#define MESSAGES 50 /* of one block */

typedef struct mock_broker {
    rd_kafka_t *holder;
    rd_kafka_mock_cluster_t *cluster;
    const char *address;
    char target[256]; /* of the sink: `ADDRESS/fingerprints` */
} mock_broker_t;

static inline rd_kafka_t *kafka_client_new(rd_kafka_type_t type, const char *brokers)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (brokers != NULL) {
        (void)rd_kafka_conf_set(conf, "bootstrap.servers", brokers, reason, sizeof reason);
    }
    (void)rd_kafka_conf_set(conf, "log_level", "0", reason, sizeof reason);
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
    assert_non_null(client);
    return client;
}

static inline void mock_broker_start(mock_broker_t *mock, int partitions)
{
    mock->holder = kafka_client_new(RD_KAFKA_PRODUCER, NULL);
    mock->cluster = rd_kafka_mock_cluster_new(mock->holder, 1);
    assert_non_null(mock->cluster);
    (void)rd_kafka_mock_topic_create(mock->cluster, "fingerprints", partitions, 1);
    mock->address = rd_kafka_mock_cluster_bootstraps(mock->cluster);
    (void)snprintf(mock->target, sizeof mock->target, "%s/fingerprints", mock->address);
}

static inline void mock_broker_stop(mock_broker_t *mock)
{
    rd_kafka_mock_cluster_destroy(mock->cluster);
    rd_kafka_destroy(mock->holder);
}

static inline synfix_status_t open_sink(const synfix_module_context_t *context, const char *target,
                                        const char *settings, void **instance, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    synfix_status_t status = module_options_make(&kafka_module, target, settings, &options, error);
    status = status == SYNFIX_OK ? kafka_module.sink->open(context, options, instance, error) : status;
    module_options_free(options);
    return status;
}

/** Writes a block of MESSAGES observations, half of them of 1.2.3.4, half of 2001:db8:10::10. */
static inline void write_block(void *instance)
{
    static uint8_t data[1u << 18];
    sample_t sample;
    const void *settings = NULL;
    const char *key = NULL;
    void *encoder = NULL;
    const synfix_encoding_t *encoding = kafka_module.sink->encoding(instance, &settings, &key);
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    if (encoding->create != NULL) {
        assert_int_equal(encoding->create(settings, 0, &encoder, NULL), SYNFIX_OK);
    }
    for (uint64_t i = 0; i < MESSAGES; i++) {
        if (i % 2 == 0) {
            sample_syn(&sample);
        } else {
            sample_ipv6(&sample);
        }
        sample.observation.packet_number = i;
        assert_int_equal(encoding->encode(encoder, &sample.observation, &block), SYNFIX_OK);
    }
    if (encoding->destroy != NULL) {
        encoding->destroy(encoder);
    }
    assert_int_equal(block.records, MESSAGES);
    assert_int_equal(kafka_module.sink->write(instance, &block, NULL), SYNFIX_OK);
}

static inline synfix_sink_stats_t sink_stats(void *instance)
{
    synfix_sink_stats_t stats;
    kafka_module.sink->stats(instance, &stats);
    return stats;
}

#endif
