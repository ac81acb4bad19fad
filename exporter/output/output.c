/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/output/output_internal.h"

#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A daemon that restarts is back after about a second. The wait doubles up to a minute, so that a target that
 * is gone for long costs one attempt a minute. */
#define RETRY_FIRST_NS 1000000000ll
#define RETRY_LAST_NS  60000000000ll

static void count(_Atomic uint64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

synfix_status_t output_open(const synfix_module_context_t *context, const synfix_options_t *options,
                            const char *head, const char *tail, output_t **result, synfix_error_t *error)
{
    output_t *output = calloc(1, sizeof *output);
    if (output == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    }
    output->context = context;
    output->head = head;
    output->tail = tail;
    output->descriptor = -1;
    output->replacement = (file_replacement_t)FILE_REPLACEMENT_NONE;
    output->retry_wait_ns = RETRY_FIRST_NS;
    synfix_status_t status = output_read_options(output, options, error);
    if (status == SYNFIX_OK) {
        status = output_open_target(output, error);
    }
    if (status != SYNFIX_OK) {
        output_close(output);
        return status;
    }
    *result = output;
    return SYNFIX_OK;
}

static void log_text(const output_t *output, int level, const char *text)
{
    if (output->context != NULL && output->context->log != NULL) {
        output->context->log(output->context->user, level, text);
    }
}

/* TARGET.1 is the newest: every older one moves up by one, the oldest falls off the end. Returns 0 or errno.
 */
static int move_up(const output_t *output)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    int number = 0;
    if (directory_entry_open(&entry, output->target, DIRECTORY_ENTRY_FOLLOW, NULL) != SYNFIX_OK) {
        return 0; /* opening reports it */
    }
    const directory_entry_t first = entry;
    for (uint32_t kept = output->keep; kept > 0; kept--) {
        char to[NAME_MAX + 16];
        (void)snprintf(to, sizeof to, "%s.%u", first.name, kept);
        entry = first;
        if (kept > 1) {
            (void)snprintf(entry.name, sizeof entry.name, "%.*s.%u", NAME_MAX - 12, first.name, kept - 1);
        }
        if (file_rename(&entry, to) != 0 && errno != ENOENT) {
            number = errno;
        }
    }
    directory_entry_close(&entry);
    return number;
}

static synfix_status_t fail_deleted(const output_t *output, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_IO, "%s: another process deleted the file while it was written",
                       output->target);
}

/* Before a file is closed for another one. The records that were written to it count as delivered. */
static void note_deleted(output_t *output)
{
    synfix_error_t reason;
    if (output_is_deleted(output)) {
        (void)fail_deleted(output, &reason);
        g_autofree char *text = g_strconcat(reason.text, "; a new file begins", NULL);
        count(&output->errors, 1);
        log_text(output, 0, text);
    }
}

static synfix_status_t rotate(output_t *output, synfix_error_t *error)
{
    if (output->tail != NULL) {
        (void)output_write_bytes(output, output->tail, strlen(output->tail));
    }
    note_deleted(output);
    output_close_target(output);
    errno = move_up(output);
    if (errno != 0) {
        synfix_error_t reason;
        (void)output_fail_errno(output, "cannot rotate", &reason);
        log_text(output, 1, reason.text);
    }
    return output_open_target(output, error);
}

static void is_recovered(output_t *output)
{
    if (failure_note_clear(&output->failure)) {
        g_autofree char *text = g_strdup_printf("%s: writing again", output->target);
        log_text(output, 2, text);
    }
}

/* A file that never takes its name has none of the records that were written to it. */
static void forfeit(output_t *output)
{
    if (output->replaces) {
        count(&output->lost, atomic_exchange_explicit(&output->delivered, 0, memory_order_relaxed));
        output_close_target(output);
    }
}

/* A failure of a live capture: logged once, counted each time. When a file is read, the failure is returned.
 */
