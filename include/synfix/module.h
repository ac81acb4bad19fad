/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module.h
 * The interface between the pipeline and its sources, enrichers and sinks; built-in modules use the same
 * interface. A module is a const descriptor. A shared object exports one descriptor as the symbol
 * `synfix_module` (synfix_module_t).
 * Errors: functions return a synfix_status_t. A negative status while running disables the instance; the
 * failure is counted and logged, and other instances continue. Optional functions may be NULL.
 * Ownership: an instance that open created belongs to the pipeline, which calls close exactly once. If open
 * returns anything but SYNFIX_OK, open has released everything, and its error text is shown to the user.
 * Threads: open and close run in the thread that builds the pipeline, or that changes the pipeline while it
 * runs (live). The other functions state their thread below.
 */
#ifndef SYNFIX_MODULE_H
#define SYNFIX_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/counters.h>
#include <synfix/observation.h>
#include <synfix/packet.h>
#include <synfix/plain_observation.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of this interface; increased when a descriptor changes incompatibly.
 */
#define SYNFIX_MODULE_ABI 1u

/** The type of an option decides which texts are values. */
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
    const char *help;    /* one sentence without a full stop */
    const char *choices; /* of a string: all accepted values, separated by spaces; NULL: any text */
} synfix_option_t;

/**
 * Values of a module's options, with defaults. The pipeline owns the object; it is constant, and it is valid
 * with all its strings until open or check returns. Any thread may read it. Each function below takes an
 * object that is not NULL, and cannot fail. A value that its type refuses (only in check) is the default as a
 * number, and the text of the user as a string.
 */
typedef struct synfix_options synfix_options_t;

/**
 * Text of an option of any type, as the user wrote it, or its default.
 * @param options  not NULL
 * @param name     of an entry of the module's list
 * @return owned by @p options; NULL: neither a value nor a default, or no option of this name
 */
SYNFIX_API const char *synfix_options_string(const synfix_options_t *options, const char *name);

/**
 * Value of an option of type SYNFIX_OPTION_INTEGER, within its minimum and maximum.
 * @param options  not NULL
 * @param name     of an entry of the module's list
 * @return a plain number (`2k` is 2048); 0: neither a value nor a default, or no option of this name and type
 */
SYNFIX_API int64_t synfix_options_integer(const synfix_options_t *options, const char *name);

/**
 * Value of an option of type SYNFIX_OPTION_BOOLEAN.
 * @param options  not NULL
 * @param name     of an entry of the module's list
 * @return false: no, or neither a value nor a default, or no option of this name and type
 */
SYNFIX_API bool synfix_options_boolean(const synfix_options_t *options, const char *name);

/**
 * Value of an option of type SYNFIX_OPTION_DURATION, within its minimum and maximum.
 * @param options  not NULL
 * @param name     of an entry of the module's list
 * @return milliseconds; 0: neither a value nor a default, or no option of this name and type
 */
SYNFIX_API int64_t synfix_options_duration_ms(const synfix_options_t *options, const char *name);

/**
 * Text after `scheme:` of a sink or source, without a leading `//` and without `?key=value`.
 * @param options  not NULL
 * @return owned by @p options; never NULL; empty: no target, or an enricher
 */
SYNFIX_API const char *synfix_options_target(const synfix_options_t *options);

/**
 * The scheme, which is the module's name.
 * @param options  not NULL
 * @return owned by @p options; never NULL
 */
SYNFIX_API const char *synfix_options_scheme(const synfix_options_t *options);

/** Mistakes in one module specification. The pipeline owns the list; only check adds to it, in its thread. */
typedef struct synfix_mistakes synfix_mistakes_t;

/**
 * Adds a mistake, unless @p status is not a failure, or the option already has a mistake with the same text.
 * @param mistakes  the argument of check
 * @param option    the option that has to change, for the line of a configuration file; copied. NULL: the
 *                  target
 * @param status    of a function that checks; without a failure @p error is not read
 * @param error     the reason, without the module's name; copied
 * @return @p status
 */
SYNFIX_API synfix_status_t synfix_mistakes_add(synfix_mistakes_t *mistakes, const char *option,
                                               synfix_status_t status, const synfix_error_t *error);

/**
 * Whether the list has a mistake of an option: a check of several options skips those whose value is
 * wrong by itself.
 * @param mistakes  the argument of check
 * @param option    name of an option; empty: the target
 * @return false: no mistake so far
 */
