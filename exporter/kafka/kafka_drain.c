/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The end of the sink: the last deliveries, and the records that no broker acknowledged. */
#include <inttypes.h>
#include <stdio.h>

#include "base/message_text.h"
#include "exporter/kafka/kafka_sink_internal.h"

/* Waits until all messages are delivered, the time is over or the sink stops. */
static void drain(kafka_t *kafka)
{
    for (int64_t waited = 0; rd_kafka_outq_len(kafka->client) > 0; waited += STOP_CHECK_MS) {
        if (waited >= kafka->timeout_ms || atomic_load(&kafka->stopping)) {
            break;
        }
        (void)rd_kafka_flush(kafka->client, STOP_CHECK_MS);
    }
    kafka_purge(kafka);
}

static synfix_status_t fail_lost(const kafka_t *kafka, uint64_t lost, synfix_error_t *error)
{
    char when[64] = "before the stop";
    char count[32] = "";
    if (!atomic_load(&kafka->stopping)) {
        (void)snprintf(when, sizeof when, "within %g s", (double)kafka->timeout_ms / 1000);
    }
    if (kafka->purged < lost) {
        (void)snprintf(count, sizeof count, "%ju ", (uintmax_t)kafka->purged);
    }
    if (kafka->purged == 0) {
        return synfix_fail(error, SYNFIX_IO,
                           "kafka: %s: %ju record%s lost: the queue was full, or the broker refused them; "
                           "raise queue=, or check the broker",
                           kafka->topic, (uintmax_t)lost, plural(lost));
    }
    return synfix_fail(error, SYNFIX_IO,
                       "kafka: %s: %ju record%s lost: %snot acknowledged by a broker %s; check the broker, "
                       "its address and port",
                       kafka->topic, (uintmax_t)lost, plural(lost), count, when);
}

synfix_status_t kafka_drain(kafka_t *kafka, synfix_error_t *error)
{
    drain(kafka);
    const uint64_t lost = atomic_load(&kafka->lost);
    return lost > 0 ? fail_lost(kafka, lost, error) : SYNFIX_OK;
}
