/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "bench_records.h"
#include "support/parse_options.h"
#include <stdio.h>
#include <string.h>

#define KEPT_MAX    50000u
#define MESSAGE_MAX 65536u
#define BATCH       256u

void records_prepare(bench_t *bench, records_t *records)
{
    synfix_engine_t *engine = NULL;
    synfix_engine_config_t config;
    synfix_error_t error;
    *records = (records_t){.enricher = NULL};
    if (synfix_batch_new(KEPT_MAX, &records->observations, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = bench->sigdb;
    config.uptime = SYNFIX_UPTIME_OFF;
    config.on_observation = synfix_batch_add;
    config.observation_user = records->observations;
    if (synfix_engine_new(&config, &engine, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    const buffered_input_t *input = bench->input;
    for (size_t at = 0; at < input->count && synfix_batch_count(records->observations) < KEPT_MAX;
         at += BATCH) {
        synfix_engine_push(engine, input->packets + at,
                           input->count - at < BATCH ? input->count - at : BATCH);
    }
    synfix_engine_free(engine);
    bench->records = records;
}

static void close_enricher(records_t *records)
{
    if (records->enricher == NULL) {
        return;
    }
    if (records->enricher->enricher->worker_close != NULL) {
        records->enricher->enricher->worker_close(records->instance, records->state);
    }
    if (records->enricher->enricher->close != NULL) {
        records->enricher->enricher->close(records->instance);
    }
    records->enricher = NULL;
    records->state = NULL;
}

void records_clear(records_t *records)
{
    close_enricher(records);
    synfix_batch_free(records->observations);
}

void records_choose(records_t *records, const synfix_module_t *enricher)
{
    synfix_options_t *options = NULL;
    synfix_error_t error = {.text = "out of memory"};
    char text[64];
    close_enricher(records);
    (void)snprintf(text, sizeof text, "%s:", enricher->name);
    if (parse_options(enricher, text, &options, &error) != SYNFIX_OK ||
        enricher->enricher->open(NULL, options, &records->instance, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    module_options_free(options);
    records->enricher = enricher;
    if (enricher->enricher->worker_open != NULL &&
        enricher->enricher->worker_open(records->instance, 0, &records->state, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
}

void stage_enrich(bench_t *bench)
{
    const records_t *records = bench->records;
    const size_t count = synfix_batch_count(records->observations);
    bench->bytes = 0;
    for (size_t i = 0; i < count; i++) {
        synfix_observation_t observation = *synfix_batch_at(records->observations, i);
        if (records->enricher->enricher->enrich(records->instance, records->state, &observation) < 0) {
            bench_fail("the enricher failed");
        }
        const char *text =
            observation.community_id != NULL ? observation.community_id : observation.muon_fingerprint;
        bench->bytes += text != NULL ? strlen(text) : 0;
    }
}

void stage_encode(bench_t *bench)
{
    static uint8_t data[MESSAGE_MAX];
    const records_t *records = bench->records;
    const size_t count = synfix_batch_count(records->observations);
    void *encoder = NULL;
    synfix_error_t error;
    if (ipfix_encoding.create(bench->settings, 0, &encoder, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    const synfix_block_t empty = {.data = data, .capacity = bench->settings->message_size};
    synfix_block_t message = empty;
    bench->bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const synfix_observation_t *observation = synfix_batch_at(records->observations, i);
        if (ipfix_encoding.encode(encoder, observation, &message) != SYNFIX_AGAIN) {
            continue;
        }
        ipfix_encoding.seal(encoder, &message);
        bench->bytes += message.length;
        message = empty;
        if (ipfix_encoding.encode(encoder, observation, &message) != SYNFIX_OK) {
            bench_fail("an observation does not fit into a message");
        }
    }
    ipfix_encoding.seal(encoder, &message);
    bench->bytes += message.length;
    ipfix_encoding.destroy(encoder);
}
