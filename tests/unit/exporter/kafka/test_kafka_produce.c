/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The queue of librdkafka when it is full, and IPFIX messages, against librdkafka's mock cluster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/skip.h"

#ifdef SYNFIX_HAVE_RDKAFKA
#include "base/byte_order.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/kafka/kafka_sink_internal.h"
#include "unit/exporter/kafka/mock_broker.h"

#define QUEUE      20
#define PARTITIONS 2
#define DOMAIN     7

/* A file does not lose records: each write waits until the broker has accepted earlier messages. */
static void a_file_waits_for_room(void **state)
{
    (void)state;
    mock_broker_t mock;
    void *instance = NULL;
    synfix_error_t error;
    mock_broker_start(&mock, 1);
    assert_int_equal(open_sink(NULL, mock.target, "queue=20", &instance, &error), SYNFIX_OK);
    write_block(instance);
    assert_int_equal(sink_stats(instance).lost, 0);
    assert_int_equal(kafka_module.sink->finish(instance, &error), SYNFIX_OK);
    assert_int_equal(sink_stats(instance).delivered, MESSAGES);
    kafka_module.sink->close(instance);
    mock_broker_stop(&mock);
}

/* The wait ends with the program: messages without room are lost and counted. */
static void a_stop_ends_the_wait(void **state)
{
    (void)state;
    mock_broker_t mock;
    void *instance = NULL;
    synfix_error_t error;
    mock_broker_start(&mock, 1);
    assert_int_equal(open_sink(NULL, mock.target, "queue=20&timeout=60s", &instance, &error), SYNFIX_OK);
    (void)rd_kafka_mock_broker_set_down(mock.cluster, 1);
    kafka_module.sink->stop(instance);
    write_block(instance);
    assert_int_equal(sink_stats(instance).lost, MESSAGES - QUEUE);
    assert_int_equal(sink_stats(instance).pending, QUEUE);
    assert_int_equal(kafka_module.sink->finish(instance, &error), SYNFIX_IO);
    assert_int_equal(sink_stats(instance).lost, MESSAGES);
    kafka_module.sink->close(instance);
    mock_broker_stop(&mock);
}

typedef struct received {
    unsigned records; /* messages with a key */
    unsigned options[PARTITIONS];
} received_t;

/* Each message can be decoded alone, and its header is complete. */
static void check_message(const rd_kafka_message_t *message)
{
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model};
    const ipfix_decoder_events_t events = {.record = NULL};
    ipfix_decoder_t *decoder = ipfix_decoder_new(&names, NULL, &events);
    ipfix_decoder_stats_t stats;
    const uint8_t *const bytes = message->payload;
    assert_int_equal(read_be16(bytes + 2), message->len);
    assert_true(read_be32(bytes + 4) > 0); /* export time */
    assert_int_equal(read_be32(bytes + 12), DOMAIN);
    assert_int_equal(ipfix_decoder_message(decoder, bytes, message->len, NULL), SYNFIX_OK);
    ipfix_decoder_get_stats(decoder, &stats);
    assert_int_equal(stats.sets_without_template, 0);
    assert_true(message->key == NULL || stats.data_records == 1);
    ipfix_decoder_free(decoder);
}

static void consume(const char *brokers, int32_t partition, received_t *received)
{
    rd_kafka_t *client = kafka_client_new(RD_KAFKA_CONSUMER, brokers);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, "fingerprints", NULL);
    int64_t first = 0;
    int64_t end = 0;
    assert_int_equal(rd_kafka_query_watermark_offsets(client, "fingerprints", partition, &first, &end, 10000),
                     RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(rd_kafka_consume_start(topic, partition, RD_KAFKA_OFFSET_BEGINNING), 0);
    for (int64_t next = 0; next < end;) {
        rd_kafka_message_t *message = rd_kafka_consume(topic, partition, 10000);
        assert_non_null(message);
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            check_message(message);
            received->records += message->key != NULL;
            received->options[partition] += message->key == NULL;
            next = message->offset + 1;
        }
        rd_kafka_message_destroy(message);
    }
    (void)rd_kafka_consume_stop(topic, partition);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
}

/* A consumer may read one partition alone, so each has all options records. */
static void ipfix_messages_are_complete(void **state)
{
    (void)state;
    mock_broker_t mock;
    void *instance = NULL;
    synfix_error_t error;
    received_t received = {.records = 0};
    const synfix_module_context_t context = {.struct_size = sizeof context, .observation_domain = DOMAIN};
    mock_broker_start(&mock, PARTITIONS);
    assert_int_equal(open_sink(&context, mock.target, "format=ipfix", &instance, &error), SYNFIX_OK);
    assert_int_equal(kafka_module.sink->start(instance, &error), SYNFIX_OK);
    write_block(instance);
    assert_int_equal(kafka_module.sink->finish(instance, &error), SYNFIX_OK);
    assert_int_equal(sink_stats(instance).delivered, MESSAGES); /* options messages hold no observation */
    kafka_module.sink->close(instance);
    for (int32_t partition = 0; partition < PARTITIONS; partition++) {
        consume(mock.address, partition, &received);
    }
    assert_int_equal(received.records, MESSAGES);
    assert_true(received.options[0] > 0);
    assert_int_equal(received.options[0], received.options[1]);
    mock_broker_stop(&mock);
}

/* Live, a broker that does not answer has no partitions now; options messages wait for the next tick. */
static void no_partitions_without_a_broker(void **state)
{
    (void)state;
    mock_broker_t mock;
    void *instance = NULL;
    synfix_error_t error;
    const synfix_module_context_t context = {.struct_size = sizeof context, .live = true};
    mock_broker_start(&mock, PARTITIONS);
    (void)rd_kafka_mock_broker_set_down(mock.cluster, 1);
    assert_int_equal(open_sink(&context, mock.target, "format=ipfix&timeout=200ms", &instance, &error),
                     SYNFIX_OK);
    assert_int_equal(kafka_count_partitions(instance), 0);
    (void)rd_kafka_mock_broker_set_up(mock.cluster, 1);
    int32_t partitions = 0;
    for (unsigned tries = 0; tries < 100 && partitions == 0; tries++) {
        partitions = kafka_count_partitions(instance);
    }
    assert_int_equal(partitions, PARTITIONS);
    kafka_module.sink->close(instance);
    mock_broker_stop(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_waits_for_room),
        cmocka_unit_test(a_stop_ends_the_wait),
        cmocka_unit_test(ipfix_messages_are_complete),
        cmocka_unit_test(no_partitions_without_a_broker),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
#else
int main(void)
{
    print_message("skipped: built without librdkafka; install the package librdkafka-dev and build again\n");
    return SKIP_CODE;
}
#endif
