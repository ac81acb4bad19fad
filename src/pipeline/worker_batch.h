/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file worker_batch.h
 * A batch of decoded packets on its way from the thread that reads files to the workers. For the crew alone.
 */
#ifndef PIPELINE_WORKER_BATCH_H
#define PIPELINE_WORKER_BATCH_H

#include "engine/engine_split.h"
#include "pipeline/pipeline_internal.h"

#define CREW_WORKS   (2u * SYNFIX_BATCH_MAX) /* packets with work in one batch at most */
#define CREW_PACKETS (8u * CREW_WORKS)       /* packets that it stands for: most of a link's are no work */

_Static_assert(CREW_WORKS <= UINT16_MAX, "a place in a batch fits in 16 bits");

/** One worker's part. */
typedef struct partition {
    _Alignas(64) batch_counters_t tally;
    size_t count;
    uint16_t which[CREW_WORKS];
} partition_t;

typedef struct worker_batch {
    packet_context_t *contexts;
    partition_t *shares; /* one a worker */
    /* Set by the worker whose packet it was, by the packet's place; read by the worker whose host it is. */
    bool *pointed;
    engine_sample_t *points;
    size_t count;                /* works */
    size_t packets;              /* that it stands for; 0: nothing was read */
    bool more;                   /* the source has plenty: another batch follows at once */
    atomic_uint first_remaining; /* workers that have not ended the first pass */
    atomic_uint second_left;     /* the same for the second */
} worker_batch_t;

/** False when there is no memory. */
bool worker_batch_init(worker_batch_t *batch, unsigned workers);
/** Also for a batch of zeroes. */
void worker_batch_destroy(worker_batch_t *batch);

/** Reads and decodes as long as there is room and the source has plenty. SYNFIX_END when all sources are
 * through (the batch may hold packets all the same), SYNFIX_AGAIN when none comes now, else SYNFIX_OK. */
synfix_status_t worker_batch_fill(worker_batch_t *batch, file_reader_t *reader,
                                  const synfix_engine_config_t *config);

#endif
