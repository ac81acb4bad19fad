/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The reading thread fills a batch: it copies plain frames, decodes other packets, and adds each to the share
 * of the worker that owns its flow. The first worker counts packets that belong to no flow. */
#include "pipeline/worker_batch.h"
#include "base/stream_store.h"
#include "engine/flow_hash.h"
#include <stdlib.h>

bool worker_batch_init(worker_batch_t *batch, unsigned workers)
{
    *batch = (worker_batch_t){
        .workers = workers,
        .contexts = aligned_alloc(_Alignof(packet_context_t), SPLIT_PACKETS_MAX * sizeof(packet_context_t)),
        .partitions = aligned_alloc(_Alignof(partition_t), workers * sizeof *batch->partitions),
    };
    bool made = batch->contexts != NULL && batch->partitions != NULL;
    for (unsigned i = 0; batch->partitions != NULL && i < workers; i++) {
        frame_copy_t *frames =
            aligned_alloc(_Alignof(frame_copy_t), SPLIT_PACKETS_MAX * sizeof(frame_copy_t));
        batch->partitions[i].share.frames = frames;
        made &= frames != NULL;
    }
    for (unsigned i = 0; made && i < SYNFIX_FLOW_SHARDS; i++) {
        batch->owners[i] = &batch->partitions[i % workers].share;
    }
    return made;
}

void worker_batch_destroy(worker_batch_t *batch)
{
    for (unsigned i = 0; batch->partitions != NULL && i < batch->workers; i++) {
        free(batch->partitions[i].share.frames);
    }
    free(batch->contexts);
    free(batch->partitions);
}

static void begin(worker_batch_t *batch)
{
    batch->count = batch->packets = batch->context_count = 0;
    for (unsigned i = 0; i < batch->workers; i++) {
        split_share_t *share = &batch->partitions[i].share;
        share->counters = (batch_counters_t){0};
        share->count = share->frame_count = 0;
        batch->partitions[i].samples.count = 0;
    }
}

/* Adds the packet at batch->context_count to the share of the worker that owns its flow. */
static split_share_t *add_context(worker_batch_t *batch)
{
    const uint32_t flow_hash = batch->contexts[batch->context_count].flow_hash;
    split_share_t *share = batch->owners[flow_shard(flow_hash)];
    split_add_context(share, batch->contexts, batch->context_count++, batch->count++);
    return share;
}

/* Copies plain frames, up to the first packet of another kind. */
static void take_frames(worker_batch_t *batch, batch_input_t *input, frame_choice_t choice)
{
    const synfix_packet_t *packet = input->packets + input->next;
    const synfix_packet_t *end = input->packets + input->count;
    frame_copy_t copy;
    for (; packet < end && engine_copy_frame(choice, packet, &copy); packet++) {
        split_share_t *share = batch->owners[flow_shard(copy.flow_hash)];
        split_add_frame(share, &copy, batch->count++);
    }
    const size_t next = (size_t)(packet - input->packets);
    batch->packets += next - input->next;
    input->next = next;
}

/* True for a datagram of sFlow, whose samples follow. */
static bool take_decoded(worker_batch_t *batch, const synfix_packet_t *packet,
                         const synfix_engine_config_t *config)
{
    synfix_verdict_t verdict;
    const bool wanted = engine_classify(config, packet, &batch->contexts[batch->context_count], &verdict);
    split_share_t *share = wanted ? add_context(batch) : &batch->partitions[0].share;
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
        batch_counters_add(&batch->partitions[0].share.counters, &rest, verdict);
    }
}

/* Takes samples of a datagram until the batch is full. */
static void take_samples(worker_batch_t *batch, batch_input_t *input, const synfix_engine_config_t *config)
{
    sflow_sample_t sample;
    while (has_room(batch, input)) {
        if (!sflow_next(&input->samples, &sample)) {
            end_datagram(batch, input);
            return;
        }
        synfix_verdict_t verdict;
        const bool wanted = engine_classify_sample(config, &input->samples, &sample,
                                                   &batch->contexts[batch->context_count], &verdict);
        split_share_t *share = wanted ? add_context(batch) : &batch->partitions[0].share;
        batch_counters_add(&share->counters, &sample.packet, verdict);
    }
}

/* False: the batch is full, and @p input keeps packets. */
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
    stream_end();
    batch->more = !whole || (status == SYNFIX_OK && count == SYNFIX_BATCH_MAX);
    return whole ? status : SYNFIX_OK;
}
