/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bench_records.h
 * The stages after the engine, without the engine: enrichers and the encoding of records, on stored
 * observations.
 */
#ifndef BENCH_RECORDS_H
#define BENCH_RECORDS_H

#include "bench_stages.h"
#include <synfix/batch.h>
#include <synfix/module.h>

typedef struct records {
    synfix_batch_t *observations;
    const synfix_module_t *enricher;
    void *instance;
    void *state;
} records_t;

/** Keeps the observations of as many packets as single stages work on. */
void records_prepare(bench_t *bench, records_t *records);
void records_clear(records_t *records);

/** The enricher that stage_enrich asks, instead of the one before. */
void records_choose(records_t *records, const synfix_module_t *enricher);

/** Each leaves in `bytes` what was made. */
void stage_enrich(bench_t *bench);
void stage_encode(bench_t *bench);

#endif