SYNFIX_API bool synfix_mistakes_concern(const synfix_mistakes_t *mistakes, const char *option);

/**
 * Adds each value that the type, the range or the choices of its option refuse.
 * @param options   the argument of check
 * @param mistakes  the argument of check
 */
SYNFIX_API void synfix_options_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

struct synfix_block;

/** Functions of the pipeline for its modules. Any thread may call them. Valid as long as the instance. */
typedef struct synfix_module_context {
    size_t struct_size;
    void *user;
    bool live; /* packets come from an interface: a loss is better than a delay */
    uint32_t observation_domain;
    /** Writes one line to the log; level 0 error, 1 warning, 2 notice, 3 information, 4 debug. */
    void (*log)(void *user, int level, const char *text);
    /** Current sum over all workers. */
    void (*counters)(void *user, synfix_engine_counters_t *counters);
    /** Packets that kernel, interface and rings dropped before a worker saw them. */
    uint64_t (*packets_dropped)(void *user);
    /**
     * Returns a reference to the database in use, which the caller releases with synfix_sigdb_unref. NULL: no
     * database.
     */
    synfix_sigdb_t *(*sigdb)(void *user);
    /**
     * Time of the first and the newest packet in nanoseconds since the epoch; 0 and 0 before the first
     * packet.
     */
    void (*packet_times)(void *user, int64_t *first_ns, int64_t *last_ns);
    /** Records that did not reach the sink @p instance because its queue was full. */
    uint64_t (*records_dropped)(void *user, const void *instance);
    /**
     * For sinks that write several blocks at once; call inside write only. True: @p block stays valid after
     * the call until release_block. False: the sink must copy the bytes. A sink keeps at most
     * SYNFIX_KEPT_BLOCKS_MAX blocks and releases them in its own thread.
     */
    bool (*keep_block)(void *user, const struct synfix_block *block);
    void (*release_block)(void *user, const struct synfix_block *block);
    /** Reserved: always NULL. */
    const void *argument;
    bool host_changes; /* observations of kind HOST_CHANGE are possible */
    /** Name of the captured interface at @p position (`any`: all interfaces); NULL after the last one, and
     * when packets come from files. */
    const char *(*interface)(void *user, size_t position);
} synfix_module_context_t;

#define SYNFIX_KEPT_BLOCKS_MAX 8u

/** Encoded observations that a worker passes to a sink. */
typedef struct synfix_block {
    uint8_t *data;
    uint32_t capacity;     /* capacity in bytes, from encoding->block_size or size */
    uint32_t length;       /* bytes in use */
    uint32_t records;      /* observations in the block */
    uint32_t notes[4];     /* private to the encoding; 0 in a new block */
    int64_t first_time_ns; /* packet time of the first and the last observation in the block */
    int64_t last_time_ns;
    uint64_t first_number;
    uint64_t last_number;
} synfix_block_t;

/**
 * Converts observations to bytes. Sinks with the same function table and equal keys share the encoded blocks.
 * An encoder belongs to one worker thread.
 */
typedef struct synfix_encoding {
    uint32_t block_size; /* block size in bytes, SYNFIX_BLOCK_SIZE_MIN to _MAX; 0: size() returns it */
    /** @p settings come from the sink's encoding function and outlive the encoder. */
    synfix_status_t (*create)(const void *settings, unsigned worker, void **encoder, synfix_error_t *error);
    /**
     * Appends an observation to @p block. SYNFIX_AGAIN: no space, nothing was written; the pipeline calls
     * again with an empty block. SYNFIX_INVALID: the record does not fit into an empty block; it is dropped
     * and counted. Must not allocate or block.
     */
    synfix_status_t (*encode)(void *encoder, const synfix_observation_t *observation, synfix_block_t *block);
    /** Completes the block before it leaves the worker. May be NULL. */
    void (*seal)(void *encoder, synfix_block_t *block);
    /** Frees @p encoder, after its last block. */
    void (*destroy)(void *encoder);
    /** Returns the block size for @p settings; may be NULL if block_size is not 0. */
    uint32_t (*size)(const void *settings);
    /**
     * As encode, for @p count observations whose headers are not decoded. The pipeline calls it instead of
     * encode if there are no enrichers and no host tracking. Must write the same bytes as encode. Returns the
     * number of observations appended; if it is less than @p count, *@p status is the result of encode for
     * the next one. NULL: the encoder needs decoded headers.
     */
    size_t (*encode_plain)(void *encoder, const synfix_plain_observation_t *const *observations, size_t count,
                           synfix_block_t *block, synfix_status_t *status);
} synfix_encoding_t;

