/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module.h
 * The interface between the pipeline and its sources, enrichers and sinks. Built-in ones use it too.
 *
 * A module is a const descriptor. A shared object exports one as the symbol `synfix_module`
 * (synfix_module_t). All functions answer a synfix_status_t; a negative one while running switches the
 * instance off (it is counted and told, the others go on). Optional functions may be NULL.
 *
 * Ownership: an instance made by open belongs to the pipeline, which ends it by close exactly once; when open
 * answers anything but SYNFIX_OK nothing was made, and the reason that it wrote is what a person reads.
 * Threads: open and close run in the thread that builds the pipeline, or that changes it while it runs
 * (live); what else is said below.
 */
#ifndef SYNFIX_MODULE_H
#define SYNFIX_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/counters.h>
#include <synfix/observation.h>
#include <synfix/packet.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Grows when a descriptor changes in a way that older modules do not survive. */
#define SYNFIX_MODULE_ABI 1u

typedef enum synfix_option_type {
    SYNFIX_OPTION_STRING,
    SYNFIX_OPTION_INTEGER,  /* decimal, with an optional suffix k, M, G (1024) */
    SYNFIX_OPTION_BOOLEAN,  /* yes/no, true/false, on/off, 1/0 */
    SYNFIX_OPTION_DURATION, /* seconds; or with a suffix ms, s, m, h, d */
} synfix_option_type_t;

/** One option of a module. A list ends with an entry whose name is NULL. */
typedef struct synfix_option {
    const char *name;
    synfix_option_type_t type;
    const char *fallback; /* default as text; NULL: none */
    int64_t minimum;      /* integers and durations (milliseconds); both 0: any */
    int64_t maximum;
    const char *help; /* one sentence without a full stop */
} synfix_option_t;

/**
 * Values of a module's options, checked against its list, defaults filled in. Constant; strings live until
 * open returns. A name that is not in the list is a mistake in the module: NULL, 0, false.
 */
typedef struct synfix_options synfix_options_t;
SYNFIX_API const char *synfix_options_string(const synfix_options_t *options, const char *name);
SYNFIX_API int64_t synfix_options_integer(const synfix_options_t *options, const char *name);
SYNFIX_API bool synfix_options_boolean(const synfix_options_t *options, const char *name);
SYNFIX_API int64_t synfix_options_duration_ms(const synfix_options_t *options, const char *name);
/** What stands after `scheme:` of a sink or source, `?key=value` cut off; never NULL. */
SYNFIX_API const char *synfix_options_target(const synfix_options_t *options);
/** The scheme itself (`udp`); never NULL. */
SYNFIX_API const char *synfix_options_scheme(const synfix_options_t *options);

struct synfix_block;

/** What the pipeline offers its modules. Functions may be called from any thread. Lives as long as the
 * instance. */
typedef struct synfix_module_context {
    size_t struct_size;
    void *user;
    bool live; /* packets come from an interface: losing is better than waiting */
    uint32_t observation_domain;
    /** One line to the log; level 0 error, 1 warning, 2 notice, 3 information, 4 debug. */
    void (*log)(void *user, int level, const char *text);
    /** Sum over all workers, as of now. */
    void (*counters)(void *user, synfix_engine_counters_t *counters);
    /** Packets that kernel, interface and rings dropped before a worker saw them. */
    uint64_t (*packets_dropped)(void *user);
    /** The database in use: a reference that the caller gives back. NULL when there is none. */
    synfix_sigdb_t *(*sigdb)(void *user);
    /** Time of the first and the newest packet so far, nanoseconds since the epoch; 0 and 0 before the first.
     */
    void (*packet_times)(void *user, int64_t *first_ns, int64_t *last_ns);
    /** Records that never reached the sink @p instance: its queue was full. */
    uint64_t (*records_dropped)(void *user, const void *instance);
    /**
     * For sinks that write several blocks at once, inside write only: true when @p block stays valid after
     * the call, until release_block. Otherwise the sink copies the bytes. A sink keeps SYNFIX_KEPT_BLOCKS_MAX
     * blocks at most, and releases them in its own thread.
     */
    bool (*keep_block)(void *user, const struct synfix_block *block);
    void (*release_block)(void *user, const struct synfix_block *block);
    /** Data of the program for this instance; NULL for modules that the user selects. */
    const void *argument;
    bool host_changes; /* observations of kind HOST_CHANGE may come */
} synfix_module_context_t;

