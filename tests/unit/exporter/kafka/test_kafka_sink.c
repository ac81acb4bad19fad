/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Against librdkafka's own mock cluster: what is produced is consumed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/kafka/kafka_sink.h"
#include "support/sample_observation.h"

#ifdef SYNFIX_HAVE_RDKAFKA
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>

#define MESSAGES 50

static rd_kafka_t *make(rd_kafka_type_t type, const char *brokers)
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

static synfix_status_t open_sink(const char *target, const char *settings, void **instance,
                                 synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    synfix_status_t status = module_options_make(&kafka_module, target, settings, &options, error);
    status = status == SYNFIX_OK ? kafka_module.sink->open(NULL, options, instance, error) : status;
    module_options_free(options);
    return status;
}

static void write_block(void *instance)
{
    static uint8_t data[65536];
    sample_t sample;
    const void *settings = NULL;
    const char *key = NULL;
    const synfix_encoding_t *encoding = kafka_module.sink->encoding(instance, &settings, &key);
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    for (uint64_t i = 0; i < MESSAGES; i++) {
        if (i % 2 == 0) {
            sample_syn(&sample);
        } else {
            sample_ipv6(&sample);
        }
        sample.observation.packet_number = i;
        assert_int_equal(encoding->encode(NULL, &sample.observation, &block), SYNFIX_OK);
    }
    assert_int_equal(block.records, MESSAGES);
    assert_int_equal(kafka_module.sink->write(instance, &block, NULL), SYNFIX_OK);
}

static void produce(void *instance)
{
    write_block(instance);
    assert_int_equal(kafka_module.sink->finish(instance, NULL), SYNFIX_OK);
}

static unsigned consume(const char *brokers)
{
    rd_kafka_t *client = make(RD_KAFKA_CONSUMER, brokers);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, "fingerprints", NULL);
    unsigned found = 0;
    assert_int_equal(rd_kafka_consume_start(topic, 0, RD_KAFKA_OFFSET_BEGINNING), 0);
    for (unsigned tries = 0; tries < 100 && found < MESSAGES; tries++) {
        rd_kafka_message_t *message = rd_kafka_consume(topic, 0, 200);
        if (message == NULL) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            char number[40];
            const char *key = found % 2 == 0 ? "1.2.3.4" : "2001:db8:10::10";
            (void)snprintf(number, sizeof number, "\"pcap_cnt\":%u,", found);
            assert_int_equal(message->key_len, strlen(key));
            assert_memory_equal(message->key, key, strlen(key));
            assert_non_null(memmem(message->payload, message->len, number, strlen(number)));
            assert_int_equal(((const char *)message->payload)[message->len - 1], '}');
            found++;
        }
        rd_kafka_message_destroy(message);
    }
    (void)rd_kafka_consume_stop(topic, 0);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return found;
}

static void produced_messages_are_consumed(void **state)
{
    (void)state;
    char target[256];
    synfix_sink_stats_t stats;
    void *instance = NULL;
    rd_kafka_t *holder = make(RD_KAFKA_PRODUCER, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(holder, 1);
    assert_non_null(cluster);
    (void)rd_kafka_mock_topic_create(cluster, "fingerprints", 1, 1);
    const char *brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    (void)snprintf(target, sizeof target, "%s/fingerprints", brokers);
    synfix_error_t error;
    assert_int_equal(open_sink(target, NULL, &instance, &error), SYNFIX_OK);
    produce(instance);
    kafka_module.sink->stats(instance, &stats);
    assert_int_equal(stats.produced, MESSAGES);
    assert_int_equal(stats.delivered, MESSAGES);
    assert_int_equal(stats.lost + stats.pending, 0);
    kafka_module.sink->close(instance);
    assert_int_equal(consume(brokers), MESSAGES);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(holder);
}

/* Live, with a broker that accepts nothing: records without room in the queue are lost at once, the rest at
 * the end. */
static void the_queue_is_bounded(void **state)
{
    (void)state;
    char target[256];
    synfix_sink_stats_t stats;
    synfix_error_t error;
    synfix_options_t *options = NULL;
    void *instance = NULL;
    const synfix_module_context_t context = {.struct_size = sizeof context, .live = true};
    rd_kafka_t *holder = make(RD_KAFKA_PRODUCER, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(holder, 1);
    (void)snprintf(target, sizeof target, "%s/fingerprints", rd_kafka_mock_cluster_bootstraps(cluster));
    (void)rd_kafka_mock_broker_set_down(cluster, 1);
    assert_int_equal(module_options_make(&kafka_module, target, "queue=20&timeout=200ms", &options, &error),
                     SYNFIX_OK);
    assert_int_equal(kafka_module.sink->open(&context, options, &instance, &error), SYNFIX_OK);
    module_options_free(options);
    write_block(instance);
    kafka_module.sink->stats(instance, &stats);
    assert_int_equal(stats.produced, MESSAGES);
    assert_int_equal(stats.lost, MESSAGES - 20);
    assert_int_equal(stats.pending, 20);
    assert_int_equal(kafka_module.sink->finish(instance, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "fingerprints: 50 messages were not delivered"));
    kafka_module.sink->stats(instance, &stats);
    assert_int_equal(stats.lost, MESSAGES);
    assert_int_equal(stats.delivered + stats.pending, 0);
    kafka_module.sink->close(instance);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(holder);
}

static void refusals(void **state)
{
    (void)state;
    synfix_error_t error;
    void *instance = NULL;
    assert_int_equal(open_sink("127.0.0.1:1", "timeout=200ms", &instance, &error), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "kafka://127.0.0.1:1: no broker answers"));
    assert_int_equal(open_sink("127.0.0.1:1", "set=nonsense=1", &instance, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "nonsense"));
    assert_int_equal(open_sink("127.0.0.1:1", "set=nonsense", &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink("127.0.0.1:1", "format=avro", &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink("127.0.0.1:1", "format=ipfix&profile=none", &instance, &error),
                     SYNFIX_INVALID);
    assert_int_equal(open_sink("", NULL, &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink("user:word@127.0.0.1:1", NULL, &instance, &error), SYNFIX_INVALID);
    assert_null(strstr(error.text, "word@"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(produced_messages_are_consumed),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    print_message("skipped: built without librdkafka; install the package librdkafka-dev and build again\n");
    return 0;
}
#endif
