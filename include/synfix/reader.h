/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reader.h
 * Observations of a capture file or an interface, one after the other: source, engine and database in one
 * object.
 *
 * Programs that capture packets themselves use engine.h instead. A reader belongs to one thread at a time;
 * different readers are independent.
 */
#ifndef SYNFIX_READER_H
#define SYNFIX_READER_H

#include <stddef.h>
#include <synfix/counters.h>
#include <synfix/engine.h>
#include <synfix/export.h>
#include <synfix/observation.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Size in bytes, with the terminating NUL, that every path of synfix_sigdb_default_path fits into. */
#define SYNFIX_PATH_SIZE 4096

/**
 * Path of the default signature database: share/synfix/sigdb/synfix.fp of the installation that the library,
 * or the program that contains it, belongs to; else that of the installation prefix at build time; else below
 * /usr/share; else /etc/synfix/synfix.fp. Any thread.
 * @param path   buffer of the caller; undefined after a failure
 * @param size   of the buffer in bytes; SYNFIX_PATH_SIZE suffices
 * @param error  receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_NOT_FOUND: none of them can be read, or @p size is too small; @p error names the
 *         places
 */
SYNFIX_API synfix_status_t synfix_sigdb_default_path(char *path, size_t size,
                                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** An open capture file or interface, with an engine. */
typedef struct synfix_reader synfix_reader_t;

/** Configuration. Call synfix_reader_config_init first, then change fields. */
typedef struct synfix_reader_config {
    size_t struct_size;    /* set by synfix_reader_config_init: size of the caller's version */
    synfix_sigdb_t *sigdb; /* finished database; the reader takes a reference; NULL: the default database */
    const char *filter;    /* libpcap expression; NULL: all packets */
    synfix_uptime_mode_t uptime; /* default: SYNFIX_UPTIME_REGRESSION */
    synfix_signature_mode_t signatures;
} synfix_reader_config_t;

/**
 * Fills a configuration with the defaults. Any thread.
 * @param config       owned by the caller
 * @param struct_size  sizeof *config of the caller, so that a newer library knows which fields the caller has
 */
SYNFIX_API void synfix_reader_config_init(synfix_reader_config_t *config, size_t struct_size);

/**
 * Opens a capture file: pcap or pcapng, also compressed. Any thread.
 * @param path    of the file; `-`: standard input
 * @param config  not needed after the call; NULL: the defaults
 * @param reader  on success owned by the caller: synfix_reader_close(); unchanged after a failure
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_NOT_FOUND: no such file, or no default database; SYNFIX_PERMISSION;
 * SYNFIX_INVALID: no capture, or a wrong filter; SYNFIX_UNSUPPORTED: the link type is unknown;
 * SYNFIX_TRUNCATED: the file ends in its header; SYNFIX_NO_MEMORY; SYNFIX_IO
 */
SYNFIX_API synfix_status_t synfix_reader_open_file(const char *path, const synfix_reader_config_t *config,
                                                   synfix_reader_t **reader,
                                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Opens a network interface. Any thread.
 * @param name    of the interface; `any`: all interfaces
 * @param config  not needed after the call; NULL: the defaults
 * @param reader  on success owned by the caller: synfix_reader_close(); unchanged after a failure
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_PERMISSION: the process may not capture; SYNFIX_NOT_FOUND: no such interface, or
 * no default database; SYNFIX_INVALID: a wrong filter; SYNFIX_NO_MEMORY; SYNFIX_IO
 */
SYNFIX_API synfix_status_t synfix_reader_open_interface(const char *name,
                                                        const synfix_reader_config_t *config,
                                                        synfix_reader_t **reader,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The next observation. The thread of the reader.
 * @param reader       not NULL
 * @param observation  with SYNFIX_OK owned by the reader, valid until the next call for this reader; else
 *                     unchanged
 * @param error        receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_END: the file is at its end (later calls return the same); SYNFIX_AGAIN: an
 *         interface had no packet for a quarter of a second; SYNFIX_TRUNCATED, SYNFIX_INVALID, SYNFIX_IO,
 *         SYNFIX_DISCONNECTED: the file is damaged or the interface failed; all observations before the
 *         damage were delivered, and later calls return SYNFIX_END
 */
SYNFIX_API synfix_status_t synfix_reader_next(synfix_reader_t *reader,
                                              const synfix_observation_t **observation,
                                              synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Copies the counters of the reader's engine. The thread of the reader.
 * @param reader    not NULL
 * @param counters  owned by the caller
 */
SYNFIX_API void synfix_reader_counters(const synfix_reader_t *reader, synfix_engine_counters_t *counters);

/**
 * Closes the source and frees everything, the last observation included.
 * @param reader  NULL is allowed
 */
SYNFIX_API void synfix_reader_close(synfix_reader_t *reader);

#ifdef __cplusplus
}
#endif

#endif
