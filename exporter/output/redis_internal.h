/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file redis_internal.h
 * The instance of a Redis output. Private to redis_*.c.
 */
#ifndef EXPORTER_OUTPUT_REDIS_INTERNAL_H
#define EXPORTER_OUTPUT_REDIS_INTERNAL_H

#include "exporter/output/redis_output.h"

/** How a line is sent. */
typedef struct redis_mode {
    const char *names[2]; /* of the option */
    const char *command;
} redis_mode_t;

struct redis {
    struct redisContext *context; /* NULL: not connected */
    const atomic_bool *stopping;
    char *target;
    char *host; /* NULL: the target is the path of a socket */
    int port;
    const redis_mode_t *mode;
    char *key;
    char *username;
    char *password;
    char stream_length[24]; /* empty: unbounded */
    int64_t timeout_ms;
};

/** Reads the options into @p redis, whose target is set. Free the members after failure too. */
synfix_status_t redis_read_options(redis_t *redis, const synfix_options_t *options,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Overwrites and frees @p secret, which may be NULL. */
void redis_free_secret(char *secret);

/** Returns SYNFIX_NO_MEMORY. */
synfix_status_t redis_no_memory(synfix_error_t *error);

#endif
