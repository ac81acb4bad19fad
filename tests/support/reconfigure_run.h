/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure_run.h
 * For tests that change the outputs of a running pipeline: starts, changes and ends the run.
 */
#ifndef SUPPORT_RECONFIGURE_RUN_H
#define SUPPORT_RECONFIGURE_RUN_H

#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/reconfigure_modules.h"
#include <pthread.h>
#include <stdio.h>

static pipeline_t *running;
static char last_name[32]; /* of the last sink of the run that has ended */
static synfix_error_t run_error;
static synfix_status_t run_status;

#define SINKS_MAX 4

typedef struct wish {
    module_spec_t *sinks[SINKS_MAX];
    module_spec_t *enrichers[SINKS_MAX];
    output_config_t outputs;
} wish_t;

/* Sinks in one word each, with spaces in between. */
static wish_t *wish(const char *sinks, size_t enrichers, uint32_t domain)
{
    static wish_t made;
    static char words[128];
    made =
        (wish_t){.outputs = {.sinks = made.sinks, .enrichers = made.enrichers, .enricher_count = enrichers}};
    made.outputs.observation_domain = domain;
    (void)snprintf(words, sizeof words, "%s", sinks);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        made.sinks[made.outputs.sink_count++] = spec_of(&sink_module, word);
    }
    for (size_t i = 0; i < enrichers; i++) {
        made.enrichers[i] = spec_of_target(&enricher_module, "");
    }
    return &made;
}

static void *run_main(void *user)
{
    (void)user;
    run_status = pipeline_run(running, &run_error);
    return NULL;
}

static pthread_t begin(const char *sinks, size_t enrichers)
{
    module_spec_t *const source = spec_of(&source_module, "numbers:");
    const wish_t *first = wish(sinks, enrichers, 1);
    pipeline_config_t config;
    pthread_t thread;
    pipeline_config_init(&config);
    instance_count = 0;
    locked = NULL;
    atomic_store(&dry, false);
    atomic_store(&hang, false);
    config.sources = &source;
    config.source_count = 1;
    config.sinks = first->sinks;
    config.sink_count = first->outputs.sink_count;
    config.enrichers = first->enrichers;
    config.enricher_count = enrichers;
    config.observation_domain = 1;
    config.live = true;
    config.flush_ms = 1;
    assert_int_equal(pipeline_new(&config, &running, NULL), SYNFIX_OK);
    assert_int_equal(pthread_create(&thread, NULL, run_main, NULL), 0);
    return thread;
}

static void await_records(const char *target)
{
    const instance_t *instance = find(target);
    const uint64_t before = atomic_load(&instance->delivered_records);
    while (atomic_load(&instance->delivered_records) == before) {
        pause_briefly();
    }
}

static void await_closed(const instance_t *instance)
{
    while (!atomic_load(&instance->closed)) {
        pipeline_reap(running);
        pause_briefly();
    }
}

static synfix_status_t change(const char *sinks, size_t enrichers, uint32_t domain, synfix_error_t *error)
{
    return pipeline_set_outputs(running, &wish(sinks, enrichers, domain)->outputs, error);
}

/* Every observation is accounted for by every sink; all instances are closed, in order, and each once. */
static pipeline_summary_t end(pthread_t thread)
{
    pipeline_summary_t summary;
    atomic_store(&dry, true);
    pipeline_stop(running);
    (void)pthread_join(thread, NULL);
    assert_int_equal(run_status, SYNFIX_OK);
    pipeline_summary(running, &summary);
    const uint64_t observations = summary.engine.verdicts[SYNFIX_VERDICT_SYN];
    for (size_t i = 0; i < summary.sink_count; i++) {
        const pipeline_sink_summary_t *sink = &summary.sinks[i];
        assert_int_equal(sink->before + sink->queued + sink->dropped + sink->unencodable, observations);
        assert_true(sink->failed || sink->queued == sink->stats.delivered);
    }
    assert_int_equal(summary.removed.queued, summary.removed.stats.delivered);
    assert_int_equal(summary.removed.unencodable, 0);
    (void)snprintf(last_name, sizeof last_name, "%s", summary.sinks[summary.sink_count - 1].name);
    pipeline_free(running);
    for (unsigned i = 0; i < instance_count; i++) {
        assert_true(atomic_load(&instances[i].closed));
        assert_true(instances[i].in_order);
    }
    assert_int_equal(atomic_load(&encoders), 0);
    assert_int_equal(atomic_load(&enrichers_open), 0);
    assert_int_equal(atomic_load(&states_open), 0);
    return summary;
}

#endif
