/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_internal.h
 * What the files of the pipeline share: nobody else includes it.
 *
 * Ownership of blocks: a worker owns the blocks of its stages. A block that leaves has one reference for each
 * sink of its group; who gives up the last one sends it home. A stage has so many blocks that one is always
 * home when all queues are full. What goes to disk because a ring is full is a copy.
 *
 * Live, sinks and enrichers change while workers run (pipeline_change.c): each worker changes over between
 * two batches; once all have, what they left behind is ended and freed by the thread that asked for the
 * change. Stages do not change: a group that gained or lost a sink gets new ones, and the old ones stay until
 * their blocks are home.
 */
#ifndef PIPELINE_PIPELINE_INTERNAL_H
#define PIPELINE_PIPELINE_INTERNAL_H

#include "base/clock.h"
#include "base/overflow_file.h"
#include "base/spsc_ring.h"
#include "capture/fanout/fanout_group.h"
#include "module/module_spec.h"
#include "pipeline/pipeline.h"

typedef struct worker worker_t;
typedef struct sink sink_t;
typedef struct stage encoder_slot_t;

typedef struct block {
    synfix_block_t content;
    atomic_uint references;
    int64_t born_ns;       /* monotonic */
    encoder_slot_t *stage; /* its home */
    struct block *next;    /* at home */
} block_t;

/** Sinks with one encoding. */
typedef struct group {
    const synfix_encoding_t *encoding;
    const void *settings; /* of the first sink, as the key is */
    const char *key;
    uint32_t block_size;
    size_t sink_count;
    sink_t *sinks[PIPELINE_SINKS_MAX];
} encoding_group_t;

/** From one worker to one sink. */
typedef struct link {
    ring_t out;
    overflow_file_t overflow;
    _Atomic uint64_t before; /* observations of the worker before the sink was there */
    _Atomic uint64_t queued;
    _Atomic uint64_t dropped;
    _Atomic uint64_t unencodable;
    _Atomic uint64_t overflowed; /* records that wait on disk */
    /* the worker's */
    int64_t full_since_ns; /* monotonic; 0: it is not */
    bool overflowing;
    bool overflow_failed;
    bool overflow_reported;
} sink_queue_t;

typedef enum queue_result {
    QUEUE_QUEUED,     /* the sink has a reference of the block */
    QUEUE_OVERFLOWED, /* to disk */
    QUEUE_DROPPED,    /* lost for this sink */
} queue_result_t;

/** What a sink took from a link. */
typedef struct queue_release {
    const synfix_block_t *content;
    block_t *block; /* NULL: a copy from disk */
} dequeued_block_t;

#define WORKER_SAMPLES SYNFIX_BATCH_MAX /* a packet gives one at most */

/** One group's encoder in one worker. */
struct stage {
    encoding_group_t group;
    void *encoder;
    block_t *current;
    block_t *home;
    block_t *blocks;
    size_t block_count;
    uint8_t *memory;
    int64_t notify_pending_ns; /* when the oldest block began that its sinks were not woken for; 0: none */
    encoder_slot_t *next;      /* of those that a worker has left behind */
    _Alignas(RING_LINE) _Atomic(block_t *) returned; /* by sinks; the worker takes all at once */
};

struct sink {
    pipeline_t *pipeline;
    synfix_module_context_t host; /* the pipeline's, with its own observation domain */
    const synfix_module_t *module;
    const synfix_sink_t *functions; /* NULL: not opened */
    module_spec_t *spec;            /* a reference */
    const char *name;               /* as long as the pipeline */
    void *instance;
    const synfix_encoding_t *encoding;
    const void *settings;
    const char *key;
    uint32_t block_size;
    sink_queue_t *links;   /* one a worker */
    bool leaving;          /* not wanted any more; with the lock for listing */
    int64_t left_ns;       /* when that began; monotonic */
    atomic_bool dismissed; /* no worker will send it another block */
    pthread_t thread;
    bool running;
    event_t filled;
    synfix_block_t copy; /* of what comes back from disk */
    uint8_t *copy_data;
    int64_t timeout_ns;
    _Atomic int64_t taken_ns; /* when it was last done with something; monotonic */
    _Atomic uint64_t taken;   /* records that it took */
    atomic_bool enough;       /* off, but not failed: wants no more */
    atomic_bool finishing;
    atomic_bool ended;
    atomic_bool abandoned;
    atomic_bool blocked_reported;
    atomic_bool late_reported;
    uint64_t left; /* records that it had not taken when it was abandoned */
    atomic_bool failed;
    atomic_bool reload;
    pthread_mutex_t mutex; /* of reason */
    char reason[256];
};

