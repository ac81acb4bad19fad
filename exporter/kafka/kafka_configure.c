/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Settings of librdkafka: those of synfix, then those of the user. */
#include <stdio.h>
#include <string.h>

#include "exporter/kafka/kafka_settings.h"
#include "exporter/kafka/kafka_sink_internal.h"

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
                      setter->secret ? "a setting after a secret" : name, why);
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

bool kafka_configure(rd_kafka_conf_t *conf, const char *brokers, const synfix_options_t *options,
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

void kafka_check_settings(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error = {.text = ""};
    const synfix_status_t loaded = on_demand_load_kafka(&error);
    if (synfix_mistakes_add(mistakes, NULL, loaded, &error) == SYNFIX_OK) {
        kafka_setter_t setter = {.conf = rd_kafka_conf_new()};
        kafka_settings_check(options, kafka_take_setting, &setter, mistakes);
        rd_kafka_conf_destroy(setter.conf);
    }
}