static synfix_status_t lose(output_t *output, uint32_t records, synfix_status_t status, synfix_error_t *error)
{
    const bool live = output->context != NULL && output->context->live;
    count(&output->errors, 1);
    if (output_is_socket(output) && (output->kind != OUTPUT_REDIS || status == SYNFIX_DISCONNECTED)) {
        output_close_target(output);
    }
    if (!output_is_socket(output) && (!live || status == SYNFIX_DISCONNECTED)) {
        atomic_fetch_sub_explicit(&output->produced, records,
                                  memory_order_relaxed); /* the caller counts the block */
        forfeit(output);
        return status;
    }
    count(&output->lost, records);
    if (failure_note_set(&output->failure, error != NULL ? error->text : "") && error != NULL) {
        log_text(output, 1, error->text);
    }
    return SYNFIX_OK;
}

/* Each record alone: the server may refuse some of them. */
static synfix_status_t write_redis(output_t *output, const synfix_block_t *block, synfix_error_t *error)
{
    redis_result_t result;
    synfix_status_t status =
        redis_write(output->redis, (const char *)block->data, block->length, &result, error);
    count(&output->delivered, result.accepted);
    count(&output->bytes, result.accepted == block->records ? block->length : 0);
    count(&output->retransmitted, result.again);
    count(&output->reconnects, result.again > 0);
    if (status == SYNFIX_OK && result.refused > 0) {
        status = SYNFIX_IO;
    }
    if (status != SYNFIX_OK) {
        return lose(output, block->records - result.accepted, status, error);
    }
    is_recovered(output);
    return SYNFIX_OK;
}

static bool is_rotation_due(const output_t *output, const synfix_block_t *block)
{
    return output->descriptor >= 0 && output->kind == OUTPUT_FILE && !output->special &&
           output->rotate_size != 0 && output->file_size > 0 &&
           output->file_size + block->length > output->rotate_size;
}

/* Provides an open target for @p block. A socket is not opened here: output_tick() tries again later. */
static synfix_status_t prepare_target(output_t *output, const synfix_block_t *block, synfix_error_t *error)
{
    synfix_status_t status = is_rotation_due(output, block) ? rotate(output, error) : SYNFIX_OK;
    if (status == SYNFIX_OK && output->descriptor < 0) {
        status = output_is_socket(output) ? synfix_fail(error, SYNFIX_IO, "%s: not connected", output->target)
                                          : output_open_target(output, error);
    }
    return status;
}

synfix_status_t output_write(output_t *output, const synfix_block_t *block, synfix_error_t *error)
{
    synfix_error_t own;
    synfix_error_t *reason = error != NULL ? error : &own;
    count(&output->produced, block->records);
    const synfix_status_t status = prepare_target(output, block, reason);
    if (status != SYNFIX_OK) {
        return lose(output, block->records, status, reason);
    }
    if (output->kind == OUTPUT_REDIS) {
        return write_redis(output, block, reason);
    }
    if (!output_write_head_again(output) || !output_write_bytes(output, block->data, block->length)) {
        if (output_is_unread(output)) {
            atomic_fetch_sub_explicit(&output->produced, block->records, memory_order_relaxed);
            return SYNFIX_END;
        }
        return lose(output, block->records, output_fail_errno(output, "cannot write", reason), reason);
    }
    count(&output->delivered, block->records);
    count(&output->bytes, block->length);
    is_recovered(output);
    return SYNFIX_OK;
}

/* On a live capture, a new file begins. */
static synfix_status_t renew_deleted(output_t *output, synfix_error_t *error)
{
    if (output->context == NULL || !output->context->live) {
        return fail_deleted(output, error);
    }
    note_deleted(output);
    output_close_target(output);
    return output_open_target(output, error);
}

/* The next block opens the target again: on a live capture, the failure does not end the sink. */
static synfix_status_t conclude_tick(output_t *output, synfix_status_t status, synfix_error_t *error)
{
    return status == SYNFIX_OK ? SYNFIX_OK : lose(output, 0, status, error);
}

