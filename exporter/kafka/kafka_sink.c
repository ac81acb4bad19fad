/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sink `kafka:`: one message for each observation. The key is the address of the described host, so that
 * all messages of a host go to one partition in order. Built with librdkafka.
 */
#include "on_demand/kafka.h"
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "exporter/kafka/kafka_message.h"
#include "exporter/kafka/kafka_options.h"
#include "exporter/kafka/kafka_settings.h"
#include "exporter/kafka/kafka_sink.h"

/* Interval of the check for a stop request: a user who stops the program does not notice it, and ten wake-ups
 * a second cost nothing. */
#define WAIT_MS         100
#define STEP_MS         500 /* of the first wait */
#define LOG_WARN_LEVEL  1
#define LOG_DEBUG_LEVEL 4
#define TOPIC_DEFAULT   "synfix"

typedef struct kafka {
    const synfix_module_context_t *context;
    rd_kafka_t *client;
    char *topic;
    int64_t timeout_ms;
    bool ipfix;
    ipfix_settings_t settings; /* with ipfix */
    kafka_options_t *options;  /* with ipfix */
    bool reported_loss;
    rd_kafka_resp_err_t reported; /* last error of the client; RD_KAFKA_RESP_ERR_NO_ERROR: none */
    atomic_bool stopping;
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t lost;
    _Atomic uint64_t bytes;
    _Atomic uint64_t errors;
} kafka_t;

static void kafka_log(const kafka_t *kafka, int level, const char *text)
{
    if (kafka->context != NULL && kafka->context->log != NULL) {
        kafka->context->log(kafka->context->user, level, text);
    }
}

static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    char line[SYNFIX_ERROR_SIZE];
    const kafka_t *kafka = rd_kafka_opaque(client);
    (void)level;
    (void)snprintf(line, sizeof line, "kafka: %s: %s", facility, text);
    kafka_log(kafka, LOG_DEBUG_LEVEL, line); /* on_error reports the same in one line */
}

/* Each attempt to connect fails with the same error: it is reported once until another one comes. */
static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    kafka_t *kafka = opaque;
    char line[SYNFIX_ERROR_SIZE];
    (void)client;
    if (kafka->reported == (rd_kafka_resp_err_t)code || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        return;
    }
    kafka->reported = (rd_kafka_resp_err_t)code;
    (void)snprintf(line, sizeof line,
                   "kafka: %s; check the broker, its address and port (synfix tries again)", reason);
    kafka_log(kafka, LOG_WARN_LEVEL, line);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    kafka_t *kafka = opaque;
    char line[SYNFIX_ERROR_SIZE];
    (void)client;
    if (message->_private == kafka) {
        return; /* an options message: no record */
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        atomic_fetch_add(&kafka->delivered, 1);
        atomic_fetch_add(&kafka->bytes, message->len);
        return;
    }
    atomic_fetch_add(&kafka->lost, 1);
    atomic_fetch_add(&kafka->errors, 1);
    if (!kafka->reported_loss) {
        kafka->reported_loss = true;
        (void)snprintf(line, sizeof line, "kafka: %s: messages are lost: %s", kafka->topic,
                       rd_kafka_err2str(message->err));
        kafka_log(kafka, LOG_WARN_LEVEL, line);
    }
}

