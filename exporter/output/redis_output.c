/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * hiredis formats commands and parses replies. Waiting is done here, so that a stop can end a wait: the
 * context is blocking while it connects and non-blocking afterwards.
 */
#include "base/clock.h"
#include "base/stop_check.h"
#include "exporter/output/redis_internal.h"
#include "exporter/posix/connect_problem.h"

#include "on_demand/hiredis.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 8
/* A reply is a number, an id or a reason. A longer reply does not belong to a command of this sink. */
#define REPLY_MAX_BYTES 65536

synfix_status_t redis_new(const char *target, const synfix_options_t *options, const atomic_bool *stopping,
                          redis_t **redis, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_hiredis(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    redis_t *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return redis_no_memory(error);
    }
    made->stopping = stopping;
    made->target = strdup(target);
    const synfix_status_t status =
        made->target == NULL ? redis_no_memory(error) : redis_read_options(made, options, error);
    if (status != SYNFIX_OK) {
        redis_free(made);
        return status;
    }
    *redis = made;
    return SYNFIX_OK;
}

void redis_free(redis_t *redis)
{
    if (redis == NULL) {
        return;
    }
    redis_disconnect(redis);
    redis_free_secret(redis->password);
    free(redis->username);
    free(redis->key);
    free(redis->host);
    free(redis->target);
    free(redis);
}

void redis_disconnect(redis_t *redis)
{
    if (redis->context != NULL) {
        redisFree(redis->context);
    }
    redis->context = NULL;
}

int redis_descriptor(const redis_t *redis)
{
    return redis->context != NULL ? redis->context->fd : -1;
}

/* hiredis keeps a reply until it is whole. */
static bool is_too_long(const redis_t *redis)
{
    return redis->context->reader->len - redis->context->reader->pos > REPLY_MAX_BYTES;
}

/* The type of the next reply: a reply of several parts (RESP2, RESP3) belongs to no command of this sink. It
 * is refused before hiredis makes room for the number of parts, or of nested ones, that the server states. */
static bool is_list(const redis_t *redis)
{
    static const char types[] = {'*', '%', '~', '>', '|'};
    const redisReader *const reader = redis->context->reader;
    return reader->ridx == -1 && reader->pos < reader->len &&
           memchr(types, reader->buf[reader->pos], sizeof types) != NULL;
}

static synfix_status_t broken(redis_t *redis, const char *what, synfix_error_t *error)
{
    const redisContext *context = redis->context;
    const char *reason = context == NULL      ? "out of memory"
                         : context->err != 0  ? context->errstr
                         : is_list(redis)     ? "a reply with a list; name a Redis server"
                         : is_too_long(redis) ? "a reply that is too long; name a Redis server"
                                              : "no answer in time";
    /* a Unix socket has no route */
    g_autofree char *explained = redis->host != NULL ? connect_problem_explain(reason) : NULL;
    const synfix_status_t status = synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s: %s", redis->target, what,
                                               explained != NULL ? explained : reason);
    redis_disconnect(redis);
    return status;
}

/* The time until which the next reply must be whole: bytes of it that arrive one by one do not extend it. */
static int64_t reply_until_ns(const redis_t *redis)
{
    return monotonic_ns() + redis->timeout_ms * 1000000;
}

/* Waits until the socket is writable or readable; false after @p until_ns or a stop. */
static bool wait_ready(const redis_t *redis, bool writing, int64_t until_ns)
{
    struct pollfd waited = {.fd = redis->context->fd, .events = (short)(POLLIN | (writing ? POLLOUT : 0))};
    while (monotonic_ns() < until_ns) {
        const int ready = poll(&waited, 1, STOP_CHECK_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true; /* the next call reports a broken connection */
        }
        if (atomic_load_explicit(redis->stopping, memory_order_relaxed)) {
            return false;
        }
    }
    return false;
}

/* Sends the pending commands and reads @p count replies; false when the connection broke. */
static bool exchange(redis_t *redis, uint32_t count, redis_result_t *result, synfix_error_t *error)
{
    redisContext *context = redis->context;
    int64_t until_ns = reply_until_ns(redis);
    int sent = 0;
    while (count > 0) {
        void *any = NULL;
        if (is_list(redis) || redisGetReplyFromReader(context, &any) != REDIS_OK) {
            return false;
        }
        if (any != NULL) {
            const redisReply *reply = any;
            count--;
            until_ns = reply_until_ns(redis);
            if (reply->type == REDIS_REPLY_ERROR && result->refused++ == 0) {
                (void)synfix_fail(error, SYNFIX_IO, "%s: %s", redis->target, reply->str);
            }
            result->accepted += reply->type != REDIS_REPLY_ERROR;
            freeReplyObject(any);
            continue;
        }
        if (is_too_long(redis) || (!sent && redisBufferWrite(context, &sent) != REDIS_OK)) {
            return false;
        }
        if (!wait_ready(redis, !sent, until_ns) || redisBufferRead(context) != REDIS_OK) {
            return false;
        }
    }
    return true;
}

