/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file worker_batch.h
 * A batch of packets that the reading thread passes to the workers. Used by run_workers.c only.
 */
#ifndef PIPELINE_WORKER_BATCH_H
#define PIPELINE_WORKER_BATCH_H

#include "engine/engine_split.h"
#include "pipeline/run_single.h"

/* Packets read for a batch: most packets of a link need no processing. */
#define BATCH_PACKETS_MAX (4u * SPLIT_PACKETS_MAX)

_Static_assert(SPLIT_PACKETS_MAX >= 2u * SYNFIX_BATCH_MAX, "room for the packets of a read and for others");

/** Packets that were read and wait for room in a batch. Zero-initialised. */
typedef struct batch_input {
    synfix_packet_t packets[SYNFIX_BATCH_MAX];
    size_t count;
    size_t next;
    bool in_datagram; /* the samples of packets[next - 1] are not all in a batch yet */
    sflow_reader_t samples;
} batch_input_t;

/** The part of one worker. No other worker writes to its cache lines, nor to those of its packets. */
typedef struct partition {
    split_share_t share;     /* packets of the flows that the worker owns */
    split_samples_t samples; /* that the worker found in them, for the owners of the hosts */
} partition_t;

typedef struct worker_batch {
    packet_context_t *contexts;
    unsigned workers;
    partition_t *partitions;                   /* one for each worker */
    split_share_t *owners[SYNFIX_FLOW_SHARDS]; /* the share of each shard of flows */
    size_t count;                              /* packets to process */
    size_t context_count;
    size_t packets;             /* packets read; 0: none */
    bool more;                  /* the source has further packets at once */
    atomic_uint flow_remaining; /* workers still in the flow phase */
    atomic_uint host_remaining; /* workers still in the host phase */
} worker_batch_t;

/** False: out of memory; worker_batch_destroy the batch all the same. */
bool worker_batch_init(worker_batch_t *batch, unsigned workers);
/** Accepts a zero-initialised batch. */
void worker_batch_destroy(worker_batch_t *batch);

/**
 * Reads and decodes while there is room and the source has packets. SYNFIX_END after the last source (the
 * batch may still hold packets), SYNFIX_AGAIN when none arrive now, else SYNFIX_OK. @p input keeps the
 * packets for which the batch has no room.
 */
synfix_status_t worker_batch_fill(worker_batch_t *batch, batch_input_t *input, file_reader_t *reader,
                                  const synfix_engine_config_t *config);

#endif
