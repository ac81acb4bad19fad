/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_sink.h
 * Runs the sink `file` on random observations, and checks the messages of the files that it writes.
 */
#ifndef SUPPORT_FILE_SINK_H
#define SUPPORT_FILE_SINK_H

#include "base/byte_order.h"
#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix_file/file_sink.h"
#include "support/observations.h"
#include "support/parse_options.h"
#include "support/temporary_directory.h"

/** Observations of one run. */
#define FILE_SINK_RECORDS 500u

static inline void log_nothing(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    (void)text;
}

static synfix_module_context_t file_sink_context = {
    .struct_size = sizeof(synfix_module_context_t), .observation_domain = 9, .log = log_nothing};

/** Writes FILE_SINK_RECORDS random observations through the sink as a pipeline would. */
static inline void file_sink_run(const char *specification, synfix_sink_stats_t *stats)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    if (parse_options(&file_module, specification, &options, &error) != SYNFIX_OK ||
        file_module.sink->open(&file_sink_context, options, &sink, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    module_options_free(options);
    const void *settings;
    const char *key;
    const synfix_encoding_t *encoding = file_module.sink->encoding(sink, &settings, &key);
    void *encoder = NULL;
    assert_int_equal(encoding->create(settings, 0, &encoder, &error), SYNFIX_OK);
    assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
    uint8_t data[4096];
    synfix_block_t block = {.data = data, .capacity = encoding->size(settings)};
    uint32_t seed = 1;
    for (unsigned i = 0; i < FILE_SINK_RECORDS; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        if (encoding->encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            encoding->seal(encoder, &block);
            assert_int_equal(file_module.sink->write(sink, &block, &error), SYNFIX_OK);
            block = (synfix_block_t){.data = data, .capacity = encoding->size(settings)};
            assert_int_equal(encoding->encode(encoder, &random.observation, &block), SYNFIX_OK);
        }
    }
    encoding->seal(encoder, &block);
    assert_int_equal(file_module.sink->write(sink, &block, &error), SYNFIX_OK);
    if (file_module.sink->finish(sink, &error) != SYNFIX_OK) {
        assert_true(file_sink_context.live); /* no room for the closing records */
    }
    file_module.sink->stats(sink, stats);
    encoding->destroy(encoder);
    file_module.sink->close(sink);
}

/** Checks headers and set lengths of the messages at @p data, and that sequence numbers do not decrease.
 * Returns the number of messages. */
static inline unsigned file_sink_messages(const uint8_t *data, size_t length)
{
    unsigned messages = 0;
    uint32_t last_sequence = 0;
    for (size_t at = 0; at < length; messages++) {
        assert_true(length - at >= 16);
        const size_t size = read_be16(data + at + 2);
        assert_int_equal(read_be16(data + at), 10);
        assert_true(size >= 20 && size <= length - at);
        assert_true(read_be32(data + at + 8) >= last_sequence);
        last_sequence = read_be32(data + at + 8);
        assert_int_equal(read_be32(data + at + 12), 9);
        for (size_t set = at + 16; set < at + size;) {
            const size_t set_size = read_be16(data + set + 2);
            assert_true(set_size > 4 && set_size <= at + size - set);
            set += set_size;
        }
        at += size;
    }
    return messages;
}

static inline uint64_t file_size(const char *path)
{
    GStatBuf file;
    assert_int_equal(g_stat(path, &file), 0);
    return (uint64_t)file.st_size;
}

#endif
