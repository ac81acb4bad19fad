/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sink `kafka:`: one message for each observation. The key is the address of the described host, so that
 * all messages of a host go to one partition in order. Built with librdkafka.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "exporter/kafka/kafka_message.h"
#include "exporter/kafka/kafka_sink.h"
#include "exporter/kafka/kafka_sink_internal.h"

static void kafka_close(void *instance)
{
    kafka_t *kafka = instance;
    if (kafka == NULL) {
        return;
    }
    kafka_disconnect(kafka);
    kafka_options_free(kafka->options);
    ipfix_settings_clear(&kafka->settings);
    free(kafka->topic);
    free(kafka);
}

static void kafka_stats(void *instance, synfix_sink_stats_t *stats)
{
    kafka_t *kafka = instance;
    *stats = (synfix_sink_stats_t){.delivered = atomic_load(&kafka->delivered),
                                   .lost = atomic_load(&kafka->lost),
                                   .bytes = atomic_load(&kafka->bytes),
                                   .errors = atomic_load(&kafka->errors)};
    stats->produced = atomic_load(&kafka->produced);
    stats->pending = stats->produced - stats->delivered - stats->lost;
}

static synfix_status_t make_options(kafka_t *kafka, synfix_error_t *error)
{
    const kafka_options_config_t config = {.settings = &kafka->settings,
                                           .context = kafka->context,
                                           .stats = kafka_stats,
                                           .partitions = kafka_count_partitions,
                                           .produce = kafka_produce_options,
                                           .user = kafka};
    return kafka_options_new(&config, &kafka->options, error);
}

static synfix_status_t kafka_format(kafka_t *kafka, const synfix_options_t *options, synfix_error_t *error)
{
    const char *format = synfix_options_string(options, "format");
    kafka->ipfix = strcmp(format, "ipfix") == 0;
    if (kafka->ipfix) {
        const synfix_status_t status = ipfix_settings_init(&kafka->settings, kafka->context, options, error);
        return status == SYNFIX_OK ? make_options(kafka, error) : status;
    }
    if (strcmp(format, "json") != 0) {
        return synfix_fail(error, SYNFIX_INVALID, "kafka: format '%s' is unknown; write json or ipfix",
                           format);
    }
    return SYNFIX_OK;
}

/* A sink for the topic in @p brokers, which is cut at the slash. NULL, or no topic: out of memory. */
static kafka_t *kafka_new(const synfix_module_context_t *context, const synfix_options_t *options,
                          char *brokers)
{
    const char *topic = synfix_options_string(options, "topic");
    const int64_t own_ms = synfix_options_duration_ms(options, "timeout");
    kafka_t *kafka = calloc(1, sizeof *kafka);
    if (kafka == NULL) {
        return NULL;
    }
    char *slash = strchr(brokers, '/');
    if (slash != NULL) {
        *slash = '\0';
        topic = slash[1] != '\0' ? slash + 1 : topic;
    }
    kafka->context = context;
    kafka->topic = strdup(topic);
    kafka->timeout_ms = own_ms > 0 ? own_ms : synfix_options_duration_ms(options, "sink-timeout");
    return kafka;
}

static synfix_status_t kafka_prepare(kafka_t *kafka, const char *brokers, const synfix_options_t *options,
                                     synfix_error_t *error)
{
    if (kafka == NULL || kafka->topic == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "kafka: out of memory");
    }
    synfix_status_t status = kafka_format(kafka, options, error);
    if (status == SYNFIX_OK) {
        status = kafka_check_brokers(brokers, error);
    }
    return status == SYNFIX_OK ? kafka_connect(kafka, brokers, options, error) : status;
}

static synfix_status_t kafka_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    char *brokers = strdup(synfix_options_target(options));
    kafka_t *kafka = brokers != NULL ? kafka_new(context, options, brokers) : NULL;
    const synfix_status_t status = kafka_prepare(kafka, brokers, options, error);
    free(brokers);
    if (status != SYNFIX_OK) {
        kafka_close(kafka);
        return status;
    }
    *instance = kafka;
    return SYNFIX_OK;
}

static const synfix_encoding_t *kafka_encoding_of(void *instance, const void **settings, const char **key)
{
    const kafka_t *kafka = instance;
    *settings = kafka->ipfix ? &kafka->settings : NULL;
    *key = kafka->ipfix ? kafka->settings.key : "";
    return kafka->ipfix ? &kafka_ipfix_encoding : &kafka_json_encoding;
}

/* From a file, the names of elements and labels stand before the first record. */
static synfix_status_t kafka_start(void *instance, synfix_error_t *error)
{
    kafka_t *kafka = instance;
    const bool live = kafka->context != NULL && kafka->context->live;
    const int64_t end_us = g_get_monotonic_time() + (live ? 0 : kafka->timeout_ms * 1000);
    synfix_status_t status = SYNFIX_OK;
    while (kafka->ipfix && status == SYNFIX_OK) {
        status = kafka_options_tick(kafka->options, wall_ns(), error);
        if (kafka_options_begun(kafka->options) || g_get_monotonic_time() >= end_us ||
            kafka_is_interrupted()) {
            break;
        }
        (void)rd_kafka_poll(kafka->client, STOP_CHECK_MS);
    }
    return status;
}

static synfix_status_t kafka_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    kafka_t *kafka = instance;
    (void)error;
    kafka_produce_block(kafka, block);
    (void)rd_kafka_poll(kafka->client, 0);
    return SYNFIX_OK;
}

static synfix_status_t kafka_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    kafka_t *kafka = instance;
    (void)rd_kafka_poll(kafka->client, 0);
    return kafka->ipfix ? kafka_options_tick(kafka->options, now_ns, error) : SYNFIX_OK;
}

static synfix_status_t kafka_finish(void *instance, synfix_error_t *error)
{
    kafka_t *kafka = instance;
    if (kafka->ipfix && kafka_options_end(kafka->options, wall_ns(), error) != SYNFIX_OK) {
        return SYNFIX_IO;
    }
    return kafka_drain(kafka, error);
}

static void kafka_stop(void *instance)
{
    atomic_store(&((kafka_t *)instance)->stopping, true);
}

static const synfix_sink_t kafka_sink = {
    .open = kafka_open,
    .encoding = kafka_encoding_of,
    .start = kafka_start,
    .write = kafka_write,
    .tick = kafka_tick,
    .finish = kafka_finish,
    .close = kafka_close,
    .stats = kafka_stats,
    .stop = kafka_stop,
};

const synfix_module_t kafka_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "kafka",
    .summary =
        "a JSON or IPFIX message for each observation, keyed by host: kafka://BROKER[,BROKER...][/TOPIC]",
    .options = kafka_sink_options,
    .sink = &kafka_sink,
    .check = kafka_sink_check,
};