typedef struct enricher {
    const synfix_module_t *module;
    module_spec_t *spec; /* a reference */
    void *instance;
    bool open;
    void **states;        /* one a worker */
    unsigned state_count; /* of those that are open */
    atomic_bool failed;
    atomic_bool reload;
} enricher_t;

/** Where the observations of one worker go. */
typedef struct outputs {
    encoder_slot_t *stages[PIPELINE_SINKS_MAX];
    size_t stage_count;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    bool reloadable; /* some enricher can reload: only then is the lock taken */
} output_set_t;

/** From one set of sinks and enrichers to the next. */
typedef struct change {
    output_set_t *outputs; /* one a worker */
    sink_t *joining[PIPELINE_SINKS_MAX];
    size_t joining_count;
    atomic_uint left; /* workers that have not changed over */
} change_t;

struct worker {
    pipeline_t *pipeline;
    unsigned index;
    synfix_engine_t *engine;
    output_set_t outputs;
    encoder_slot_t *retired; /* stages that some block has not come home to */
    _Atomic(change_t *) next_change;
    _Atomic uint64_t enricher_failures;
    synfix_annotation_t annotations[SYNFIX_ANNOTATIONS_MAX];
    event_t room; /* a queue was emptied */
    filter_t *filter;
    _Atomic(synfix_sigdb_t *) next_sigdb;
    _Atomic(filter_t *) next_filter;
    int64_t now_ns;           /* monotonic, as of the last batch */
    _Atomic int64_t alive_ns; /* live: when it last came round; 0: does not run */
    int uptime;               /* live: of pipeline's, what is in use */
    int signatures;           /* the same */
    unsigned cpus_changed;
    pthread_t thread;
    bool running;
    struct live_worker *live;                              /* on interfaces */
    synfix_timestamp_sample_t own_samples[WORKER_SAMPLES]; /* live: of own hosts, taken after the batch */
    size_t own_count;
};

typedef struct name {
    struct name *next;
    char text[];
} name_t;

typedef struct source {
    module_spec_t *spec; /* a reference; the next two are its own */
    const synfix_module_t *module;
    const synfix_options_t *options;
    void *instance;
    bool open;
    bool counted; /* its size is in the sum of ended ones already */
    bool off;     /* live: failed or ended; its worker reads the others only */
} source_t;

struct pipeline {
    pipeline_config_t config; /* without the parts */
    synfix_module_context_t host;
    source_t *sources;
    size_t source_count;
    pthread_mutex_t changing;   /* held as long as sinks and enrichers change, and not by who only looks */
    bool begun;                 /* sinks run; with changing */
    change_t *change;           /* that some worker may not have taken; with changing */
    pthread_mutex_t sinks_lock; /* of all down to removed_count; short, with no call that may wait */
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    size_t sink_count;                                   /* without those that leave */
    sink_t *sinks[PIPELINE_SINKS_MAX];                   /* with NULL in between */
    _Atomic(const void *) instances[PIPELINE_SINKS_MAX]; /* theirs, to be looked at without the lock */
    pipeline_sink_summary_t removed;                     /* what those that ended had counted */
    size_t removed_count;
    enricher_t *retired_enrichers[PIPELINE_ENRICHERS_MAX]; /* that some worker may still use; with changing */
    name_t *names;                                         /* of all sinks that there were */
    worker_t *workers;
    unsigned worker_count;
    _Atomic(filter_t *) next_filter;       /* of who reads files */
    _Atomic uint32_t flush_ms;             /* as configured, or as changed since */
    atomic_int uptime;                     /* the same */
    atomic_int signatures;                 /* the same */
    atomic_int cpus[PIPELINE_WORKERS_MAX]; /* the same; -1: any */
    atomic_uint cpus_changed;              /* how often */
    atomic_uint stops;
    atomic_bool drained; /* no worker will send another block */
    event_t sink_ended;
    pthread_mutex_t mutex; /* of sigdb and of opening and closing sources */
    synfix_sigdb_t *sigdb;
    synfix_source_stats_t ended; /* of sources closed already */
    _Atomic int64_t first_ns;
    _Atomic int64_t last_ns;
    atomic_bool any_packet;
    _Atomic uint64_t samples_dropped;
    pthread_rwlock_t at_packets; /* read: a worker with a batch; write: enrichers reload */
};

