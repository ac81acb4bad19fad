/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Blocks that the sink keeps instead of copying them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/file_sink.h"

/* A pipeline that lets the sink keep blocks: the bytes are good until they are released. */
typedef struct kept {
    unsigned now;
    unsigned most;
    unsigned total;
} kept_t;

static bool keep_block(void *user, const synfix_block_t *block)
{
    kept_t *kept = user;
    (void)block;
    kept->total++;
    kept->now++;
    kept->most = MAX(kept->most, kept->now);
    return true;
}

static void release_block(void *user, const synfix_block_t *block)
{
    kept_t *kept = user;
    memset(block->data, 0xEE, block->capacity);
    kept->now--;
}

#define KEPT_MESSAGES 20u
#define KEPT_SIZE     20000u

/* Messages of one data set with the same record throughout, each in a block of its own. */
static void write_large(void *sink, const synfix_encoding_t *encoding, const void *settings,
                        synfix_status_t expected)
{
    synfix_error_t error = {.text = ""};
    void *encoder = NULL;
    assert_int_equal(encoding->create(settings, 0, &encoder, &error), SYNFIX_OK);
    static uint8_t data[KEPT_MESSAGES][KEPT_SIZE];
    static synfix_block_t blocks[KEPT_MESSAGES];
    uint32_t seed = 1;
    for (unsigned i = 0; i < KEPT_MESSAGES; i++) {
        blocks[i] = (synfix_block_t){.data = data[i], .capacity = KEPT_SIZE};
        random_observation_t random;
        do {
            random_observation(&seed, &random);
        } while (encoding->encode(encoder, &random.observation, &blocks[i]) != SYNFIX_AGAIN);
        encoding->seal(encoder, &blocks[i]);
        assert_int_equal(file_module.sink->write(sink, &blocks[i], &error), expected);
    }
    encoding->destroy(encoder);
}

static void run_large(const char *specification, kept_t *kept, synfix_sink_stats_t *stats)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    synfix_module_context_t keeping = file_sink_context;
    if (kept != NULL) {
        keeping.user = kept;
        keeping.keep_block = keep_block;
        keeping.release_block = release_block;
    }
    if (parse_options(&file_module, specification, &options, &error) != SYNFIX_OK ||
        file_module.sink->open(&keeping, options, &sink, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    module_options_free(options);
    const void *settings;
    const char *key;
    const synfix_encoding_t *encoding = file_module.sink->encoding(sink, &settings, &key);
    assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
    write_large(sink, encoding, settings, SYNFIX_OK);
    (void)file_module.sink->finish(sink, &error);
    file_module.sink->stats(sink, stats);
    file_module.sink->close(sink);
}

/* The data messages of both files, without their headers, which hold times. Returns their number. */
static unsigned compare_large(const uint8_t *one, const uint8_t *other, size_t length)
{
    unsigned large = 0;
    for (size_t at = 0; at < length; at += read_be16(one + at + 2)) {
        const size_t size = read_be16(one + at + 2);
        assert_int_equal(read_be16(other + at + 2), size);
        if (size > KEPT_SIZE / 2) {
            assert_memory_equal(one + at + 16, other + at + 16, size - 16);
            large++;
        }
    }
    return large;
}

/* A file of kept blocks is the file of copied blocks, and every block is released. */
static void test_kept_blocks(void **state)
{
    kept_t kept = {.now = 0};
    synfix_sink_stats_t stats, copied;
    char *contents[2];
    size_t lengths[2];
    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *path = g_strdup_printf("%s/kept%u.ipfix", (char *)*state, i);
        g_autofree char *text =
            g_strdup_printf("file:%s?profile=compact&size=20000&options-interval=1d", path);
        run_large(text, i == 0 ? NULL : &kept, i == 0 ? &copied : &stats);
        assert_true(g_file_get_contents(path, &contents[i], &lengths[i], NULL));
    }
    assert_int_equal(kept.total, KEPT_MESSAGES);
    assert_int_equal(kept.now, 0);
    assert_in_range(kept.most, 2, SYNFIX_KEPT_BLOCKS_MAX);
    assert_int_equal(stats.delivered, copied.delivered);
    assert_int_equal(stats.pending + stats.lost, 0);
    assert_int_equal(lengths[0], lengths[1]);
    assert_int_equal(compare_large((const uint8_t *)contents[0], (const uint8_t *)contents[1], lengths[0]),
                     KEPT_MESSAGES);
    g_free(contents[0]);
    g_free(contents[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept_blocks, make_temporary_directory,
                                        remove_temporary_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
