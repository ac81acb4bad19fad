/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The enricher `muon`: MuonFP, `window:kinds:mss:scale`. The position of an absent option stays empty. */
#include <stdlib.h>

#include "event/text_writer.h"
#include "exporter/enrichers/enrichers.h"

/* 5 digits, 24 kinds of up to 3 digits with dashes, 5 digits, 3 digits, colons, the end. */
#define MUON_TEXT_SIZE 128u

typedef struct muon_worker {
    char text[MUON_TEXT_SIZE];
} muon_worker_t;

static synfix_status_t muon_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    (void)options;
    (void)error;
    *instance = NULL;
    return SYNFIX_OK;
}

static synfix_status_t muon_worker_open(void *instance, unsigned worker, void **state, synfix_error_t *error)
{
    (void)instance;
    (void)worker;
    *state = calloc(1, sizeof(muon_worker_t));
    return *state != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "muon: out of memory");
}

static synfix_status_t muon_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance;
    muon_worker_t *worker = state;
    const synfix_tcp_options_t *options = observation->options;
    if (observation->fingerprint == NULL) {
        return SYNFIX_OK;
    }
    text_writer_t line = {.at = worker->text, .end = worker->text + sizeof worker->text - 1};
    writer_unsigned(&line, observation->headers->window);
    writer_char(&line, ':');
    for (size_t i = 0; i < options->layout_count; i++) {
        if (i > 0) {
            writer_char(&line, '-');
        }
        writer_unsigned(&line, options->layout[i]);
    }
    writer_char(&line, ':');
    if (options->has_mss) {
        writer_unsigned(&line, options->mss);
    }
    writer_char(&line, ':');
    if (options->has_window_scale) {
        writer_unsigned(&line, options->window_scale);
    }
    *line.at = '\0';
    observation->muon_fingerprint = worker->text;
    return SYNFIX_OK;
}

static void muon_worker_close(void *instance, void *state)
{
    (void)instance;
    free(state);
}

static void muon_close(void *instance)
{
    (void)instance;
}

static const synfix_enricher_t muon_enricher = {
    .open = muon_open,
    .worker_open = muon_worker_open,
    .enrich = muon_enrich,
    .worker_close = muon_worker_close,
    .close = muon_close,
};

const synfix_module_t muon_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "muon",
    .summary = "MuonFP: window:kinds:mss:scale",
    .enricher = &muon_enricher,
    .check = synfix_options_check,
};