static bool is_rotation_time(output_t *output, int64_t now_ns)
{
    if (output->kind != OUTPUT_FILE || output->special || output->rotate_time_ns == 0 ||
        output->descriptor < 0) {
        return false;
    }
    if (output->opened_ns == 0) {
        output->opened_ns = now_ns;
    }
    return now_ns - output->opened_ns >= output->rotate_time_ns;
}

synfix_status_t output_tick(output_t *output, int64_t now_ns, synfix_error_t *error)
{
    synfix_error_t own;
    synfix_error_t *reason = error != NULL ? error : &own;
    if (output_is_socket(output) && output->descriptor < 0 && now_ns >= output->retry_at_ns) {
        if (output_open_target(output, reason) == SYNFIX_OK) {
            count(&output->reconnects, 1);
            output->retry_wait_ns = RETRY_FIRST_NS;
        } else {
            output->retry_at_ns = now_ns + output->retry_wait_ns;
            output->retry_wait_ns =
                output->retry_wait_ns * 2 < RETRY_LAST_NS ? output->retry_wait_ns * 2 : RETRY_LAST_NS;
        }
    }
    if (output_is_deleted(output)) {
        return conclude_tick(output, renew_deleted(output, reason), reason);
    }
    return is_rotation_time(output, now_ns) ? conclude_tick(output, rotate(output, reason), reason)
                                            : SYNFIX_OK;
}

synfix_status_t output_reload(output_t *output, synfix_error_t *error)
{
    if (output->kind != OUTPUT_FILE || output->replaces) {
        return SYNFIX_OK;
    }
    note_deleted(output);
    output_close_target(output);
    return output_open_target(output, error);
}

/* The tail, and all bytes on the disk. */
static synfix_status_t complete(output_t *output, synfix_error_t *error)
{
    if (output->tail != NULL && !output_write_bytes(output, output->tail, strlen(output->tail))) {
        return output_is_unread(output) ? SYNFIX_OK : output_fail_errno(output, "cannot write", error);
    }
    if (output->kind == OUTPUT_FILE && file_sync(output->descriptor) != 0) {
        return output_fail_errno(output, "cannot sync", error);
    }
    if (!output_is_deleted(output)) {
        return SYNFIX_OK;
    }
    count(&output->errors, 1);
    return fail_deleted(output, error);
}

synfix_status_t output_finish(output_t *output, synfix_error_t *error)
{
    if (output->descriptor < 0) {
        return SYNFIX_OK;
    }
    synfix_status_t status = complete(output, error);
    if (status == SYNFIX_OK && output->replaces) {
        output->descriptor = -1;
        status = file_replacement_commit(&output->replacement) == 0
                     ? SYNFIX_OK
                     : output_fail_errno(output, "cannot rename", error);
        atomic_store_explicit(&output->committed, status == SYNFIX_OK, memory_order_relaxed);
    }
    if (status != SYNFIX_OK) {
        forfeit(output);
    } else if (!output->replaces) {
        output_close_target(output);
    }
    return status;
}

void output_close(output_t *output)
{
    if (output == NULL) {
        return;
    }
    output_close_target(output);
    redis_free(output->redis);
    free(output->target);
    free(output);
}

void output_stop(output_t *output)
{
    atomic_store_explicit(&output->stopping, true, memory_order_relaxed);
}

void output_stats(output_t *output, synfix_sink_stats_t *stats)
{
    const uint64_t written = atomic_load_explicit(&output->delivered, memory_order_relaxed);
    const bool there = !output->replaces || atomic_load_explicit(&output->committed, memory_order_relaxed);
    *stats = (synfix_sink_stats_t){
        .produced = atomic_load_explicit(&output->produced, memory_order_relaxed),
        .delivered = there ? written : 0,
        .pending = there ? 0 : written,
        .lost = atomic_load_explicit(&output->lost, memory_order_relaxed),
        .retransmitted = atomic_load_explicit(&output->retransmitted, memory_order_relaxed),
        .bytes = atomic_load_explicit(&output->bytes, memory_order_relaxed),
        .reconnects = atomic_load_explicit(&output->reconnects, memory_order_relaxed),
        .errors = atomic_load_explicit(&output->errors, memory_order_relaxed),
    };
}
