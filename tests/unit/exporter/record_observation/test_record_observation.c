/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Observations through the encoder, the decoder and the converter: sinks write the same lines before and
 * after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "event/json_event.h"
#include "event/observation_columns.h"
#include "exporter/ipfix/message_encoder.h"
#include "exporter/record_observation/record_observation.h"
#include "unit/exporter/record_observation/engine_observations.h"
#include <glib.h>

#define ROUNDS      2000
#define MESSAGE_MAX 65000u

typedef struct round_trip {
    record_converter_t *converter;
    GPtrArray *expected; /* char * */
    GPtrArray *found;
    bool twice; /* each record is converted a second time, when its fingerprint is known */
    bool wrong; /* and with values out of their range */
    uint64_t refused;
    uint64_t direct; /* records that were read without their values */
} round_trip_t;

static void settings_open(ipfix_settings_t *settings, const char *profile)
{
    synfix_error_t error = {.text = ""};
    const char *directory = SYNFIX_SOURCE_DIR "/ipfix-templates";
    *settings = (ipfix_settings_t){.message_size = MESSAGE_MAX};
    if (ipfix_model_load(directory, 32473, &settings->model, &error) != SYNFIX_OK ||
        ipfix_profile_load(settings->model, directory, profile, false, &settings->profile, &error) !=
            SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
}

/* An observation as the sinks json and csv write it: all facts. */
static char *lines_of(const synfix_observation_t *observation)
{
    static uint8_t data[65536];
    GString *text = g_string_new(NULL);
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    text_writer_t line = writer_begin(&block);
    json_event(&line, NULL, observation, true, true);
    assert_int_equal(writer_commit(&line, observation, &block), SYNFIX_OK);
    g_string_append_len(text, (const char *)data, (gssize)block.length);
    for (unsigned column = 0; column < COLUMN_COUNT; column++) {
        column_value_t value;
        field_read(observation, (column_t)column, &value);
        g_string_append_printf(text, "|%u %s", value.type,
                               value.type == COLUMN_TEXT || value.type == COLUMN_LIST ? value.text : "");
        if (value.type == COLUMN_NUMBER || value.type == COLUMN_BOOLEAN) {
            g_string_append_printf(text, "%" G_GUINT64_FORMAT, value.number);
        } else if (value.type == COLUMN_NANOSECONDS) {
            g_string_append_printf(text, "%" G_GINT64_FORMAT, value.time_ns);
        }
    }
    return g_string_free(text, FALSE);
}

static void put_template(uint8_t *message, uint16_t *length, const ipfix_template_t *template)
{
    uint8_t *at = message + *length;
    write_be16(at, template->id);
    write_be16(at + 2, template->field_count);
    at += 4;
    for (unsigned i = 0; i < template->field_count; i++) {
        const ipfix_element_t *element = template->fields[i];
        write_be16(at, (uint16_t)(element->id | (element->pen != 0 ? 0x8000 : 0)));
        write_be16(at + 2, template->lengths[i]);
        at += 4;
        if (element->pen != 0) {
            write_be32(at, element->pen);
            at += 4;
        }
    }
    *length = (uint16_t)(at - message);
}

static void decode_templates(ipfix_decoder_t *decoder, const ipfix_profile_t *profile)
{
    static uint8_t message[MESSAGE_MAX];
    uint16_t length = 20;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].id != 0) {
            put_template(message, &length, &profile->templates[i]);
        }
    }
    write_be16(message, 10);
    write_be16(message + 2, length);
    write_be16(message + 16, 2);
    write_be16(message + 18, (uint16_t)(length - 16));
    assert_int_equal(ipfix_decoder_message(decoder, message, length, NULL), SYNFIX_OK);
}

static void convert_and_compare(round_trip_t *trip, const ipfix_decoder_record_t *record)
{
    const synfix_observation_t *observation = record_converter_convert(trip->converter, record);
    if (observation != NULL) {
        g_ptr_array_add(trip->found, lines_of(observation));
    }
}

static size_t record_length(const ipfix_decoder_record_t *record)
{
    const ipfix_decoder_value_t last =
        ipfix_decoder_value(record, (uint16_t)(record->layout->field_count - 1));
    return (size_t)(last.data + last.length - record->start);
}