static bool kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value, synfix_error_t *error)
{
    char reason[256];
    if (rd_kafka_conf_set(conf, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK) {
        return true;
    }
    (void)synfix_fail(error, SYNFIX_INVALID, "kafka: %s", reason);
    return false;
}

typedef struct kafka_setter {
    rd_kafka_conf_t *conf;
    bool secret; /* a value before was one */
} kafka_setter_t;

static bool is_secret(const char *name)
{
    return strstr(name, "password") != NULL || strstr(name, "secret") != NULL;
}

static bool refuse_setting(const kafka_setter_t *setter, const char *name, const char *why,
                           synfix_error_t *error)
{
    /* the name may be the rest of a secret with a comma in it */
    (void)synfix_fail(error, SYNFIX_INVALID, "kafka: set: %s: %s",
                      setter->secret ? "a setting behind a secret" : name, why);
    return false;
}

static bool kafka_take_setting(void *user, const char *name, const char *value, synfix_error_t *error)
{
    kafka_setter_t *setter = user;
    char reason[256];
    const rd_kafka_conf_res_t result = rd_kafka_conf_set(setter->conf, name, value, reason, sizeof reason);
    if (result == RD_KAFKA_CONF_UNKNOWN) {
        return refuse_setting(
            setter, name,
            "librdkafka has no such setting; correct the name, or write \\, for a comma in a value", error);
    }
    if (result != RD_KAFKA_CONF_OK) {
        return refuse_setting(setter, name, is_secret(name) ? "librdkafka refuses the value" : reason, error);
    }
    setter->secret = setter->secret || is_secret(name);
    return true;
}

static bool kafka_configure(rd_kafka_conf_t *conf, const char *brokers, const synfix_options_t *options,
                            synfix_error_t *error)
{
    char queue[24];
    kafka_setter_t setter = {.conf = conf};
    (void)snprintf(queue, sizeof queue, "%lld", (long long)synfix_options_integer(options, "queue"));
    return kafka_set(conf, "bootstrap.servers", brokers, error) &&
           kafka_set(conf, "queue.buffering.max.messages", queue, error) &&
           kafka_set(conf, "client.id", "synfix", error) &&
           kafka_set(conf, "enable.idempotence", "true", error) &&
           kafka_set(conf, "linger.ms", "50", error) &&
           kafka_settings_read(options, kafka_take_setting, &setter, error) == SYNFIX_OK;
}

static void kafka_close(void *instance)
{
    kafka_t *kafka = instance;
    if (kafka == NULL) {
        return;
    }
    if (kafka->client != NULL) {
        (void)rd_kafka_purge(kafka->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        (void)rd_kafka_flush(kafka->client, WAIT_MS);
        rd_kafka_destroy(kafka->client);
    }
    kafka_options_free(kafka->options);
    ipfix_settings_clear(&kafka->settings);
    free(kafka->topic);
    free(kafka);
}

/* INT or TERM is pending: both are blocked while sinks open. */
static bool is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* Waits for a broker. Short steps, so that errors are reported while waiting. */
static synfix_status_t kafka_await_broker(kafka_t *kafka, const char *brokers, synfix_error_t *error)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t status = RD_KAFKA_RESP_ERR__TRANSPORT;
    const int64_t end_us = g_get_monotonic_time() + kafka->timeout_ms * 1000;
    do {
        const int64_t left_ms = (end_us - g_get_monotonic_time()) / 1000;
        const int64_t step_ms = left_ms < STEP_MS ? left_ms : STEP_MS;
        status = rd_kafka_metadata(kafka->client, 0, NULL, &metadata, (int)(step_ms > 1 ? step_ms : 1));
        (void)rd_kafka_poll(kafka->client, 0);
    } while (status != RD_KAFKA_RESP_ERR_NO_ERROR && g_get_monotonic_time() < end_us && !is_interrupted());
    if (status != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return synfix_fail(
            error, SYNFIX_DISCONNECTED,
            "kafka://%s: no broker answers: %s; check the address and port, or raise --sink-timeout", brokers,
            rd_kafka_err2str(status));
    }
    rd_kafka_metadata_destroy(metadata);
    return SYNFIX_OK;
}

static synfix_status_t kafka_connect(kafka_t *kafka, const char *brokers, const synfix_options_t *options,
                                     synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_kafka(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_opaque(conf, kafka);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    if (!kafka_configure(conf, brokers, options, error)) {
        rd_kafka_conf_destroy(conf);
        return SYNFIX_INVALID;
    }
    kafka->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (kafka->client == NULL) {
        rd_kafka_conf_destroy(conf);
        return synfix_fail(error, SYNFIX_INVALID, "kafka: %s", reason);
    }
    /* when live, brokers may become reachable later */
    return kafka->context != NULL && kafka->context->live ? SYNFIX_OK
                                                          : kafka_await_broker(kafka, brokers, error);
}

static int32_t count_partitions(void *user)
{
    kafka_t *kafka = user;
    const struct rd_kafka_metadata *metadata = NULL;
    int32_t count = 0;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka->client, kafka->topic, NULL);
    if (topic == NULL) {
        return 0;
    }
    if (rd_kafka_metadata(kafka->client, 0, topic, &metadata, STEP_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(topic);
    return count;
}

/* What does not fit into the queue comes again with the next templates. */
static void produce_options(void *user, int32_t partition, const uint8_t *message, size_t length)
{
    kafka_t *kafka = user;
    (void)rd_kafka_producev(kafka->client, RD_KAFKA_V_TOPIC(kafka->topic), RD_KAFKA_V_PARTITION(partition),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(kafka),
                            RD_KAFKA_V_VALUE((void *)(uintptr_t)message, length), RD_KAFKA_V_END);
}

static void kafka_stats(void *instance, synfix_sink_stats_t *stats);

static synfix_status_t make_options(kafka_t *kafka, synfix_error_t *error)
{
    const kafka_options_config_t config = {.settings = &kafka->settings,
                                           .context = kafka->context,
                                           .stats = kafka_stats,
                                           .partitions = count_partitions,
                                           .produce = produce_options,
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

static synfix_status_t kafka_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    const char *topic = synfix_options_string(options, "topic");
    char *brokers = strdup(synfix_options_target(options));
    kafka_t *kafka = calloc(1, sizeof *kafka);
    if (kafka != NULL && brokers != NULL) {
        char *slash = strchr(brokers, '/');
        if (slash != NULL) {
            *slash = '\0';
            topic = slash[1] != '\0' ? slash + 1 : topic;
        }
        kafka->context = context;
        kafka->topic = strdup(topic);
        const int64_t own_ms = synfix_options_duration_ms(options, "timeout");
        kafka->timeout_ms = own_ms > 0 ? own_ms : synfix_options_duration_ms(options, "sink-timeout");
    }
    synfix_status_t status = synfix_fail(error, SYNFIX_NO_MEMORY, "kafka: out of memory");
    if (kafka != NULL && kafka->topic != NULL) {
        status = kafka_format(kafka, options, error);
    }
    if (status == SYNFIX_OK && brokers[0] == '\0') {
        status = synfix_fail(error, SYNFIX_INVALID, "kafka: no broker; write kafka://HOST:PORT/TOPIC");
    }
    if (status == SYNFIX_OK) {
        status = kafka_connect(kafka, brokers, options, error);
    }
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

/* Adds a message to librdkafka's queue. When the queue is full, waits if a file is read, and drops the
 * message if live. */
static void kafka_produce(kafka_t *kafka, const kafka_message_t *message)
{
    atomic_fetch_add(&kafka->produced, 1);
    for (;;) {
        const rd_kafka_resp_err_t status = rd_kafka_producev(
            kafka->client, RD_KAFKA_V_TOPIC(kafka->topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(message->key, message->key_length),
            RD_KAFKA_V_VALUE((void *)(uintptr_t)message->value, message->value_length), RD_KAFKA_V_END);
        if (status == RD_KAFKA_RESP_ERR_NO_ERROR) {
            return;
        }
        const bool live = kafka->context != NULL && kafka->context->live;
        if (status != RD_KAFKA_RESP_ERR__QUEUE_FULL || live || atomic_load(&kafka->stopping)) {
            break;
        }
        (void)rd_kafka_poll(kafka->client, WAIT_MS);
    }
    atomic_fetch_add(&kafka->lost, 1);
    atomic_fetch_add(&kafka->errors, 1);
}

/* Another sink may use the same block: complete the header in a copy. */
static void kafka_produce_ipfix(kafka_t *kafka, kafka_message_t *message)
{
    uint8_t copy[KAFKA_IPFIX_MESSAGE_MAX];
    memcpy(copy, message->value, message->value_length);
    kafka_options_stamp(kafka->options, copy, message->value_length, wall_ns());
    message->value = copy;
    kafka_produce(kafka, message);
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
        if (kafka_options_begun(kafka->options) || g_get_monotonic_time() >= end_us || is_interrupted()) {
            break;
        }
        (void)rd_kafka_poll(kafka->client, WAIT_MS);
    }
    return status;
}

static synfix_status_t kafka_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    kafka_t *kafka = instance;
    (void)error;
    for (uint32_t offset = 0; offset < block->length;) {
        kafka_message_t message;
        offset = kafka_message_at(block, offset, &message);
        if (kafka->ipfix) {
            kafka_produce_ipfix(kafka, &message);
        } else {
            kafka_produce(kafka, &message);
        }
    }
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
    for (int64_t waited = 0; rd_kafka_outq_len(kafka->client) > 0; waited += WAIT_MS) {
        if (waited >= kafka->timeout_ms || atomic_load(&kafka->stopping)) {
            break;
        }
        (void)rd_kafka_flush(kafka->client, WAIT_MS);
    }
    (void)rd_kafka_purge(kafka->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    (void)rd_kafka_flush(kafka->client, WAIT_MS); /* delivery reports of purged messages */
    const uint64_t lost = atomic_load(&kafka->lost);
    if (lost > 0) {
        return synfix_fail(error, SYNFIX_IO, "kafka: %s: %llu messages were not delivered", kafka->topic,
                           (unsigned long long)lost);
    }
    return SYNFIX_OK;
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

static void kafka_stop(void *instance)
{
    atomic_store(&((kafka_t *)instance)->stopping, true);
}

static const synfix_option_t kafka_options[] = {
    {.name = "topic",
     .type = SYNFIX_OPTION_STRING,
     .fallback = TOPIC_DEFAULT,
     .help = "topic, unless the target ends with /TOPIC"},
    {.name = "format",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "json",
     .choices = "json ipfix",
     .help = "json, or ipfix: a message with its template for each observation, and messages of options "
             "records"},
    IPFIX_RECORD_OPTIONS,
    {.name = "options",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "all",
     .choices = "all types none",
     .help = "messages of options records with format=ipfix: all, types (of the elements only), or none"},
    {.name = "queue",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "100000",
     .minimum = 1,
     .maximum = 10000000,
     .help = "maximum number of messages that wait for a broker"},
    {.name = "timeout",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "0",
     .minimum = 0,
     .maximum = 600000,
     .help = "time to wait for a broker at the start and for deliveries at the end; 0: sink-timeout"},
    {.name = "sink-timeout",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "10s",
     .minimum = 0,
     .maximum = 86400000,
     .help = "the same; --sink-timeout sets it"},
    KAFKA_SETTINGS_OPTIONS,
    {.name = NULL},
};

/* `//HOST/TOPIC` without a host. */
static synfix_status_t check_brokers(const char *target, synfix_error_t *error)
{
    return target[0] != '\0' && target[0] != '/'
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "kafka: no broker; write kafka://HOST:PORT/TOPIC");
}

/* Names and values of librdkafka's settings; no client is made. */
static void check_client(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    const synfix_status_t loaded = on_demand_load_kafka(&error);
    if (synfix_mistakes_add(mistakes, NULL, loaded, &error) == SYNFIX_OK) {
        kafka_setter_t setter = {.conf = rd_kafka_conf_new()};
        kafka_settings_check(options, kafka_take_setting, &setter, mistakes);
        rd_kafka_conf_destroy(setter.conf);
    }
}

static void kafka_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, check_brokers(synfix_options_target(options), &error), &error);
    check_client(options, mistakes);
    if (strcmp(synfix_options_string(options, "format"), "ipfix") == 0) {
        ipfix_settings_check(options, mistakes);
    }
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
    .options = kafka_options,
    .sink = &kafka_sink,
    .check = kafka_check,
};
