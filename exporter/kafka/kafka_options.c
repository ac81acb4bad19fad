/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/kafka/kafka_options.h"
#include "base/byte_order.h"
#include "base/clock.h"
#include <glib.h>
#include <string.h>

/* The defaults of the IPFIX sinks over UDP: a consumer that starts in the middle decodes after ten minutes at
 * most, and has labels after one. */
#define OPTIONS_INTERVAL_MS  (60 * 1000)
#define TEMPLATE_INTERVAL_MS (600 * 1000)
#define RETRY_NS             NS_PER_S /* interval of queries for the number of partitions */

struct kafka_options {
    kafka_options_config_t config;
    ipfix_session_t *session;
    bool begun;
    int64_t asked_ns;
    int32_t partitions; /* of the call in progress */
    size_t length;      /* of the message in progress */
    uint8_t message[IPFIX_MESSAGE_SIZE_MAX];
};

synfix_status_t kafka_options_new(const kafka_options_config_t *config, kafka_options_t **options,
                                  synfix_error_t *error)
{
    kafka_options_t *made = g_new0(kafka_options_t, 1);
    made->config = *config;
    const ipfix_session_config_t session = {.settings = config->settings,
                                            .context = config->context,
                                            .options_interval_ms = OPTIONS_INTERVAL_MS,
                                            .template_interval_ms = TEMPLATE_INTERVAL_MS,
                                            .whole = true,
                                            .message_size = IPFIX_MESSAGE_SIZE_MAX,
                                            .stats = config->stats,
                                            .stats_user = config->user};
    const synfix_status_t status = ipfix_session_new(&session, &made->session, error);
    if (status != SYNFIX_OK) {
        g_free(made);
        return status;
    }
    *options = made;
    return SYNFIX_OK;
}

void kafka_options_free(kafka_options_t *options)
{
    if (options != NULL) {
        ipfix_session_free(options->session);
        g_free(options);
    }
}

static void produce(kafka_options_t *options)
{
    write_be16(options->message + 2, (uint16_t)options->length);
    for (int32_t partition = 0; options->length > 0 && partition < options->partitions; partition++) {
        options->config.produce(options->config.user, partition, options->message, options->length);
    }
    options->length = 0;
}

/* The messages of one transmission become one: it has its templates, so that it can be decoded alone. */
static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    kafka_options_t *options = user;
    (void)records;
    (void)error;
    const size_t passed = options->length > 0 ? IPFIX_HEADER_SIZE : 0; /* the first header counts */
    if (options->length + length - passed > sizeof options->message) {
        produce(options);
        return emit(user, message, length, records, error);
    }
    memcpy(options->message + options->length, message + passed, length - passed);
    options->length += length - passed;
    return SYNFIX_OK;
}

static synfix_status_t finish(kafka_options_t *options, synfix_status_t status)
{
    produce(options);
    return status;
}

/* The number of partitions can grow: it is read again for each transmission. */
static bool find_partitions(kafka_options_t *options, int64_t now_ns)
{
    if (options->partitions <= 0 && now_ns - options->asked_ns < RETRY_NS && now_ns >= options->asked_ns) {
        return false;
    }
    options->asked_ns = now_ns;
    options->partitions = options->config.partitions(options->config.user);
    return options->partitions > 0;
}

synfix_status_t kafka_options_tick(kafka_options_t *options, int64_t now_ns, synfix_error_t *error)
{
    if (options->begun && !ipfix_session_is_due(options->session, now_ns)) {
        return SYNFIX_OK;
    }
    if (!find_partitions(options, now_ns)) {
        return SYNFIX_OK;
    }
    if (options->begun) {
        return finish(options, ipfix_session_tick(options->session, now_ns, emit, options, error));
    }
    options->begun = true;
    ipfix_session_restart_intervals(options->session);
    return finish(options, ipfix_session_resend(options->session, now_ns, emit, options, error));
}

bool kafka_options_begun(const kafka_options_t *options)
{
    return options->begun;
}

synfix_status_t kafka_options_end(kafka_options_t *options, int64_t now_ns, synfix_error_t *error)
{
    return options->begun && find_partitions(options, now_ns)
               ? finish(options, ipfix_session_end(options->session, now_ns, emit, options, error))
               : SYNFIX_OK;
}

void kafka_options_write_header(kafka_options_t *options, uint8_t *value, size_t length, int64_t now_ns)
{
    uint8_t header[IPFIX_HEADER_SIZE];
    ipfix_session_write_header(options->session, value, length, 1, now_ns, header);
    memcpy(value, header, sizeof header);
}
