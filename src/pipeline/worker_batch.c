/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker_batch.h"
#include "base/huge_pages.h"
#include "base/prefetch.h"
#include "engine/flow_hash.h"
#include <stdlib.h>

bool worker_batch_init(worker_batch_t *batch, unsigned workers)
{
    *batch = (worker_batch_t){
        .workers = workers,
        .content = {.frames = aligned_alloc(_Alignof(frame_copy_t), SPLIT_PACKETS_MAX * sizeof(frame_copy_t)),
                    .contexts = huge_pages_new(SPLIT_PACKETS_MAX * sizeof(packet_context_t))},
        .shares = aligned_alloc(_Alignof(partition_t), workers * sizeof *batch->shares),
    };
    for (unsigned i = 0; batch->shares != NULL && i < SYNFIX_FLOW_SHARDS; i++) {
        batch->owners[i] = &batch->shares[i % workers];
    }
    return batch->content.frames != NULL && batch->content.contexts != NULL && batch->shares != NULL;
}

void worker_batch_destroy(worker_batch_t *batch)
{
    free(batch->content.frames);
    huge_pages_free(batch->content.contexts);
    free(batch->shares);
}

static void begin(worker_batch_t *batch)
{
    batch->count = batch->packets = 0;
    for (unsigned i = 0; i < batch->workers; i++) {
        batch->shares[i].counters = (batch_counters_t){0};
        batch->shares[i].count = 0;
        batch->shares[i].samples.count = 0;
    }
}

/* The packet at batch->count has work: it goes to the worker that owns its flow. */
static partition_t *add_context(worker_batch_t *batch)
{
    const uint32_t flow_hash = batch->content.contexts[batch->count].flow_hash;
    partition_t *share = batch->owners[flow_shard(flow_hash)];
    share->which[share->count++] = (uint16_t)batch->count++;
    return share;
}

#define WRITE_AHEAD 8u /* frames: their cache lines are still in the caches of the workers */

/* Copies plain frames, up to the first packet of another kind. */
static void take_frames(worker_batch_t *batch, batch_input_t *input, frame_choice_t choice)
{
    const synfix_packet_t *packet = input->packets + input->next;
    const synfix_packet_t *end = input->packets + input->count;
    frame_copy_t *copy = batch->content.frames + batch->count;
    for (; packet < end && engine_copy_frame(choice, packet, copy); packet++, copy++) {
        partition_t *share = batch->owners[flow_shard(copy->flow_hash)];
        share->which[share->count++] = (uint16_t)((size_t)(copy - batch->content.frames) | SPLIT_FRAME);
        prefetch_to_write(copy + WRITE_AHEAD);
        prefetch_to_write((const char *)(copy + WRITE_AHEAD) + 64);
    }
    const size_t next = (size_t)(packet - input->packets);
    batch->count = (size_t)(copy - batch->content.frames);
    batch->packets += next - input->next;
    input->next = next;
}

/* True for a datagram of sFlow, whose samples follow. */
static bool take_decoded(worker_batch_t *batch, const synfix_packet_t *packet,
                         const synfix_engine_config_t *config)
{
    synfix_verdict_t verdict;
    const bool wanted = engine_classify(config, packet, &batch->content.contexts[batch->count], &verdict);
    partition_t *share = wanted ? add_context(batch) : &batch->shares[0]; /* belongs to no flow */
    batch_counters_add(&share->counters, packet, verdict);
    return verdict == SYNFIX_VERDICT_SFLOW;
}

/* Each packet that follows in @p input may need a context. False: no room for another sample. */
static bool has_room(const worker_batch_t *batch, const batch_input_t *input)
{
    return SPLIT_PACKETS_MAX - batch->count > input->count - input->next;
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
static void take_samples(worker_batch_t *batch, batch_input_t *input, const synfix_engine_config_t *config)
{
    sflow_sample_t sample;
    while (has_room(batch, input)) {
        if (!sflow_next(&input->samples, &sample)) {
            end_datagram(batch, input);
            return;
        }
        synfix_verdict_t verdict;
        const bool is_used = engine_classify_sample(config, &input->samples, &sample,
                                                    &batch->content.contexts[batch->count], &verdict);
        partition_t *share = is_used ? add_context(batch) : &batch->shares[0];
        batch_counters_add(&share->counters, &sample.packet, verdict);
    }
}

/* Whether all packets of @p input are in the batch. */
static bool take_all(worker_batch_t *batch, batch_input_t *input, const synfix_engine_config_t *config)
{
    const frame_choice_t choice = engine_frame_choice(config);
    for (;;) {
        if (__builtin_expect(input->in_datagram, 0)) {
            take_samples(batch, input, config);
            if (input->in_datagram) {
                return false;
            }
        }
        take_frames(batch, input, choice);
        if (input->next == input->count) {
            return true;
        }
        const synfix_packet_t *packet = &input->packets[input->next++];
        batch->packets++;
        if (__builtin_expect(take_decoded(batch, packet, config), 0)) {
            input->in_datagram = sflow_begin(&input->samples, packet);
        }
    }
}

synfix_status_t worker_batch_fill(worker_batch_t *batch, batch_input_t *input, file_reader_t *reader,
                                  const synfix_engine_config_t *config)
{
    size_t count = SYNFIX_BATCH_MAX;
    synfix_status_t status = SYNFIX_OK;
    begin(batch);
    batch->packets += input->in_datagram; /* the rest of a datagram is work */
    bool whole = take_all(batch, input, config);
    while (whole && status == SYNFIX_OK && count == SYNFIX_BATCH_MAX && batch->packets < BATCH_PACKETS_MAX &&
           batch->count + SYNFIX_BATCH_MAX <= SPLIT_PACKETS_MAX) {
        file_reader_apply_updates(reader);
        input->next = 0;
        status = file_reader_next(reader, input->packets, &input->count);
        count = input->count;
        whole = take_all(batch, input, config);
    }
    batch->more = !whole || (status == SYNFIX_OK && count == SYNFIX_BATCH_MAX);
    return whole ? status : SYNFIX_OK;
}