/* worker.c */
synfix_status_t worker_open(worker_t *worker, pipeline_t *pipeline, unsigned index, synfix_error_t *error);
void worker_close(worker_t *worker);
/** Takes over what was reloaded, sends blocks that are old enough. Between batches. */
void worker_apply_updates(worker_t *worker);
void worker_flush(worker_t *worker);
/** Any thread: the worker changes over with its next batch; at once when its thread has ended. It has taken
 * the change before. */
void worker_offer_change(worker_t *worker, change_t *change);
/** The worker's thread ends: it takes what it was offered, and nothing more. */
void worker_last_change(worker_t *worker);
/** Packets and points go into the engine between these two: no enricher is reloaded meanwhile. */
void worker_lock_enrichers(worker_t *worker);
void worker_unlock_enrichers(worker_t *worker);

/* pipeline_stage.c */
/** Blocks that a queue of @p block_size takes. */
uint32_t queue_blocks(const pipeline_t *pipeline, uint32_t block_size);
/** With all blocks at home. @p group is copied. */
synfix_status_t stage_new(const pipeline_t *pipeline, const encoding_group_t *group, unsigned worker,
                          encoder_slot_t **made, synfix_error_t *error);
/** The sinks' settings are not needed any more; blocks may still be on their way. */
void stage_end_encoder(encoder_slot_t *stage);
void stage_free(encoder_slot_t *stage);
/** Worker: an empty block; there is always one. */
block_t *pool_take(encoder_slot_t *stage, int64_t now_ns);
/** Worker: a block that no sink has. */
void pool_return(encoder_slot_t *stage, block_t *block);
/** Worker: all blocks are home. */
bool pool_is_idle(encoder_slot_t *stage);
/** Gives up one reference; true when it was the last one: then the block is to go home. */
bool block_release(block_t *block);
/** Any thread: sends it home. */
void block_return(block_t *block);

/* pipeline_parts.c */
/** Opens it, with all that lies between it and the workers. It does not run. Its name is another than those
 * of
 * @p siblings (PIPELINE_SINKS_MAX, with NULL in between). */
synfix_status_t sink_new(pipeline_t *pipeline, module_spec_t *spec, sink_t *const *siblings, sink_t **made,
                         synfix_error_t *error);
/** It does not run any more. NULL is allowed. */
void sink_free(sink_t *sink);
/** From now on it is one of the pipeline's. */
void sink_register(pipeline_t *pipeline, sink_t *sink, size_t slot);
/** Opens it, and its state for every worker. */
synfix_status_t enricher_new(pipeline_t *pipeline, module_spec_t *spec, enricher_t **made,
                             synfix_error_t *error);
void enricher_free(enricher_t *enricher);

/* pipeline_outputs.c */
/** Outputs of all workers (*made[worker]); stages that fit are taken over from those they have. */
synfix_status_t outputs_make(pipeline_t *pipeline, sink_t *const *sinks, size_t sink_count,
                             enricher_t *const *enrichers, size_t enricher_count, output_set_t **made,
                             synfix_error_t *error);
/** Frees @p outputs that no worker has taken, with the stages that are new in them. NULL is allowed. */
void outputs_discard(pipeline_t *pipeline, output_set_t *outputs);
bool outputs_have(const output_set_t *outputs, const encoder_slot_t *stage);

/* pipeline_change.c */
void change_free(change_t *change);

/* pipeline_summary.c */
/** Adds what @p sink has counted up to now. */
void sink_add_up(pipeline_t *pipeline, sink_t *sink, pipeline_sink_summary_t *sum);
void sources_add_up(pipeline_t *pipeline, synfix_source_stats_t *sum);
void counters_add_up(const pipeline_t *pipeline, synfix_engine_counters_t *sum);
/** Observations that @p worker has made. */
uint64_t worker_observations(const worker_t *worker);