static synfix_status_t log_in(redis_t *redis, synfix_error_t *error)
{
    const char *words[] = {"AUTH", redis->username, redis->password};
    const char *short_words[] = {"AUTH", redis->password};
    redis_result_t result = {0};
    if (redis->password == NULL) {
        return SYNFIX_OK;
    }
    if (redis->username != NULL) {
        (void)redisAppendCommandArgv(redis->context, 3, words, NULL);
    } else {
        (void)redisAppendCommandArgv(redis->context, 2, short_words, NULL);
    }
    if (!exchange(redis, 1, &result, error)) {
        return broken(redis, "cannot log in", error);
    }
    if (result.refused == 0) {
        return SYNFIX_OK;
    }
    redis_disconnect(redis);
    return SYNFIX_PERMISSION;
}

synfix_status_t redis_connect(redis_t *redis, synfix_error_t *error)
{
    const struct timeval timeout = {.tv_sec = (time_t)(redis->timeout_ms / 1000),
                                    .tv_usec = (suseconds_t)(redis->timeout_ms % 1000 * 1000)};
    redis_disconnect(redis);
    redis->context = redis->host != NULL ? redisConnectWithTimeout(redis->host, redis->port, timeout)
                                         : redisConnectUnixWithTimeout(redis->target, timeout);
    if (redis->context == NULL || redis->context->err != 0) {
        return broken(redis, "cannot connect", error);
    }
    redis->context->flags &= ~REDIS_BLOCK;
    if (fcntl(redis->context->fd, F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(redis->context->fd, F_SETFD, FD_CLOEXEC) != 0) {
        return broken(redis, "cannot set up the socket", error);
    }
    return log_in(redis, error);
}

/* Formats one command. The entry of a stream has one field, `eve`, as in Suricata. */
static void append_command(redis_t *redis, const char *line, size_t length)
{
    const char *words[ARGUMENTS_MAX] = {redis->mode->command, redis->key};
    size_t lengths[ARGUMENTS_MAX];
    int count = 2;
    if (strcmp(redis->mode->command, "XADD") == 0) {
        if (redis->stream_length[0] != '\0') {
            words[count++] = "MAXLEN";
            words[count++] = "~";
            words[count++] = redis->stream_length;
        }
        words[count++] = "*";
        words[count++] = "eve";
    }
    for (int i = 0; i < count; i++) {
        lengths[i] = strlen(words[i]);
    }
    words[count] = line;
    lengths[count++] = length;
    (void)redisAppendCommandArgv(redis->context, count, words, lengths); /* out of memory: context->err */
}

static const char *line_end(const char *line, const char *end)
{
    const char *feed = memchr(line, '\n', (size_t)(end - line));
    return feed != NULL ? feed : end;
}

/* Sends all lines after the first @p skipped ones; returns their number. */
static uint32_t append_lines(redis_t *redis, const char *lines, const char *end, uint32_t skipped)
{
    uint32_t count = 0;
    for (const char *line = lines; line < end; line = line_end(line, end) + 1) {
        if (count++ >= skipped) {
            append_command(redis, line, (size_t)(line_end(line, end) - line));
        }
    }
    return count - skipped;
}

static bool send_lines(redis_t *redis, const char *lines, size_t length, redis_result_t *result,
                       uint32_t *count, synfix_error_t *error)
{
    *count = append_lines(redis, lines, lines + length, result->accepted + result->refused);
    return redis->context->err == 0 && exchange(redis, *count, result, error);
}

synfix_status_t redis_write(redis_t *redis, const char *lines, size_t length, redis_result_t *result,
                            synfix_error_t *error)
{
    uint32_t count = 0;
    *result = (redis_result_t){0};
    if (send_lines(redis, lines, length, result, &count, error)) {
        return SYNFIX_OK;
    }
    /* a server closes idle connections, which only the next write reveals */
    if (atomic_load_explicit(redis->stopping, memory_order_relaxed)) {
        return broken(redis, "cannot write", error);
    }
    const synfix_status_t status = redis_connect(redis, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const bool done = send_lines(redis, lines, length, result, &count, error);
    result->again = count;
    return done ? SYNFIX_OK : broken(redis, "cannot write", error);
}