#define SYNFIX_KEPT_BLOCKS_MAX 8u

/** Encoded observations on their way from a worker to a sink. */
typedef struct synfix_block {
    uint8_t *data;
    uint32_t capacity;     /* as encoding->block_size asked */
    uint32_t length;       /* bytes in use */
    uint32_t records;      /* observations inside */
    uint32_t notes[4];     /* the encoding's own use; 0 in a fresh block */
    int64_t first_time_ns; /* packet time of the first and the last observation inside */
    int64_t last_time_ns;
    uint64_t first_number;
    uint64_t last_number;
} synfix_block_t;

/**
 * How observations become bytes. Sinks whose encodings have the same function table and equal keys share the
 * work. An encoder belongs to one worker thread.
 */
typedef struct synfix_encoding {
    uint32_t block_size; /* bytes of a block; SYNFIX_BLOCK_SIZE_MIN to _MAX; 0: ask the key's settings
                            through size */
    /** @p settings as given by the sink's encoding function; valid as long as the encoder. */
    synfix_status_t (*create)(const void *settings, unsigned worker, void **encoder, synfix_error_t *error);
    /** Appends to @p block. SYNFIX_AGAIN: no room, nothing was written; it is called again with an empty
       block. A record that an empty block has no room for is SYNFIX_INVALID: dropped, counted. Must not
       allocate or block. */
    synfix_status_t (*encode)(void *encoder, const synfix_observation_t *observation, synfix_block_t *block);
    /** The block is complete and leaves the worker. May be NULL. */
    void (*seal)(void *encoder, synfix_block_t *block);
    void (*destroy)(void *encoder);
    /** Block size by settings; may be NULL when block_size is not 0. */
    uint32_t (*size)(const void *settings);
} synfix_encoding_t;

#define SYNFIX_BLOCK_SIZE_MIN 512u
#define SYNFIX_BLOCK_SIZE_MAX 1048576u

/** What a sink did with its records. produced = delivered + spooled + lost + pending. */
typedef struct synfix_sink_stats {
    uint64_t produced;      /* records that reached the sink */
    uint64_t delivered;     /* to the file, the kernel, the broker */
    uint64_t spooled;       /* on disk, not yet sent */
    uint64_t lost;          /* lost, for a reason that was logged */
    uint64_t pending;       /* in memory */
    uint64_t retransmitted; /* repeated after a break; not in the sum */
    uint64_t bytes;         /* handed over */
    uint64_t reconnects;
    uint64_t errors;
    uint64_t found;   /* in the spool, where a former sink or run had left them; in produced, too */
    uint64_t unheard; /* sent while the collector's host said that nobody listens; in delivered, too */
} synfix_sink_stats_t;

/** A sink runs in a thread of its own, fed through a bounded queue: one that blocks delays nobody else. One
 * whose write does not return although it was asked to stop is left behind in the end, and its records are
 * counted as lost. */