/* pipeline_sink.c */
synfix_status_t sinks_start(pipeline_t *pipeline, synfix_error_t *error);
synfix_status_t sink_start(sink_t *sink, synfix_error_t *error);
void sinks_finish(pipeline_t *pipeline);
void sink_switch_off(sink_t *sink, synfix_status_t status, const synfix_error_t *error);

/* pipeline_link.c */
/** Worker: hands @p block to @p sink; waits for room when nothing may be lost and the sink goes on. */
queue_result_t link_put(worker_t *worker, sink_t *sink, block_t *block);
/** Sink: the oldest block; queue_release gives it back. False: there is none. */
bool queue_take(sink_t *sink, sink_queue_t *link, dequeued_block_t *taken);
void queue_release(const dequeued_block_t *taken);
/** Sink: nothing waits. */
bool link_is_empty(sink_queue_t *link);
/** How long others may wait for a sink that takes nothing. INT64_MAX: as long as it takes. */
int64_t sink_patience_ns(const sink_t *sink);
/** How long it has taken nothing, since @p since_ns at most. */
int64_t sink_stuck_ns(const sink_t *sink, int64_t since_ns);

/* pipeline_file.c */
synfix_status_t run_inline(pipeline_t *pipeline, synfix_error_t *error);
/** Opens every source, so that mistakes show before the first packet. */
synfix_status_t files_open(pipeline_t *pipeline, synfix_error_t *error);
synfix_status_t source_open(pipeline_t *pipeline, source_t *source, synfix_error_t *error);
void source_close(pipeline_t *pipeline, source_t *source);
typedef struct reader {
    pipeline_t *pipeline;
    filter_t *filter;
    size_t source;
    uint64_t number_base;
    uint64_t last_number;
    bool leave;             /* the current source has nothing more */
    synfix_status_t status; /* of the first source that failed */
    synfix_error_t error;
} file_reader_t;
file_reader_t reader_begin(pipeline_t *pipeline);
/** The outcome of a run: @p status, else the first source's failure. */
synfix_status_t reader_end(file_reader_t *reader, synfix_status_t status, synfix_error_t *error);
/** For engine_classify in the reading thread, with the pipeline's filter. Valid as long as @p reader. */
synfix_engine_config_t reader_config(file_reader_t *reader);
/** Takes over a new filter. Between two reads. */
void reader_apply_updates(file_reader_t *reader);
/** Next batch of all sources in order, numbers running on. SYNFIX_END when all are through. */
synfix_status_t reader_next(file_reader_t *reader, synfix_packet_t *packets, size_t *count);

/* pipeline_run_pool.c */
synfix_status_t run_pool(pipeline_t *pipeline, synfix_error_t *error);

/* pipeline_live.c */
synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error);
/** Every worker's handle on every interface: source i * workers + k is interface i's for worker k. */
synfix_status_t live_open_sources(pipeline_t *pipeline, synfix_error_t *error);
/** pipeline_fanout.c: how the workers share each interface; tried and told. */
synfix_status_t live_choose_fanout(const pipeline_t *pipeline, fanout_mode_t *mode, synfix_error_t *error);
/** @p user: the worker. */
void live_sample(const synfix_timestamp_sample_t *point, void *user);

/* pipeline.c */
/** What a module's open (or the like) answered, as the pipeline's own answer: never positive, and a failure
 * always with its reason. @p own is what the module wrote, empty before the call. */
synfix_status_t pipeline_opened(const char *name, synfix_status_t status, const synfix_error_t *own,
                                synfix_error_t *error);
void pipeline_log(const pipeline_t *pipeline, int level, const char *format, ...) SYNFIX_PRINTF(3, 4);
bool pipeline_stopping(const pipeline_t *pipeline);
/** Ends the run unless it is ending already: never the second stop, which would not wait for peers. */
void pipeline_end(pipeline_t *pipeline);
void pipeline_note_times(pipeline_t *pipeline, const synfix_packet_t *packets, size_t count);
void pipeline_pin(const pipeline_t *pipeline, const worker_t *worker);

#endif
