/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_summary.h
 * Counters of the records for one sink.
 */
#ifndef PIPELINE_WORKER_SINK_SUMMARY_H
#define PIPELINE_WORKER_SINK_SUMMARY_H

#include <synfix/module.h>

typedef struct pipeline_sink_summary {
    const char *name;          /* `scheme:target` */
    synfix_sink_stats_t stats; /* counters reported by the sink */
    uint64_t before;           /* observations made before the sink was added */
    uint64_t queued;           /* records put into the queue */
    uint64_t dropped;          /* records dropped: queue full, or sink failed */
    uint64_t unencodable;      /* records too large for a block */
    uint64_t left;    /* records left on disk by a removed sink; the next sink with the spool counts them as
                         `found` */
    uint64_t lost;    /* dropped, unencodable, or lost by the sink; 0 when `enough` */
    bool failed;      /* disabled */
    bool enough;      /* the reader closed the output of the sink: records that were not read are not lost */
    char reason[256]; /* error message of the failure */
} pipeline_sink_summary_t;

#endif
