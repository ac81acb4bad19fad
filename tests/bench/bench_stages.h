/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bench_stages.h
 * The stages that are timed. Each processes the whole input or the sample of observed packets, and stores in
 * `seen` the values that can be checked.
 */
#ifndef BENCH_STAGES_H
#define BENCH_STAGES_H

#include "bench_input.h"
#include "exporter/ipfix/message_encoder.h"
#include <synfix/engine.h>

#define BENCH_WORKERS_MAX 8u

typedef struct bench {
    const buffered_input_t *input;
    synfix_sigdb_t *sigdb;
    /* of the first observed packets: what the single stages need */
    synfix_headers_t *headers;
    synfix_verdict_t *verdicts;
    synfix_tcp_options_t *options;
    synfix_signature_t *signatures;
    size_t sample;
    size_t observed; /* SYN and SYN+ACK in the whole input */
    synfix_uptime_mode_t uptime;
    uint32_t hosts;                   /* bound of the table */
    const ipfix_settings_t *settings; /* messages are made; NULL: not */
    unsigned workers;
    const struct records *records; /* of bench_records.h */
    uint64_t seen;                 /* observations of SYN and SYN+ACK */
    uint64_t bytes;                /* of messages */
    uint64_t misses;               /* signatures that were computed */
} bench_t;

/** Decodes the input once and keeps the sample. */
void bench_prepare(bench_t *bench);
void bench_clear(bench_t *bench);

void stage_decode(bench_t *bench);
void stage_extract(bench_t *bench);
void stage_match(bench_t *bench);
void stage_text(bench_t *bench);
/** The whole way: one engine a worker; the packets are shared out in runs, as if a source had split them. */
void stage_engine(bench_t *bench);

#endif
