/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Records with a cache are those without one: a fingerprint without a stamp is never kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/formats/column_encoder.h"
#include "support/observations.h"
#include "support/sample_observation.h"

#include <string.h>

#define RECORD_MAX 65536u

/* `|column=type:text` */
static void write_column(text_writer_t *line, text_cache_t *cache, column_t column,
                         const column_value_t *value)
{
    (void)cache;
    writer_char(line, '|');
    writer_unsigned(line, column);
    writer_char(line, '=');
    writer_unsigned(line, value->type);
    if (value->type == COLUMN_TEXT || value->type == COLUMN_LIST) {
        writer_text(line, value->text);
    } else if (value->type == COLUMN_ADDRESS) {
        writer_address(line, value->address, value->ip_version);
    } else if (value->type == COLUMN_NANOSECONDS) {
        writer_unsigned(line, (uint64_t)value->time_ns);
    } else if (value->type != COLUMN_UNSET) {
        writer_unsigned(line, value->number);
    }
}

static void write_annotation(text_writer_t *line, const char *name, const char *text)
{
    writer_text(line, name);
    writer_text(line, text != NULL ? text : "-");
}

static const column_format_t every_column = {.columns = UINT64_MAX >> (64 - COLUMN_COUNT),
                                             .begin = "<",
                                             .end = ">",
                                             .write = write_column,
                                             .annotation = write_annotation};

static void *encoder_new(const column_format_t *format, const char *annotations)
{
    void *encoder = NULL;
    synfix_error_t error;
    assert_int_equal(column_encoder_new(format, annotations, &encoder, &error), SYNFIX_OK);
    return encoder;
}

/* The length of the record, 0: the block has no room. */
static size_t encode(void *encoder, const synfix_observation_t *observation, char *text, size_t size)
{
    synfix_block_t block = {.data = (uint8_t *)text, .capacity = (uint32_t)size};
    return column_encoder_encode(encoder, observation, &block) == SYNFIX_OK ? block.length : 0;
}

static void assert_same(void *encoder, const synfix_observation_t *observation,
                        synfix_fingerprint_t *fingerprint)
{
    static char with[RECORD_MAX];
    static char without[RECORD_MAX];
    const uint64_t stamp = fingerprint->stamp;
    fingerprint->stamp = 0;
    const size_t length = encode(encoder, observation, without, sizeof without);
    fingerprint->stamp = stamp;
    assert_true(length > 2);
    for (unsigned i = 0; i < 2; i++) { /* written, then remembered */
        assert_int_equal(encode(encoder, observation, with, sizeof with), length);
        assert_memory_equal(with, without, length);
    }
}

static void test_random_observations(void **state)
{
    (void)state;
    void *encoder = encoder_new(&every_column, "asn,country");
    uint32_t seed = 7;
    for (unsigned i = 0; i < 2000; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        random.fingerprint.slot = random_below(&seed, 3) * 8192 + random_below(&seed, 4);
        random.fingerprint.stamp = i + 1;
        assert_same(encoder, &random.observation, &random.fingerprint);
    }
    column_encoder_free(encoder);
}

/* Each column of the format once, in column order; the others not at all. */
static void test_columns_of_the_format(void **state)
{
    (void)state;
    column_format_t format = every_column;
    char text[RECORD_MAX];
    sample_t sample;
    sample_syn(&sample);
    sample.fingerprint.stamp = 1;
    format.columns = UINT64_C(1) << COLUMN_TTL | UINT64_C(1) << COLUMN_MTU | UINT64_C(1) << COLUMN_QUALITY |
                     UINT64_C(1) << COLUMN_SOURCE_PORT | UINT64_C(1) << COLUMN_PARAMETERS;
    void *encoder = encoder_new(&format, "");
    const size_t length = encode(encoder, &sample.observation, text, sizeof text - 1);
    text[length] = '\0';
    char wanted[128];
    (void)snprintf(wanted, sizeof wanted, "<|%d=1%d|%d=1%d|%d=%dnone|%d=1%d|%d=1%d>", COLUMN_SOURCE_PORT,
                   sample.headers.source_port, COLUMN_QUALITY, sample.fingerprint.match.quality,
                   COLUMN_PARAMETERS, COLUMN_TEXT, COLUMN_MTU, sample.fingerprint.link_mtu, COLUMN_TTL,
                   sample.headers.ttl);
    assert_int_equal(COLUMN_NUMBER, 1);
    assert_string_equal(text, wanted);
    column_encoder_free(encoder);
}

/* A record that does not fit is not written, with the end of the block at any byte of it. */
static void test_each_room(void **state)
{
    (void)state;
    static char text[RECORD_MAX];
    static char cut[RECORD_MAX];
    void *encoder = encoder_new(&every_column, "asn");
    sample_t sample;
    sample_ipv6(&sample);
    sample.fingerprint.stamp = 1;
    const size_t length = encode(encoder, &sample.observation, text, sizeof text);
    assert_true(length > 0);
    for (size_t size = 0; size < length; size++) {
        memset(cut, '#', length + 1);
        assert_int_equal(encode(encoder, &sample.observation, cut, size), 0);
        assert_int_equal(cut[size], '#');
    }
    assert_int_equal(encode(encoder, &sample.observation, cut, length), length);
    assert_memory_equal(cut, text, length);
    column_encoder_free(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_observations),
        cmocka_unit_test(test_columns_of_the_format),
        cmocka_unit_test(test_each_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
