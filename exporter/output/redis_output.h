/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file redis_output.h
 * Writes lines to a Redis server as pipelined commands, in the modes of Suricata's Redis output. Built with
 * hiredis (SYNFIX_HAVE_HIREDIS). One thread.
 */
#ifndef EXPORTER_OUTPUT_REDIS_OUTPUT_H
#define EXPORTER_OUTPUT_REDIS_OUTPUT_H

#include <stdatomic.h>
#include <stdint.h>
#include <synfix/module.h>

typedef struct redis redis_t;

#define REDIS_PORT_DEFAULT 6379

/** Options of redis_new, for the option list of a sink. */
#define REDIS_OPTIONS                                                                                        \
    {.name = "mode",                                                                                         \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "list",                                                                                     \
     .choices = "list lpush rpush channel publish stream xadd",                                              \
     .help = "Redis: list (lpush), rpush, channel (publish) or stream (xadd)"},                              \
        {.name = "key",                                                                                      \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "suricata",                                                                             \
         .help = "Redis: name of list, channel or stream"},                                                  \
        {.name = "stream-length",                                                                            \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "100000",                                                                               \
         .minimum = 0,                                                                                       \
         .maximum = INT64_MAX,                                                                               \
         .help = "Redis: approximate number of entries in a stream; 0: unlimited"},                          \
        {.name = "username", .type = SYNFIX_OPTION_STRING, .help = "Redis: user name"},                      \
        {.name = "password-file",                                                                            \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "Redis: file whose first line is the password"},                                            \
    {                                                                                                        \
        .name = "timeout", .type = SYNFIX_OPTION_DURATION, .fallback = "5s", .minimum = 100,                 \
        .maximum = 600000, .help = "Redis: time to wait for the server"                                      \
    }

/** Result of one redis_write. Lines that are neither accepted nor refused are lost. */
typedef struct redis_result {
    uint32_t accepted; /* by the server */
    uint32_t refused;  /* refused by the server: error has the first reason */
    uint32_t again;    /* sent a second time over another connection; also counted in one of the others */
} redis_result_t;

/** Adds a mistake for the target, for `username` without a password, and for `password-file`. */
void redis_check(const char *target, const synfix_options_t *options, synfix_mistakes_t *mistakes);

/**
 * Reads the options; @p target is HOST, HOST:PORT, [IPv6]:PORT or the path of a socket. Does not connect. @p
 * stopping ends waits and must outlive the object.
 */
synfix_status_t redis_new(const char *target, const synfix_options_t *options, const atomic_bool *stopping,
                          redis_t **redis, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** @p redis may be NULL. */
void redis_free(redis_t *redis);

/** Connects or reconnects, and authenticates. The reason begins with the target. */
synfix_status_t redis_connect(redis_t *redis, synfix_error_t *error) SYNFIX_MUST_CHECK;
void redis_disconnect(redis_t *redis);
/** -1 without a connection. */
int redis_descriptor(const redis_t *redis);

/**
 * Sends each line without its line feed and waits for all replies; requires a connection. A broken connection
 * is opened once more, and lines without a reply are sent a second time. SYNFIX_OK: every line has a reply,
 * which may be a refusal. SYNFIX_DISCONNECTED: the connection broke again.
 */
synfix_status_t redis_write(redis_t *redis, const char *lines, size_t length, redis_result_t *result,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
