/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file redis_output.h
 * Lines to a Redis server, one command each, pipelined: the ways that Suricata knows. Built when hiredis is
 * there (SYNFIX_HAVE_HIREDIS). Belongs to one thread.
 */
#ifndef EXPORTER_OUTPUT_REDIS_OUTPUT_H
#define EXPORTER_OUTPUT_REDIS_OUTPUT_H

#include <stdatomic.h>
#include <stdint.h>
#include <synfix/module.h>

typedef struct redis redis_t;

#define REDIS_PORT_DEFAULT 6379

/** The options that redis_new reads, for the list of a sink that may write to Redis. */
#define REDIS_OPTIONS                                                                                        \
    {.name = "mode",                                                                                         \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "list",                                                                                     \
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
         .help = "Redis: entries that a stream keeps, about; 0: all"},                                       \
        {.name = "username", .type = SYNFIX_OPTION_STRING, .help = "Redis: who to log in as"},               \
        {.name = "password-file",                                                                            \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "Redis: file whose first line is the password"},                                            \
    {                                                                                                        \
        .name = "timeout", .type = SYNFIX_OPTION_DURATION, .fallback = "5s", .minimum = 100,                 \
        .maximum = 600000, .help = "Redis: how long to wait for the server"                                  \
    }

/** What became of the lines of one redis_write. What is neither taken nor refused is lost. */
typedef struct redis_result {
    uint32_t taken;   /* the server said yes */
    uint32_t refused; /* the server said no: error tells the first reason */
    uint32_t again;   /* went out a second time, over another connection; they are in one of the others too */
} redis_result_t;

/**
 * Reads the options; @p target is HOST, HOST:PORT, [IPv6]:PORT or the path of a socket. Does not connect. @p
 * stopping ends waiting, and outlives it.
 */
synfix_status_t redis_new(const char *target, const synfix_options_t *options, const atomic_bool *stopping,
                          redis_t **redis, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL is allowed. */
void redis_free(redis_t *redis);

/** Connects (anew) and logs in. The reason begins with the target. */
synfix_status_t redis_connect(redis_t *redis, synfix_error_t *error) SYNFIX_MUST_CHECK;
void redis_disconnect(redis_t *redis);
/** -1 without a connection. */
int redis_descriptor(const redis_t *redis);

/**
 * Connected only: sends each line (its line feed left out) and waits for all answers. A connection that
 * breaks is made once again, and what has no answer yet goes out a second time. SYNFIX_OK: all answered,
 * though some may be refused; SYNFIX_DISCONNECTED: it broke again, there is no connection now.
 */
synfix_status_t redis_write(redis_t *redis, const char *lines, size_t length, redis_result_t *result,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
