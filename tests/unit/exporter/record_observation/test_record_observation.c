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
#include "exporter/record_observation/record_labels.h"
#include "exporter/record_observation/record_observation.h"
#include "support/observations.h"
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

/* What the sinks json and csv make of an observation: all facts. */
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

static const synfix_label_t labels[] = {
    /* ids are not those of the texts: the kind of the match tells the type */
    {'s', false, 77, "unix", "Linux", "3.11 to 4.19", "Linux 3.11 to 4.19"},
    {'g', true, 0xFFFFFFFF, "!", "NMap", "", "NMap"},
    {'s', false, 1, "other", "Na\303\257ve", "\302\240x", "Na\303\257ve \302\240x"},
};

static void real_fingerprint(uint32_t *seed, random_observation_t *made)
{
    static const char *const four[] = {"4:57+7:0:1460:mss*20,7:mss,sok,ts,nop,ws:df,id+:0",
                                       "4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0",
                                       "4:64+0:0:0:512,0:::0",
                                       "4:64+0:12:1460:5840,3:mss,?9,eol+2:df,opt+,bad:+",
                                       "4:200+?:0:0:1024,0:mss:bad,0+,seq-:0",
                                       "4:64+0:0:0:1024,20:ws,ts:exws,ts1-,ts2+:0"};
    static const char *const six[] = {"6:56+8:0:1440:32768,6:mss,nop,ws,sok,nop,nop,nop,nop,ts:flow:0",
                                      "6:64+0:8:0:8192,0:::0"};
    const uint8_t version = made->headers.ip_version;
    synfix_fingerprint_t *fingerprint = &made->fingerprint;
    const char *text = version == 4 ? four[random_below(seed, 6)] : six[random_below(seed, 2)];
    assert_int_equal(synfix_signature_parse(text, strlen(text), &fingerprint->signature, NULL), SYNFIX_OK);
    fingerprint->text_length = (uint16_t)synfix_signature_format(&fingerprint->signature, fingerprint->text);
    fingerprint->layout_text_length =
        (uint16_t)synfix_layout_format(&fingerprint->signature, fingerprint->layout_text);
    const synfix_signature_t *signature = &fingerprint->signature;
    made->options.mss = signature->mss;
    made->options.has_mss =
        strstr(fingerprint->layout_text, "mss") != NULL && strstr(text, ":mss:bad") == NULL;
    made->options.window_scale = signature->window_scale;
    made->options.has_window_scale = strstr(fingerprint->layout_text, "ws") != NULL;
    made->options.has_timestamps = strstr(fingerprint->layout_text, "ts") != NULL;
}

static void real_match(uint32_t *seed, random_observation_t *made)
{
    synfix_match_t *match = &made->fingerprint.match;
    const uint32_t label = random_below(seed, 4);
    const uint32_t flags = made->observation.flags;
    *match = (synfix_match_t){.distance = (uint8_t)random_below(seed, 64),
                              .initial_ttl = 64,
                              .random_ttl = (flags & (uint32_t)SYNFIX_FLAG_RANDOM_TTL) != 0,
                              .excess_distance = (flags & (uint32_t)SYNFIX_FLAG_EXCESS_DISTANCE) != 0,
                              .tool = (flags & (uint32_t)SYNFIX_FLAG_TOOL) != 0};
    if (label < 3) {
        match->kind = labels[label].type == 'g' ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
        match->label = &labels[label];
        match->quality = (uint8_t)random_below(seed, 101);
        match->family_quality = (uint8_t)random_below(seed, 101);
        match->candidate_count = (uint8_t)(1 + random_below(seed, 15));
        match->others[0] = random_below(seed, 2) == 0 ? &labels[0] : NULL;
        match->others[1] = match->others[0] != NULL && random_below(seed, 2) == 0 ? &labels[2] : NULL;
    }
}

static const synfix_host_change_t changes[] = {
    {SYNFIX_HOST_SYSTEM | SYNFIX_HOST_TTL, 35, "Linux 3.11 to 4.19", "Na\303\257ve \302\240x"},
    {SYNFIX_HOST_SHARED, 100, "?", "NMap"},
};

static void real_change(uint32_t *seed, random_observation_t *made)
{
    made->observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
    made->observation.uptime = (synfix_uptime_t){.frequency = 0};
    made->observation.host_change = &changes[random_below(seed, 2)];
    made->options = (synfix_tcp_options_t){.has_timestamps = random_below(seed, 2) == 0};
    made->options.timestamp_value = made->options.has_timestamps ? 1 + random_below(seed, 1000) : 0;
}

