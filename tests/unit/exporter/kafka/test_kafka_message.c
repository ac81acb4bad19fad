/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/kafka/kafka_message.h"
#include "support/sample_observation.h"

static const synfix_option_t list[] = {IPFIX_RECORD_OPTIONS, {.name = NULL}};
static const synfix_module_t module = {.name = "demo", .options = list};
static uint8_t data[8192];

static void messages_lie_behind_one_another(void **state)
{
    (void)state;
    sample_t sample;
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    sample_syn(&sample);
    assert_int_equal(kafka_json_encoding.encode(NULL, &sample.observation, &block), SYNFIX_OK);
    sample_ipv6(&sample);
    assert_int_equal(kafka_json_encoding.encode(NULL, &sample.observation, &block), SYNFIX_OK);
    assert_int_equal(block.records, 2);
    kafka_message_t message;
    uint32_t offset = kafka_message_at(&block, 0, &message);
    assert_int_equal(message.key_length, 7);
    assert_memory_equal(message.key, "1.2.3.4", 7);
    assert_int_equal(message.value[0], '{');
    assert_int_equal(message.value[message.value_length - 1], '}');
    offset = kafka_message_at(&block, offset, &message);
    assert_memory_equal(message.key, "2001:db8:10::10", message.key_length);
    assert_int_equal(offset, block.length);
}

static void without_room_nothing_is_written(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    for (uint32_t capacity = 0; capacity < 600; capacity += 7) {
        synfix_block_t block = {.data = data, .capacity = capacity};
        assert_int_equal(kafka_json_encoding.encode(NULL, &sample.observation, &block), SYNFIX_INVALID);
        assert_int_equal(block.length, 0);
    }
    synfix_block_t block = {.data = data, .capacity = 1200};
    assert_int_equal(kafka_json_encoding.encode(NULL, &sample.observation, &block), SYNFIX_OK);
    const uint32_t length = block.length;
    assert_int_equal(kafka_json_encoding.encode(NULL, &sample.observation, &block), SYNFIX_AGAIN);
    assert_int_equal(block.length, length);
}

/* Two sets that fill the message: the template, and one record of it. */
static void an_ipfix_message_is_whole(void **state)
{
    (void)state;
    ipfix_settings_t settings;
    synfix_options_t *options = NULL;
    synfix_error_t error = {.text = ""};
    void *encoder = NULL;
    assert_int_equal(module_options_make(&module, "", "profile=full&pen=12345&domain=9", &options, &error),
                     SYNFIX_OK);
    assert_int_equal(ipfix_settings_init(&settings, NULL, options, &error), SYNFIX_OK);
    module_options_free(options);
    assert_int_equal(kafka_ipfix_encoding.create(&settings, 0, &encoder, &error), SYNFIX_OK);
    void (*const samples[])(sample_t *) = {sample_syn, sample_ipv6, sample_uptime};
    for (size_t i = 0; i < 3; i++) {
        sample_t sample;
        samples[i](&sample);
        synfix_block_t block = {.data = data, .capacity = sizeof data};
        assert_int_equal(kafka_ipfix_encoding.encode(encoder, &sample.observation, &block), SYNFIX_OK);
        kafka_message_t message;
        assert_int_equal(kafka_message_at(&block, 0, &message), block.length);
        uint8_t *value = data + (message.value - data);
        assert_int_equal(read_be16(value), 10);
        assert_int_equal(read_be16(value + 2), message.value_length);
        const uint8_t *template = value + 16;
        const uint8_t *record = template + read_be16(template + 2);
        const ipfix_template_t *wanted = &settings.profile->templates[ipfix_variant(&sample.observation)];
        assert_int_equal(read_be16(template), 2);
        assert_int_equal(read_be16(template + 4), wanted->id);
        assert_int_equal(read_be16(template + 6), wanted->field_count);
        assert_int_equal(read_be16(record), wanted->id);
        assert_ptr_equal(record + read_be16(record + 2), value + message.value_length);
    }
    kafka_ipfix_encoding.destroy(encoder);
    ipfix_settings_clear(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_lie_behind_one_another),
        cmocka_unit_test(without_room_nothing_is_written),
        cmocka_unit_test(an_ipfix_message_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