#define SYNFIX_BLOCK_SIZE_MIN 512u
#define SYNFIX_BLOCK_SIZE_MAX 1048576u

/** Counters of the records of a sink. produced = delivered + spooled + lost + pending. */
typedef struct synfix_sink_stats {
    uint64_t produced;      /* records that reached the sink */
    uint64_t delivered;     /* written to the file, the kernel or the broker */
    uint64_t spooled;       /* on disk, not yet sent */
    uint64_t lost;          /* lost; the reason was logged */
    uint64_t pending;       /* in memory */
    uint64_t retransmitted; /* sent again after a break; not part of the sum */
    uint64_t bytes;         /* of delivered records */
    uint64_t reconnects;
    uint64_t errors;
    uint64_t found;   /* found in the spool of an earlier sink or run; also in produced */
    uint64_t unheard; /* sent while the host of the collector refused the port; also in delivered */
} synfix_sink_stats_t;

/**
 * A sink runs in its own thread behind a bounded queue, so a blocked sink delays no other. If write does
 * not return after stop, the pipeline abandons the sink at the end and counts its records as lost.
 */
typedef struct synfix_sink {
    /**
     * Checks the options and opens files and sockets that need privileges. Paths are relative to the working
     * directory.
     */
    synfix_status_t (*open)(const synfix_module_context_t *context, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /**
     * Returns the encoding, its settings and a key (both valid until close). Keys are equal if and only if
     * the settings are equal. Called once.
     */
    const synfix_encoding_t *(*encoding)(void *instance, const void **settings, const char **key);
    /** First call in the sink's thread, before any write. May be NULL. */
    synfix_status_t (*start)(void *instance, synfix_error_t *error);
    /**
     * Writes one block, which is read-only and valid during the call. May wait until stop is called.
     * SYNFIX_END: the block was not written, and no more blocks are wanted, because the reader has closed its
     * end (as `head` does). After SYNFIX_END and after a failure, the pipeline counts the records of the
     * block.
     */
    synfix_status_t (*write)(void *instance, const synfix_block_t *block, synfix_error_t *error);
    /**
     * Called when no block arrived for a while, and at least once a second; wall clock in nanoseconds. May be
     * NULL.
     */
    synfix_status_t (*tick)(void *instance, int64_t now_ns, synfix_error_t *error);
    /** Called after the last block: drain, sync, rename. Only close follows. In the sink's thread. May be
     * NULL. */
    synfix_status_t (*finish)(void *instance, synfix_error_t *error);
    /** Frees @p instance. In the thread that ends the pipeline, or that removes the sink from it. */
    void (*close)(void *instance);
    /** Fills in all fields of @p stats. Any thread, from open to close. May be NULL: all fields are 0. */
    void (*stats)(void *instance, synfix_sink_stats_t *stats);
    /** Reopens files and reads certificates again. In the sink's thread. May be NULL. */
    synfix_status_t (*reload)(void *instance, synfix_error_t *error);
    /** Requests the end of all waits, because the pipeline ends soon. Any thread. May be NULL. */
    void (*stop)(void *instance);
    /**
     * Returns the path of the file that open would create or replace, "-" for standard output, or NULL if the
     * sink writes no file. The pipeline refuses two sinks with one file. The text is valid as long as @p
     * options. May be NULL.
     */
    const char *(*output_file)(const synfix_options_t *options);
} synfix_sink_t;

/** Adds annotations to observations, in the worker, before encoding. */
typedef struct synfix_enricher {
    /** Checks the options, and creates @p instance, the state that all workers share; close frees it. */
    synfix_status_t (*open)(const synfix_module_context_t *context, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /** Creates the state of one worker, in the thread of open. May be NULL: then state is NULL. */
    synfix_status_t (*worker_open)(void *instance, unsigned worker, void **state, synfix_error_t *error);
    /**
     * May set community_id and muon_fingerprint of @p observation, and append annotations with
     * synfix_observation_annotate(). Strings of the enricher must stay valid until the next call with the
     * same state. Must not allocate or block. SYNFIX_OK or any other status that is not negative: the
     * observation continues to the next enricher. A failure disables the enricher in all workers; the
     * observation continues with the members set so far. Runs in the worker of @p state.
     */
    synfix_status_t (*enrich)(void *instance, void *state, synfix_observation_t *observation);
    /** Frees @p state of one worker, after the last call with it. */
    void (*worker_close)(void *instance, void *state);
    /** Frees @p instance, after worker_close of all workers. */
    void (*close)(void *instance);
    /** Reads files again, between packets, while no worker runs the enricher. After a failure the old content
     * stays. May be NULL. */
    synfix_status_t (*reload)(void *instance, synfix_error_t *error);
    bool in_order; /* the annotations depend on earlier observations: files are then read with one worker, so
                      that the result does not depend on the number of workers */
} synfix_enricher_t;

/** Maximum number of annotations of one observation, all enrichers together. The pipeline owns the array. */
#define SYNFIX_ANNOTATIONS_MAX 16u

/**
 * Appends an annotation. Call inside enrich only, in its thread.
 * @param observation  the argument of enrich
 * @param name         field name in snake case (`source_country`); not copied: valid until the next call of
 *                     enrich with the same state
 * @param text         UTF-8 without control characters; not copied, as @p name
 * @return SYNFIX_OK; SYNFIX_NO_MEMORY: the observation has SYNFIX_ANNOTATIONS_MAX annotations
 */
SYNFIX_API synfix_status_t synfix_observation_annotate(synfix_observation_t *observation, const char *name,
                                                       const char *text);

/** Counters of a source. */
typedef struct synfix_source_stats {
    uint64_t received;          /* packets delivered to the pipeline */
    uint64_t dropped_kernel;    /* dropped: the kernel's buffer was full */
    uint64_t dropped_interface; /* dropped by the interface or its driver */
    uint64_t bytes_total;       /* size of the input in bytes; 0: unknown */
    uint64_t bytes_read;
    uint64_t unread; /* received by the kernel and not read before the end */
} synfix_source_stats_t;

/** Maximum number of packets in one batch. */
#define SYNFIX_BATCH_MAX 256u

/** One instance belongs to one thread at a time. */
typedef struct synfix_source {
    /** Opens the input that the target names. SYNFIX_NOT_FOUND, SYNFIX_PERMISSION, SYNFIX_INVALID, SYNFIX_IO.
     */
    synfix_status_t (*open)(const synfix_module_context_t *context, const synfix_options_t *options,
                            void **instance, synfix_error_t *error);
    /**
     * Reads up to @p capacity packets, valid until the next call. SYNFIX_OK: at least one packet.
     * SYNFIX_AGAIN: no packet for a while (at most 300 ms). SYNFIX_END: end of the input. On a failure @p
     * count is the number of valid packets before it.
     */
    synfix_status_t (*read)(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                            synfix_error_t *error);
    /** Fills in all fields of @p stats. Any thread, from open to close. May be NULL: all fields are 0. */
    void (*stats)(void *instance, synfix_source_stats_t *stats);
    /** Frees @p instance, with the packets of the last read. */
    void (*close)(void *instance);
} synfix_source_t;

/** Role of a module in the pipeline. */
typedef enum synfix_module_kind {
    SYNFIX_MODULE_SOURCE = 1,
    SYNFIX_MODULE_ENRICHER = 2,
    SYNFIX_MODULE_SINK = 3,
} synfix_module_kind_t;

/** A module: a constant descriptor that lives as long as the program or the shared object. */
typedef struct synfix_module {
    uint32_t abi;  /* SYNFIX_MODULE_ABI */
    uint32_t size; /* sizeof(synfix_module_t) */
    synfix_module_kind_t kind;
    const char *name;    /* name; for sinks and sources also the scheme: lower-case letters, digits, - */
    const char *summary; /* one line */
    const synfix_option_t *options; /* NULL: none */
    const synfix_source_t *source;  /* the table of its kind */
    const synfix_enricher_t *enricher;
    const synfix_sink_t *sink;
    /**
     * Adds to @p mistakes every reason why open would refuse @p options: values, target, combinations,
     * contents of files that are read. Begins with synfix_options_check(), which is used in place of NULL.
     * Opens no socket and creates no file. @p options and @p mistakes are valid during the call. Runs in the
     * thread of open.
     */
    void (*check)(const synfix_options_t *options, synfix_mistakes_t *mistakes);
} synfix_module_t;

/** Name of the symbol that a shared object exports. */
#define SYNFIX_MODULE_SYMBOL "synfix_module"

#ifdef __cplusplus
}
#endif

#endif