/* As the engine makes them: no field that could not be. */
static void real_observation(uint32_t *seed, random_observation_t *made)
{
    random_observation(seed, made);
    synfix_observation_t *observation = &made->observation;
    made->headers.payload_length %= 65536;
    made->headers.flow_label = made->headers.ip_version == 6 ? made->headers.flow_label : 0;
    observation->time_ns += random_below(seed, 1000000);
    observation->packet_number = observation->flow_id & SYNFIX_PACKET_NUMBER_MAX;
    observation->from_server = observation->kind == SYNFIX_OBSERVATION_SYN_ACK ||
                               (observation->kind == SYNFIX_OBSERVATION_UPTIME && random_below(seed, 2) == 0);
    if (observation->fingerprint == NULL) {
        made->options.has_timestamps = true;
        observation->uptime.reliability %= 4;
        if (random_below(seed, 2) == 0) {
            real_change(seed, made);
        }
        return;
    }
    real_fingerprint(seed, made);
    real_match(seed, made);
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

/* What a shorter profile lacks is named. The compact one is enough for the host model, but for labels without
 * a row. */
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

typedef struct small_record {
    ipfix_decoder_template_t layout;
    ipfix_decoder_field_t fields[16];
    ipfix_decoder_value_t values[16];
} small_record_t;

static void add_value(small_record_t *record, const char *name, const void *data, uint32_t length)
{
    g_strlcpy(record->fields[record->layout.field_count].name, name, READER_NAME_SIZE);
    record->values[record->layout.field_count++] = (ipfix_decoder_value_t){data, length};
}

static const synfix_observation_t *convert_small(record_converter_t *converter, const small_record_t *record)
{
    union {
        ipfix_decoder_template_t layout;
        uint8_t bytes[sizeof(ipfix_decoder_template_t) + sizeof record->fields];
    } whole;
    memcpy(whole.bytes, &record->layout, sizeof record->layout);
    memcpy(whole.bytes + offsetof(ipfix_decoder_template_t, fields), record->fields, sizeof record->fields);
    const ipfix_decoder_record_t one = {.layout = &whole.layout, .values = record->values};
    record_converter_layout(converter, &whole.layout);
    return record_converter_convert(converter, &one);
}

static void test_bad_values(void **state)
{
    (void)state;
    record_converter_t *converter = record_converter_new(RECORD_FOR_HOSTS);
    record_converter_stats_t stats;
    static const struct {
        const char *element;
        uint8_t data[9];
        uint32_t length;
    } wrong[] = {{"observationKind", {0}, 1},  {"observationKind", {5}, 1},  {"observationKind", {0}, 0},
                 {"ipTTL", {1, 0}, 2},         {"flowId", {0}, 9},           {"sourceIPv4Address", {0}, 3},
                 {"osMatchQuality", {101}, 1}, {"sourceIPv6Address", {0}, 4}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        static const uint8_t kind = 1;
        small_record_t record = {.layout = {.id = 256}};
        add_value(&record, wrong[i].element, wrong[i].data, wrong[i].length);
        add_value(&record, "observationKind", &kind, 1);
        assert_null(convert_small(converter, &record));
    }
    record_converter_get_stats(converter, &stats);
    assert_int_equal(stats.refused[RECORD_VALUE], G_N_ELEMENTS(wrong));
    assert_string_equal(stats.element[RECORD_VALUE], "observationKind");
    record_converter_free(converter);
}

static void test_label_table(void **state)
{
    (void)state;
    static const uint8_t id[] = {0, 0, 0, 9};
    record_labels_t *all = record_labels_new();
    record_label_t label = {.id = 9};
    assert_null(record_labels_find(all, 9));
    label.text = (ipfix_decoder_value_t){(const uint8_t *)"a\tb\xFF", 4};
    const synfix_label_t *made = record_labels_add(all, &label);
    assert_string_equal(made->text, "a?b\357\277\275");
    assert_ptr_equal(record_labels_add(all, &label), made);
    small_record_t row = {.layout = {.id = 300, .scope_count = 1}};
    add_value(&row, "osLabelId", id, 4);
    add_value(&row, "osLabel", "X 1", 3);
    add_value(&row, "osFamily", "X", 1);
    record_converter_t *converter = record_converter_new(RECORD_COMPLETE);
    assert_null(convert_small(converter, &row));
    record_converter_free(converter);
    record_labels_free(all);
}

/* A foreign file cannot fill the memory with labels. */
static void test_label_limit(void **state)
{
    (void)state;
    record_labels_t *all = record_labels_new();
    for (uint32_t i = 0; i <= RECORD_LABELS_MAX; i++) {
        const record_label_t label = {.id = i + 1, .text = {(const uint8_t *)"x", 1}};
        const synfix_label_t *made = record_labels_add(all, &label);
        assert_true((made != NULL) == (i < RECORD_LABELS_MAX));
    }
    record_labels_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_lines),       cmocka_unit_test(test_same_lines_again),
        cmocka_unit_test(test_shorter_profiles), cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_label_table),      cmocka_unit_test(test_label_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
