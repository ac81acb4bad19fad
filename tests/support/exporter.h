/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file exporter.h
 * A transport sink outside of a pipeline: opened, fed with records and ticked by the test itself. Include
 * after cmocka.h.
 */
#ifndef SUPPORT_EXPORTER_H
#define SUPPORT_EXPORTER_H

#include "support/observations.h"
#include "support/parse_options.h"
#include "support/sockets.h"
#include <glib.h>

typedef struct exporter {
    const synfix_module_t *module;
    synfix_module_context_t context;
    GString *log; /* each logged line */
    void *instance;
    uint8_t data[262144];
    synfix_block_t block;
} exporter_t;

static inline void exporter_log(void *user, int level, const char *text)
{
    (void)level;
    g_string_append_printf(user, "%s\n", text);
}

/** Opens @p target with @p module. After a failure call exporter_close as well. */
static inline synfix_status_t exporter_open(exporter_t *exporter, const synfix_module_t *module, bool live,
                                            const char *target, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    *exporter = (exporter_t){.module = module, .log = g_string_new(NULL)};
    exporter->context = (synfix_module_context_t){.struct_size = sizeof exporter->context,
                                                  .user = exporter->log,
                                                  .observation_domain = 1,
                                                  .log = exporter_log,
                                                  .live = live};
    assert_int_equal(parse_options(module, target, &options, error), SYNFIX_OK);
    const synfix_status_t status =
        module->sink->open(&exporter->context, options, &exporter->instance, error);
    module_options_free(options);
    return status;
}

static inline void exporter_close(exporter_t *exporter)
{
    if (exporter->instance != NULL) {
        exporter->module->sink->close(exporter->instance);
    }
    g_string_free(exporter->log, TRUE);
}

/** Writes one message with @p count records. */
static inline synfix_status_t exporter_write(exporter_t *exporter, unsigned count, synfix_error_t *error)
{
    const void *settings;
    const char *key;
    void *encoder = NULL;
    random_observation_t random;
    uint32_t seed = 1;
    const synfix_encoding_t *const encoding =
        exporter->module->sink->encoding(exporter->instance, &settings, &key);
    const size_t size = encoding->block_size != 0 ? encoding->block_size : encoding->size(settings);
    exporter->block = (synfix_block_t){.data = exporter->data, .capacity = (uint32_t)size};
    assert_true(size <= sizeof exporter->data);
    assert_int_equal(encoding->create(settings, 0, &encoder, error), SYNFIX_OK);
    for (unsigned i = 0; i < count; i++) {
        random_observation(&seed, &random);
        assert_int_equal(encoding->encode(encoder, &random.observation, &exporter->block), SYNFIX_OK);
        exporter->block.records++; /* as a worker counts */
    }
    if (encoding->seal != NULL) {
        encoding->seal(encoder, &exporter->block);
    }
    encoding->destroy(encoder);
    return exporter->module->sink->write(exporter->instance, &exporter->block, error);
}

static inline synfix_status_t exporter_tick(exporter_t *exporter, synfix_error_t *error)
{
    return exporter->module->sink->tick(exporter->instance, g_get_real_time() * 1000, error);
}

static inline synfix_sink_stats_t exporter_stats(exporter_t *exporter)
{
    synfix_sink_stats_t stats;
    exporter->module->sink->stats(exporter->instance, &stats);
    return stats;
}

#endif
