/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Against librdkafka's own mock cluster: what is produced is consumed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/skip.h"

#ifdef SYNFIX_HAVE_RDKAFKA
#include "unit/exporter/kafka/mock_broker.h"

static void produce(void *instance)
{
    write_block(instance);
    assert_int_equal(kafka_module.sink->finish(instance, NULL), SYNFIX_OK);
}

static unsigned consume(const char *brokers)
{
    rd_kafka_t *client = kafka_client_new(RD_KAFKA_CONSUMER, brokers);
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
    mock_broker_t mock;
    void *instance = NULL;
    synfix_error_t error;
    mock_broker_start(&mock, 1);
    assert_int_equal(open_sink(NULL, mock.target, NULL, &instance, &error), SYNFIX_OK);
    produce(instance);
    const synfix_sink_stats_t stats = sink_stats(instance);
    assert_int_equal(stats.produced, MESSAGES);
    assert_int_equal(stats.delivered, MESSAGES);
    assert_int_equal(stats.lost + stats.pending, 0);
    kafka_module.sink->close(instance);
    assert_int_equal(consume(mock.address), MESSAGES);
    mock_broker_stop(&mock);
}

/* Live, with a broker that accepts nothing: records without room in the queue are lost at once, the others at
 * the end. */
static void the_queue_is_bounded(void **state)
{
    (void)state;
    mock_broker_t mock;
    synfix_error_t error;
    void *instance = NULL;
    const synfix_module_context_t context = {.struct_size = sizeof context, .live = true};
    mock_broker_start(&mock, 1);
    (void)rd_kafka_mock_broker_set_down(mock.cluster, 1);
    assert_int_equal(open_sink(&context, mock.target, "queue=20&timeout=200ms", &instance, &error),
                     SYNFIX_OK);
    write_block(instance);
    synfix_sink_stats_t stats = sink_stats(instance);
    assert_int_equal(stats.produced, MESSAGES);
    assert_int_equal(stats.lost, MESSAGES - 20);
    assert_int_equal(stats.pending, 20);
    assert_int_equal(kafka_module.sink->finish(instance, &error), SYNFIX_IO);
    assert_non_null(
        strstr(error.text, "fingerprints: 50 records lost: 20 not acknowledged by a broker within 0.2 s"));
    stats = sink_stats(instance);
    assert_int_equal(stats.lost, MESSAGES);
    assert_int_equal(stats.delivered + stats.pending, 0);
    kafka_module.sink->close(instance);
    mock_broker_stop(&mock);
}

static void refusals(void **state)
{
    (void)state;
    synfix_error_t error;
    void *instance = NULL;
    assert_int_equal(open_sink(NULL, "127.0.0.1:1", "timeout=200ms", &instance, &error), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "kafka://127.0.0.1:1: no broker answers"));
    assert_int_equal(open_sink(NULL, "127.0.0.1:1", "set=nonsense=1", &instance, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "nonsense"));
    assert_int_equal(open_sink(NULL, "127.0.0.1:1", "set=nonsense", &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink(NULL, "127.0.0.1:1", "format=avro", &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink(NULL, "127.0.0.1:1", "format=ipfix&profile=none", &instance, &error),
                     SYNFIX_INVALID);
    assert_int_equal(open_sink(NULL, "", NULL, &instance, &error), SYNFIX_INVALID);
    assert_int_equal(open_sink(NULL, "user:word@127.0.0.1:1", NULL, &instance, &error), SYNFIX_INVALID);
    assert_null(strstr(error.text, "word@"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(produced_messages_are_consumed),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(refusals),
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
