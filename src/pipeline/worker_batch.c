/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker_batch.h"
#include "base/huge_pages.h"
#include "engine/flow_hash.h"
#include <stdlib.h>
#include <string.h>

bool worker_batch_init(worker_batch_t *batch, unsigned workers)
{
    *batch = (worker_batch_t){
        .contexts = huge_pages_new(BATCH_CONTEXTS_MAX * sizeof *batch->contexts),
        .shares = aligned_alloc(_Alignof(partition_t), workers * sizeof *batch->shares),
    };
    return batch->contexts != NULL && batch->shares != NULL;
}

void worker_batch_destroy(worker_batch_t *batch)
{
    huge_pages_free(batch->contexts);
    free(batch->shares);
}

static void begin(worker_batch_t *batch, unsigned workers)
{
    batch->count = batch->packets = 0;
    for (unsigned i = 0; i < workers; i++) {
        batch->shares[i].counters = (batch_counters_t){0};
        batch->shares[i].count = 0;
        memset(batch->shares[i].sampled, 0, sizeof batch->shares[i].sampled);
    }
}

/* The context at batch->count has work: it goes to the worker that owns its flow. */
static partition_t *add_context(worker_batch_t *batch, unsigned workers)
{
    const packet_context_t *context = &batch->contexts[batch->count];
    partition_t *share = &batch->shares[flow_shard(context->flow_hash) % workers];
    share->which[share->count++] = (uint16_t)batch->count++;
    return share;
}

static synfix_verdict_t take(worker_batch_t *batch, const synfix_packet_t *packet, unsigned workers,
                             const synfix_engine_config_t *config)
{
    synfix_verdict_t verdict;
    if (!engine_classify(config, packet, &batch->contexts[batch->count], &verdict)) {
        batch_counters_add(&batch->shares[0].counters, packet, verdict); /* belongs to no flow */
        return verdict;
    }
    batch_counters_add(&add_context(batch, workers)->counters, packet, verdict);
    return verdict;
}

/* Each packet that follows in @p input may need a context. False: no room for another sample. */
static bool has_room(const worker_batch_t *batch, const batch_input_t *input)
{
    return BATCH_CONTEXTS_MAX - batch->count > input->count - input->next;
}

static void end_datagram(worker_batch_t *batch, batch_input_t *input)
{
    const synfix_packet_t rest = {.original_length = 0};
    const synfix_verdict_t verdict = sflow_rest(&input->samples);
    input->in_datagram = false;
    if (verdict != SYNFIX_VERDICT_SFLOW) {
        batch_counters_add(&batch->shares[0].counters, &rest, verdict);
    }
}

/* Samples of a datagram as far as there is room. */
static void take_samples(worker_batch_t *batch, batch_input_t *input, unsigned workers,
                         const synfix_engine_config_t *config)
{
    sflow_sample_t sample;
    while (has_room(batch, input)) {
        if (!sflow_next(&input->samples, &sample)) {
            end_datagram(batch, input);
            return;
        }
        synfix_verdict_t verdict;
        const bool is_used = engine_classify_sample(config, &input->samples, &sample,
                                                    &batch->contexts[batch->count], &verdict);
        partition_t *share = is_used ? add_context(batch, workers) : &batch->shares[0];
        batch_counters_add(&share->counters, &sample.packet, verdict);
    }
}

/* Whether all packets of @p input are in the batch. */
static bool take_all(worker_batch_t *batch, batch_input_t *input, unsigned workers,
                     const synfix_engine_config_t *config)
{
    for (;;) {
        if (__builtin_expect(input->in_datagram, 0)) {
            take_samples(batch, input, workers, config);
            if (input->in_datagram) {
                return false;
            }
        }
        if (input->next == input->count) {
            return true;
        }
        const synfix_packet_t *packet = &input->packets[input->next++];
        batch->packets++;
        if (__builtin_expect(take(batch, packet, workers, config) == SYNFIX_VERDICT_SFLOW, 0)) {
            input->in_datagram = sflow_begin(&input->samples, packet);
        }
    }
}

synfix_status_t worker_batch_fill(worker_batch_t *batch, batch_input_t *input, file_reader_t *reader,
                                  const synfix_engine_config_t *config)
{
    const unsigned workers = reader->pipeline->worker_count;
    size_t count = SYNFIX_BATCH_MAX;
    synfix_status_t status = SYNFIX_OK;
    begin(batch, workers);
    batch->packets += input->in_datagram; /* the rest of a datagram is work */
    bool whole = take_all(batch, input, workers, config);
    while (whole && status == SYNFIX_OK && count == SYNFIX_BATCH_MAX && batch->packets < BATCH_PACKETS_MAX &&
           batch->count + SYNFIX_BATCH_MAX <= BATCH_CONTEXTS_MAX) {
        file_reader_apply_updates(reader);
        input->next = 0;
        status = file_reader_next(reader, input->packets, &input->count);
        count = input->count;
        whole = take_all(batch, input, workers, config);
    }
    batch->more = !whole || (status == SYNFIX_OK && count == SYNFIX_BATCH_MAX);
    return whole ? status : SYNFIX_OK;
}
