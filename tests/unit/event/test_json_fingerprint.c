/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lines with a cache are those without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/json_event.h"
#include "support/observations.h"
#include "support/sample_observation.h"

#define LINE_MAX_SIZE 65536u

static size_t line_of(text_cache_t *cache, const synfix_observation_t *observation, char *text, size_t size)
{
    text_writer_t line = {.at = text, .end = text + size};
    json_event(&line, cache, observation, true, true);
    return line.full ? 0 : (size_t)(line.at - text);
}

static text_cache_t *cache_new(const void *settings)
{
    void *cache = NULL;
    assert_int_equal(json_cache_create(settings, 0, &cache, NULL), SYNFIX_OK);
    return cache;
}

static void assert_same(text_cache_t *cache, const synfix_observation_t *observation)
{
    static char with[LINE_MAX_SIZE];
    static char without[LINE_MAX_SIZE];
    const size_t length = line_of(NULL, observation, without, sizeof without);
    assert_true(length > 0);
    for (unsigned i = 0; i < 2; i++) { /* written, then remembered */
        assert_int_equal(line_of(cache, observation, with, sizeof with), length);
        assert_memory_equal(with, without, length);
    }
}

static void test_random_observations(void **state)
{
    (void)state;
    text_cache_t *cache = cache_new(NULL);
    uint32_t seed = 5;
    for (unsigned i = 0; i < 2000; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        random.fingerprint.slot = random_below(&seed, 3) * 8192 + random_below(&seed, 4);
        random.fingerprint.stamp = i + 1;
        assert_same(cache, &random.observation);
    }
    text_cache_free(cache);
}

/* Another content of the slot, another slot at the same place, and content without a stamp. */
static void test_what_is_remembered(void **state)
{
    (void)state;
    text_cache_t *cache = cache_new(NULL);
    text_cached_t text;
    sample_t one;
    sample_t other;
    sample_syn(&one);
    sample_ipv6(&other);
    one.fingerprint.stamp = 1;
    assert_same(cache, &one.observation);
    other.fingerprint.stamp = 2;
    assert_same(cache, &other.observation);
    other.fingerprint.stamp = 1;
    other.fingerprint.slot = 8192;
    assert_same(cache, &other.observation);
    assert_same(cache, &one.observation);
    assert_true(text_cache_read(cache, &one.fingerprint, &text));
    assert_memory_equal(text.match, ",\"signature\":\"4:120", 19);
    assert_memory_equal(text.stack, ",\"options\":", 11);
    one.fingerprint.stamp = 0;
    assert_false(text_cache_read(cache, &one.fingerprint, &text));
    assert_same(cache, &one.observation);
    text_cache_free(cache);
}

/* Labels of a database may be longer than an entry. */
static void test_longer_than_an_entry(void **state)
{
    (void)state;
    static char label[TEXT_CACHE_ENTRY + 1];
    text_cache_t *cache = cache_new(NULL);
    text_cached_t text;
    sample_t sample;
    sample_syn(&sample);
    sample.fingerprint.stamp = 1;
    memset(label, 'x', TEXT_CACHE_ENTRY);
    sample.label.text = label;
    assert_false(text_cache_read(cache, &sample.fingerprint, &text));
    assert_same(cache, &sample.observation);
    sample.label.text = "Windows XP"; /* the slot serves the next fingerprint */
    sample.fingerprint.stamp = 2;
    assert_true(text_cache_read(cache, &sample.fingerprint, &text));
    assert_same(cache, &sample.observation);
    text_cache_free(cache);
}

/* A line that does not fit is not written, with the end of the block at any byte of it. */
static void test_each_room(void **state)
{
    (void)state;
    static char text[LINE_MAX_SIZE];
    static char cut[LINE_MAX_SIZE];
    text_cache_t *cache = cache_new(NULL);
    sample_t sample;
    sample_ipv6(&sample);
    sample.fingerprint.stamp = 1;
    const size_t length = line_of(NULL, &sample.observation, text, sizeof text);
    for (size_t size = 0; size < length; size++) {
        memset(cut, '#', length + 1);
        assert_int_equal(line_of(cache, &sample.observation, cut, size), 0);
        assert_int_equal(cut[size], '#');
    }
    assert_int_equal(line_of(cache, &sample.observation, cut, length), length);
    assert_memory_equal(cut, text, length);
    assert_int_equal(cut[length], '#');
    text_cache_free(cache);
}

/* The text of a second is kept, also before 1970. */
static void test_seconds(void **state)
{
    (void)state;
    static const int64_t times[] = {0, 999999999, 1000000000, -1, -1000000000, INT64_MIN, INT64_MAX, 0};
    text_cache_t *cache = cache_new(NULL);
    sample_t sample;
    sample_syn(&sample);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        sample.observation.time_ns = times[i];
        assert_same(cache, &sample.observation);
    }
    text_cache_free(cache);
}

static void test_settings(void **state)
{
    (void)state;
    static const int settings = 1;
    text_cache_t *cache = cache_new(&settings);
    assert_ptr_equal(text_cache_settings(cache), &settings);
    text_cache_free(cache);
    text_cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_observations),
        cmocka_unit_test(test_what_is_remembered),
        cmocka_unit_test(test_longer_than_an_entry),
        cmocka_unit_test(test_each_room),
        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
