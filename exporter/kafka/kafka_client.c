/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The client of librdkafka: connection, and what librdkafka reports. */
#include <glib.h>
#include <signal.h>
#include <stdio.h>

#include "exporter/kafka/kafka_sink_internal.h"
#include "exporter/posix/connect_problem.h"

#define LOG_WARN_LEVEL  1
#define LOG_DEBUG_LEVEL 4

static void report(const kafka_t *kafka, int level, const char *text)
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
    report(kafka, LOG_DEBUG_LEVEL, line); /* on_error reports the same in one line */
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
    g_autofree char *explained =
        code == RD_KAFKA_RESP_ERR__TRANSPORT ? connect_problem_explain(reason) : NULL;
    (void)snprintf(line, sizeof line, "kafka: %s%s (synfix tries again)",
                   explained != NULL ? explained : reason,
                   explained != NULL ? "" : "; check the broker, its address and port");
    report(kafka, LOG_WARN_LEVEL, line);
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
    if (message->err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || message->err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
        kafka->purged++;
    } else if (!kafka->reported_loss) {
        kafka->reported_loss = true;
        (void)snprintf(line, sizeof line, "kafka: %s: messages are lost: %s", kafka->topic,
                       rd_kafka_err2str(message->err));
        report(kafka, LOG_WARN_LEVEL, line);
    }
}

bool kafka_is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* Waits for a broker. Short steps, so that errors are reported while waiting. */
static synfix_status_t await_broker(kafka_t *kafka, const char *brokers, synfix_error_t *error)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t status = RD_KAFKA_RESP_ERR__TRANSPORT;
    const int64_t end_us = g_get_monotonic_time() + kafka->timeout_ms * 1000;
    do {
        const int64_t left_ms = (end_us - g_get_monotonic_time()) / 1000;
        const int64_t step_ms = left_ms < KAFKA_STEP_MS ? left_ms : KAFKA_STEP_MS;
        status = rd_kafka_metadata(kafka->client, 0, NULL, &metadata, (int)(step_ms > 1 ? step_ms : 1));
        (void)rd_kafka_poll(kafka->client, 0);
    } while (status != RD_KAFKA_RESP_ERR_NO_ERROR && g_get_monotonic_time() < end_us &&
             !kafka_is_interrupted());
    if (status != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return synfix_fail(
            error, SYNFIX_DISCONNECTED,
            "kafka://%s: no broker answers: %s; check the address and port, or raise --sink-timeout", brokers,
            rd_kafka_err2str(status));
    }
    rd_kafka_metadata_destroy(metadata);
    return SYNFIX_OK;
}

/* A configuration that reports to @p kafka; NULL: a setting is wrong. */
static rd_kafka_conf_t *make_conf(kafka_t *kafka, const char *brokers, const synfix_options_t *options,
                                  synfix_error_t *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_opaque(conf, kafka);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    if (!kafka_configure(conf, brokers, options, error)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}

synfix_status_t kafka_connect(kafka_t *kafka, const char *brokers, const synfix_options_t *options,
                              synfix_error_t *error)
{
    char reason[256];
    const synfix_status_t loaded = on_demand_load_kafka(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    rd_kafka_conf_t *conf = make_conf(kafka, brokers, options, error);
    if (conf == NULL) {
        return SYNFIX_INVALID;
    }
    kafka->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (kafka->client == NULL) {
        rd_kafka_conf_destroy(conf);
        return synfix_fail(error, SYNFIX_INVALID, "kafka: %s", reason);
    }
    /* when live, brokers may become reachable later */
    return kafka->context != NULL && kafka->context->live ? SYNFIX_OK : await_broker(kafka, brokers, error);
}

void kafka_purge(kafka_t *kafka)
{
    (void)rd_kafka_purge(kafka->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    (void)rd_kafka_flush(kafka->client, STOP_CHECK_MS); /* delivery reports of purged messages */
}

void kafka_disconnect(kafka_t *kafka)
{
    if (kafka->client != NULL) {
        kafka_purge(kafka);
        rd_kafka_destroy(kafka->client);
    }
}