/* Sets the first byte of a field of the fixed part in a copy of the record. */
static void convert_changed(round_trip_t *trip, const ipfix_decoder_record_t *record, const char *element,
                            uint8_t byte)
{
    static uint8_t bytes[4096];
    const ipfix_decoder_template_t *layout = record->layout;
    ipfix_decoder_value_t values[128] = {{NULL, 0}};
    memcpy(bytes, record->start, record_length(record));
    for (uint16_t i = layout->fixed_count; i < layout->field_count; i++) {
        values[i] = record->values[i];
        values[i].data = bytes + (record->values[i].data - record->start);
    }
    for (uint16_t i = 0; i < layout->fixed_count; i++) {
        if (strcmp(layout->fields[i].name, element) == 0) {
            bytes[layout->fields[i].offset] = byte;
        }
    }
    ipfix_decoder_record_t changed = *record;
    changed.start = bytes;
    changed.values = values;
    size_t length = 0;
    const size_t available = record_length(record);
    const synfix_observation_t *direct =
        record_converter_direct(trip->converter, &changed, available, &length);
    if (direct != NULL || length != 0 || record_converter_convert(trip->converter, &changed) != NULL) {
        fail_msg("%s of %u converted", element, byte);
    }
    trip->refused++;
}

/* Reads the record again without its values, from its own bytes only. False: it is none for that. */
static bool convert_direct(round_trip_t *trip, const ipfix_decoder_record_t *record)
{
    size_t length = 0;
    const size_t own = record_length(record);
    ipfix_decoder_record_t bare = *record;
    g_autofree uint8_t *bytes = g_memdup2(record->start, own);
    bare.start = bytes;
    bare.values = NULL;
    if (record->layout->scope_count > 0 ||
        record_converter_direct(trip->converter, &bare, own - 1, &length) != NULL) {
        assert_int_not_equal(record->layout->scope_count, 0);
        return false;
    }
    const synfix_observation_t *observation = record_converter_direct(trip->converter, &bare, own, &length);
    if (observation != NULL) {
        assert_int_equal(length, own);
        g_ptr_array_add(trip->found, lines_of(observation));
        trip->direct++;
    }
    return observation != NULL;
}

/* A fingerprint that was seen before leads to the short way, which has the same ranges. */
static void convert_wrong(round_trip_t *trip, const ipfix_decoder_record_t *record)
{
    convert_changed(trip, record, "observationKind", 0);
    convert_changed(trip, record, "observationKind", 5);
    convert_changed(trip, record, "octetDeltaCount", 1);
    convert_changed(trip, record, "flowStartMilliseconds", 0xFF);
    convert_changed(trip, record, "mplsLabelStackDepth", 1);
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    round_trip_t *trip = user;
    (void)error;
    convert_and_compare(trip, record);
    if (trip->twice && !convert_direct(trip, record)) {
        convert_and_compare(trip, record);
    }
    if (trip->wrong && record->layout->scope_count == 0) {
        convert_wrong(trip, record);
    }
    return SYNFIX_OK;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    record_converter_layout(((round_trip_t *)user)->converter, layout);
}

static void decode_block(ipfix_decoder_t *decoder, void *encoder, synfix_block_t *block)
{
    synfix_error_t error = {.text = ""};
    ipfix_encoding.seal(encoder, block);
    if (ipfix_decoder_message(decoder, block->data, block->length, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    block->length = 0;
    memset(block->notes, 0, sizeof block->notes);
}

static void encode_all(round_trip_t *trip, const ipfix_settings_t *settings, ipfix_decoder_t *decoder)
{
    void *encoder = NULL;
    uint32_t seed = 11;
    uint8_t *data = g_malloc(MESSAGE_MAX + 64);
    synfix_block_t block = {.data = data, .capacity = MESSAGE_MAX};
    assert_int_equal(ipfix_encoding.create(settings, 0, &encoder, NULL), SYNFIX_OK);
    for (unsigned i = 0; i < ROUNDS; i++) {
        random_observation_t random;
        real_observation(&seed, &random);
        random.fingerprint.slot = 0;
        random.fingerprint.stamp = i; /* nothing is remembered */
        if (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            decode_block(decoder, encoder, &block);
            assert_int_equal(ipfix_encoding.encode(encoder, &random.observation, &block), SYNFIX_OK);
        }
        g_ptr_array_add(trip->expected, lines_of(&random.observation));
    }
    decode_block(decoder, encoder, &block);
    ipfix_encoding.destroy(encoder);
    g_free(data);
}

static void round_trip(const char *profile, record_extent_t extent, round_trip_t *trip)
{
    ipfix_settings_t settings;
    settings_open(&settings, profile);
    trip->converter = record_converter_new(extent);
    trip->expected = g_ptr_array_new_with_free_func(g_free);
    trip->found = g_ptr_array_new_with_free_func(g_free);
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = settings.model};
    const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = trip};
    ipfix_decoder_t *decoder = ipfix_decoder_new(&names, NULL, &events);
    decode_templates(decoder, settings.profile);
    encode_all(trip, &settings, decoder);
    ipfix_decoder_free(decoder);
    ipfix_settings_clear(&settings);
}

