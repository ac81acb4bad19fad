/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Messages into the queue of librdkafka. */
#include <string.h>

#include "base/clock.h"
#include "exporter/kafka/kafka_message.h"
#include "exporter/kafka/kafka_sink_internal.h"

int32_t kafka_count_partitions(void *user)
{
    kafka_t *kafka = user;
    const struct rd_kafka_metadata *metadata = NULL;
    int32_t count = 0;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka->client, kafka->topic, NULL);
    if (topic == NULL) {
        return 0;
    }
    if (rd_kafka_metadata(kafka->client, 0, topic, &metadata, KAFKA_STEP_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(topic);
    return count;
}

void kafka_produce_options(void *user, int32_t partition, const uint8_t *message, size_t length)
{
    kafka_t *kafka = user;
    (void)rd_kafka_producev(kafka->client, RD_KAFKA_V_TOPIC(kafka->topic), RD_KAFKA_V_PARTITION(partition),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(kafka),
                            RD_KAFKA_V_VALUE((void *)(uintptr_t)message, length), RD_KAFKA_V_END);
}

/* Adds a message to librdkafka's queue. When the queue is full, waits if a file is read, and drops the
 * message if live. */
static void produce(kafka_t *kafka, const kafka_message_t *message)
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
        (void)rd_kafka_poll(kafka->client, STOP_CHECK_MS);
    }
    atomic_fetch_add(&kafka->lost, 1);
    atomic_fetch_add(&kafka->errors, 1);
}

/* Another sink may use the same block: complete the header in a copy. */
static void produce_ipfix(kafka_t *kafka, kafka_message_t *message)
{
    uint8_t copy[KAFKA_IPFIX_MESSAGE_MAX];
    memcpy(copy, message->value, message->value_length);
    kafka_options_write_header(kafka->options, copy, message->value_length, wall_ns());
    message->value = copy;
    produce(kafka, message);
}

void kafka_produce_block(kafka_t *kafka, const synfix_block_t *block)
{
    for (uint32_t offset = 0; offset < block->length;) {
        kafka_message_t message;
        offset = kafka_message_at(block, offset, &message);
        if (kafka->ipfix) {
            produce_ipfix(kafka, &message);
        } else {
            produce(kafka, &message);
        }
    }
}