typedef struct synfix_sink {
    /** Checks the options, opens files and sockets that need privileges. Relative to nothing but the working
     * directory. */
    synfix_status_t (*open)(const synfix_module_context_t *host, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /** The encoding, its settings (valid until close) and a key (the same) that is equal exactly when
     * settings are. Called once. */
    const synfix_encoding_t *(*encoding)(void *instance, const void **settings, const char **key);
    /** First call in the sink's thread, before any write. May be NULL. */
    synfix_status_t (*start)(void *instance, synfix_error_t *error);
    /** Takes one block (only read during the call). May wait, but not when it was asked to stop. SYNFIX_END:
     * the block was not wanted, and nothing more is: whoever reads has gone away on purpose, as `head` does.
     * After that, and after a failure, the records of the block are the caller's to count, not the sink's. */
    synfix_status_t (*write)(void *instance, const synfix_block_t *block, synfix_error_t *error);
    /** Called when nothing came for a while and at least once a second; wall clock in nanoseconds. May be
     * NULL. */
    synfix_status_t (*tick)(void *instance, int64_t now_ns, synfix_error_t *error);
    /** All blocks were written: drain, sync, rename. The last call but close. May be NULL. */
    synfix_status_t (*finish)(void *instance, synfix_error_t *error);
    void (*close)(void *instance);
    /** Any thread. May be NULL. */
    void (*stats)(void *instance, synfix_sink_stats_t *stats);
    /** Files are opened anew, certificates read again. In the sink's thread. May be NULL. */
    synfix_status_t (*reload)(void *instance, synfix_error_t *error);
    /** The pipeline wants to end within a short time: give up waiting. Any thread. May be NULL. */
    void (*stop)(void *instance);
    /** Path of the file that open would create or replace; "-" for standard output; NULL when the sink writes
     * no file. Two sinks with one file are refused. The text lives as long as @p options. May be NULL. */
    const char *(*output_file)(const synfix_options_t *options);
} synfix_sink_t;

/** Adds facts to observations, in the worker, before they are encoded. */
typedef struct synfix_enricher {
    synfix_status_t (*open)(const synfix_module_context_t *host, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /** State of one worker, made before it is used there, in the thread of open. May be NULL: then state is
     * NULL. */
    synfix_status_t (*worker_open)(void *instance, unsigned worker, void **state, synfix_error_t *error);
    /** May set community_id, muon_fingerprint, and append to annotations through add (strings copied by the
       callee are its own matter: they must live until the next call with the same state). Must not allocate
       or block. */
    synfix_status_t (*enrich)(void *instance, void *state, synfix_observation_t *observation);
    void (*worker_close)(void *instance, void *state);
    void (*close)(void *instance);
    synfix_status_t (*reload)(void *instance,
                              synfix_error_t *error); /* between packets, in no worker; may be NULL */
    bool in_order; /* what it adds depends on the observations before: files then take one worker, so that the
                      answer is the same whatever number was asked for */
} synfix_enricher_t;

/** Annotations that all enrichers together may add to one observation; the pipeline owns the array. */
#define SYNFIX_ANNOTATIONS_MAX 16u

/** Appends an annotation; SYNFIX_NO_MEMORY when the array is full. For enrichers, inside enrich only. */
SYNFIX_API synfix_status_t synfix_observation_annotate(synfix_observation_t *observation, const char *name,
                                                       const char *text);

/** What a source counted. */
typedef struct synfix_source_stats {
    uint64_t received;          /* packets handed out */
    uint64_t dropped_kernel;    /* no room in the kernel's buffer */
    uint64_t dropped_interface; /* the interface or its driver */
    uint64_t bytes_total;       /* size of the input, 0 unknown */
    uint64_t bytes_read;
    uint64_t unread; /* taken by the kernel, but the end did not wait for them */
} synfix_source_stats_t;

/** Packets of one batch at most. */
#define SYNFIX_BATCH_MAX 256u

/** One instance belongs to one thread at a time. */
typedef struct synfix_source {
    synfix_status_t (*open)(const synfix_module_context_t *host, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /** Up to @p capacity packets; valid until the next call. SYNFIX_OK with at least one, SYNFIX_AGAIN when
       none came for a while (300 ms at most), SYNFIX_END at the end; on a failure @p count tells what was
       whole before it. */
    synfix_status_t (*read)(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error);
    void (*stats)(void *instance, synfix_source_stats_t *stats); /* any thread */
    void (*close)(void *instance);
} synfix_source_t;

typedef enum synfix_module_kind {
    SYNFIX_MODULE_SOURCE = 1,
    SYNFIX_MODULE_ENRICHER = 2,
    SYNFIX_MODULE_SINK = 3,
} synfix_module_kind_t;

typedef struct synfix_module {
    uint32_t abi;  /* SYNFIX_MODULE_ABI */
    uint32_t size; /* sizeof(synfix_module_t) */
    synfix_module_kind_t kind;
    const char *name;               /* for sinks and sources also the scheme: lower case letters, digits, - */
    const char *summary;            /* one line */
    const synfix_option_t *options; /* NULL: none */
    const synfix_source_t *source;  /* the one of kind */
    const synfix_enricher_t *enricher;
    const synfix_sink_t *sink;
    /** Whether open would accept @p options: addresses, words out of a set, files that are read. Opens no
     * socket, creates no file, keeps no state. @p error gets the reason. May be NULL: the types and ranges of
     * the options are all there is to check. The thread of open. */
    synfix_status_t (*check)(const synfix_options_t *options, synfix_error_t *error);
} synfix_module_t;

/** The symbol that a shared object exports. */
#define SYNFIX_MODULE_SYMBOL "synfix_module"

#ifdef __cplusplus
}
#endif

#endif
