/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Options of the sink `kafka` and their check. */
#include <string.h>

#include "exporter/kafka/kafka_settings.h"
#include "exporter/kafka/kafka_sink_internal.h"

#define TOPIC_DEFAULT "synfix"

const synfix_option_t kafka_sink_options[] = {
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

/* `//HOST/TOPIC` without a host, `//USER:PASSWORD@HOST`, which librdkafka would take for the name of a host
 * and log. */
synfix_status_t kafka_check_brokers(const char *target, synfix_error_t *error)
{
    if (strchr(target, '@') != NULL) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "kafka: a broker has no user; write set=sasl.username=NAME and password-file=PATH");
    }
    return target[0] != '\0' && target[0] != '/'
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "kafka: no broker; write kafka://HOST:PORT/TOPIC");
}

void kafka_sink_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, kafka_check_brokers(synfix_options_target(options), &error),
                              &error);
    kafka_check_settings(options, mistakes);
    if (strcmp(synfix_options_string(options, "format"), "ipfix") == 0) {
        ipfix_settings_check(options, mistakes);
    }
}
