/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker_batch.h"
#include "base/huge_pages.h"
#include <stdlib.h>
#include <string.h>

bool worker_batch_init(worker_batch_t *batch, unsigned workers)
{
    *batch = (worker_batch_t){
        .contexts = pages_new(BATCH_CONTEXTS_MAX * sizeof *batch->contexts),
        .shares = aligned_alloc(_Alignof(partition_t), workers * sizeof *batch->shares),
        .pointed = calloc(BATCH_CONTEXTS_MAX, sizeof *batch->pointed),
        .points = calloc(BATCH_CONTEXTS_MAX, sizeof *batch->points),
    };
    return batch->contexts != NULL && batch->shares != NULL && batch->pointed != NULL &&
           batch->points != NULL;
}

void worker_batch_destroy(worker_batch_t *batch)
{
    pages_free(batch->contexts);
    free(batch->shares);
    free(batch->pointed);
    free(batch->points);
}

static void begin(worker_batch_t *batch, unsigned workers)
{
    batch->count = batch->packets = 0;
    for (unsigned i = 0; i < workers; i++) {
        batch->shares[i].tally = (batch_counters_t){0};
        batch->shares[i].count = 0;
    }
}

static void take(worker_batch_t *batch, const synfix_packet_t *packet, unsigned workers,
                 const synfix_engine_config_t *config)
{
    packet_context_t *work = &batch->contexts[batch->count];
    synfix_verdict_t verdict;
    if (!engine_classify(config, packet, work, &verdict)) {
        engine_tally_add(&batch->shares[0].tally, packet, verdict); /* belongs to no flow */
        return;
    }
    partition_t *share = &batch->shares[work->flow_hash % SYNFIX_FLOW_SHARDS % workers];
    engine_tally_add(&share->tally, packet, verdict);
    share->which[share->count++] = (uint16_t)batch->count++;
}

synfix_status_t worker_batch_fill(worker_batch_t *batch, file_reader_t *reader,
                                  const synfix_engine_config_t *config)
{
    const unsigned workers = reader->pipeline->worker_count;
    size_t count = SYNFIX_BATCH_MAX;
    synfix_status_t status = SYNFIX_OK;
    begin(batch, workers);
    while (status == SYNFIX_OK && count == SYNFIX_BATCH_MAX && batch->packets < BATCH_PACKETS_MAX &&
           batch->count + SYNFIX_BATCH_MAX <= BATCH_CONTEXTS_MAX) {
        synfix_packet_t read[SYNFIX_BATCH_MAX];
        reader_apply_updates(reader);
        status = reader_next(reader, read, &count);
        for (size_t i = 0; i < count; i++) {
            take(batch, &read[i], workers, config);
        }
        batch->packets += count;
    }
    batch->more = status == SYNFIX_OK && count == SYNFIX_BATCH_MAX;
    memset(batch->pointed, 0, batch->count * sizeof *batch->pointed);
    return status;
}
