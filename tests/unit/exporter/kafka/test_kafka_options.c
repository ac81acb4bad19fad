/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "base/clock.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/kafka/kafka_options.h"
#include "support/sample_observation.h"

static const synfix_option_t list[] = {IPFIX_RECORD_OPTIONS, {.name = NULL}};
static const synfix_module_t module = {.name = "demo", .options = list};

typedef struct topic {
    int32_t partitions;
    unsigned asked;
    unsigned messages[4]; /* by partition */
    uint32_t sequence;    /* of the last message */
    ipfix_decoder_stats_t stats;
} topic_t;

static int32_t partitions(void *user)
{
    topic_t *topic = user;
    topic->asked++;
    return topic->partitions;
}

/* Each message is decoded alone. */
static void produce(void *user, int32_t partition, const uint8_t *message, size_t length)
{
    topic_t *topic = user;
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model};
    const ipfix_decoder_events_t events = {.record = NULL};
    ipfix_decoder_t *decoder = ipfix_decoder_new(&names, NULL, &events);
    assert_in_range(partition, 0, topic->partitions - 1);
    assert_int_equal(ipfix_decoder_message(decoder, message, length, NULL), SYNFIX_OK);
    ipfix_decoder_get_stats(decoder, &topic->stats);
    assert_int_equal(topic->stats.sets_without_template, 0);
    ipfix_decoder_free(decoder);
    topic->messages[partition]++;
    topic->sequence = read_be32(message + 8);
}

static kafka_options_t *make(ipfix_settings_t *settings, topic_t *topic)
{
    synfix_options_t *given = NULL;
    kafka_options_t *options = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(module_options_make(&module, "", "profile=compact", &given, &error), SYNFIX_OK);
    assert_int_equal(ipfix_settings_init(settings, NULL, given, &error), SYNFIX_OK);
    module_options_free(given);
    const kafka_options_config_t config = {
        .settings = settings, .partitions = partitions, .produce = produce, .user = topic};
    assert_int_equal(kafka_options_new(&config, &options, &error), SYNFIX_OK);
    return options;
}

static void tick(kafka_options_t *options, int64_t second)
{
    assert_int_equal(kafka_options_tick(options, second * NS_PER_S, NULL), SYNFIX_OK);
}

static void each_partition_gets_everything(void **state)
{
    (void)state;
    ipfix_settings_t settings;
    topic_t topic = {.partitions = 0};
    kafka_options_t *options = make(&settings, &topic);
    tick(options, 1000); /* no broker */
    tick(options, 1000);
    assert_int_equal(topic.asked, 1);
    assert_false(kafka_options_begun(options));
    topic.partitions = 3;
    tick(options, 1001);
    assert_true(kafka_options_begun(options));
    assert_true(topic.stats.templates > 5 && topic.stats.options_records > 20);
    assert_int_equal(topic.sequence, 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(topic.messages[i], 1);
    }
    const uint64_t records = topic.stats.options_records;
    tick(options, 1001);
    assert_int_equal(topic.messages[0], 1); /* nothing is due */
    tick(options, 1002);
    assert_int_equal(topic.messages[0], 2);
    assert_int_equal(topic.sequence, records);
    tick(options, 1003);
    assert_int_equal(topic.messages[0], 2);
    tick(options, 1004);
    assert_int_equal(topic.messages[0], 3);
    topic.partitions = 4; /* the topic has grown */
    assert_int_equal(kafka_options_end(options, 1005 * NS_PER_S, NULL), SYNFIX_OK);
    assert_int_equal(topic.messages[3], 1);
    assert_int_equal(topic.messages[0], 4);
    kafka_options_free(options);
    ipfix_settings_clear(&settings);
}

static void records_have_the_next_numbers(void **state)
{
    (void)state;
    ipfix_settings_t settings;
    topic_t topic = {.partitions = 1};
    uint8_t message[16] = {0, 10, 0, 16};
    kafka_options_t *options = make(&settings, &topic);
    tick(options, 1000);
    const uint32_t records = (uint32_t)topic.stats.options_records;
    for (uint32_t i = 0; i < 3; i++) {
        kafka_options_write_header(options, message, sizeof message, 1700000000 * NS_PER_S);
        assert_int_equal(read_be16(message), 10);
        assert_int_equal(read_be16(message + 2), 16);
        assert_int_equal(read_be32(message + 4), 1700000000);
        assert_int_equal(read_be32(message + 8), records + i);
    }
    kafka_options_free(options);
    ipfix_settings_clear(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_partition_gets_everything),
        cmocka_unit_test(records_have_the_next_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