static void round_trip_clear(round_trip_t *trip)
{
    record_converter_free(trip->converter);
    g_ptr_array_unref(trip->expected);
    g_ptr_array_unref(trip->found);
}

static void test_same_lines(void **state)
{
    (void)state;
    round_trip_t trip = {.refused = 0};
    round_trip("full", RECORD_COMPLETE, &trip);
    record_converter_stats_t stats;
    record_converter_get_stats(trip.converter, &stats);
    for (unsigned i = 0; i < RECORD_REASON_COUNT; i++) {
        if (stats.refused[i] > 0) {
            fail_msg("%" G_GUINT64_FORMAT " %s (%s)", stats.refused[i],
                     record_reason_text((record_reason_t)i), stats.element[i]);
        }
    }
    assert_int_equal(trip.found->len, ROUNDS);
    for (unsigned i = 0; i < ROUNDS; i++) {
        assert_string_equal(trip.found->pdata[i], trip.expected->pdata[i]);
    }
    assert_int_equal(stats.converted, ROUNDS);
    round_trip_clear(&trip);
}

/* The second record of the same content is read without a look at each element. */
static void test_same_lines_again(void **state)
{
    (void)state;
    round_trip_t trip = {.twice = true, .wrong = true};
    round_trip("full", RECORD_COMPLETE, &trip);
    record_converter_stats_t stats;
    record_converter_get_stats(trip.converter, &stats);
    assert_int_equal(trip.found->len, 2 * ROUNDS);
    for (unsigned i = 0; i < 2 * ROUNDS; i++) {
        assert_string_equal(trip.found->pdata[i], trip.expected->pdata[i / 2]);
    }
    assert_int_equal(stats.converted, 2 * ROUNDS);
    assert_int_equal(stats.refused[RECORD_VALUE], trip.refused);
    assert_true(trip.direct > ROUNDS / 10);
    round_trip_clear(&trip);
}

static uint64_t refused(const round_trip_t *trip, record_reason_t reason, const char *element)
{
    record_converter_stats_t stats;
    record_converter_get_stats(trip->converter, &stats);
    assert_string_equal(stats.element[reason], element);
    return stats.refused[reason];
}

/* An element that a shorter profile lacks is named. The compact profile suffices for the host model, except
 * labels without a row. */
static void test_shorter_profiles(void **state)
{
    (void)state;
    round_trip_t trip = {.refused = 0};
    round_trip("compact", RECORD_COMPLETE, &trip);
    assert_int_equal(refused(&trip, RECORD_INCOMPLETE, "observationTimeNanoseconds"), ROUNDS);
    assert_int_equal(trip.found->len, 0);
    round_trip_clear(&trip);
    round_trip("compact", RECORD_FOR_HOSTS, &trip);
    assert_true(trip.found->len > ROUNDS / 3);
    assert_int_equal(refused(&trip, RECORD_LABEL, "") + trip.found->len, ROUNDS);
    round_trip_clear(&trip);
    round_trip("iana", RECORD_FOR_HOSTS, &trip);
    assert_int_equal(trip.found->len, 0);
    assert_true(refused(&trip, RECORD_FOREIGN, "") > ROUNDS / 2);
    round_trip_clear(&trip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_lines),
        cmocka_unit_test(test_same_lines_again),
        cmocka_unit_test(test_shorter_profiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
