/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The current file of a followed directory: opened, read and finished. */
#include "base/clock.h"
#include "capture/file/file_source.h"
#include "capture/file/follow_internal.h"
#include "module/module_options.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void follow_say(const follow_t *follow, int level, const char *text)
{
    if (follow->context != NULL && follow->context->log != NULL) {
        follow->context->log(follow->context->user, level, text);
    }
}

char *follow_join(const char *directory, const char *name)
{
    const size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) {
        (void)snprintf(path, size, "%s/%s", directory, name);
    }
    return path;
}

void follow_close_file(follow_t *follow)
{
    if (follow->inner != NULL) {
        capture_file_module.source->close(follow->inner);
        follow->inner = NULL;
    }
    free((char *)(uintptr_t)follow->file.name);
    follow->file.name = NULL;
    follow->ended = false;
}

void follow_finish_file(follow_t *follow)
{
    char text[400];
    (void)snprintf(text, sizeof text, "%.300s: %llu packets", follow->file.name,
                   (unsigned long long)follow->packets);
    follow_say(follow, 3, text);
    follow->finished_ns = monotonic_ns();
    if (!follow_state_add(follow->state, &follow->file, follow->finished_ns)) {
        follow_say(follow, 0, "follow: out of memory; the file will be read again");
    }
    follow->bytes_before = atomic_load(&follow->bytes_read);
    follow->number_base += follow->packets;
    follow->packets = 0;
    follow_close_file(follow);
}

static void report_bad(const follow_t *follow, const synfix_error_t *error)
{
    synfix_error_t text;
    (void)synfix_fail(&text, SYNFIX_INVALID, "%.400s%s", error->text,
                      strstr(error->text, "; ") != NULL ? "" : "; skipped");
    follow_say(follow, 0, text.text);
}

/* True the first time. */
static bool note_refused(follow_t *follow)
{
    for (size_t i = 0; i < REFUSED_MAX; i++) {
        if (follow->refused[i] == follow->file.inode) {
            return false;
        }
    }
    follow->refused[follow->refused_next++ % REFUSED_MAX] = follow->file.inode;
    return true;
}

/* A file of another format is skipped. After a missing permission or descriptor, the next scan finds the file
 * again.
 */
static void report_not_open(follow_t *follow, synfix_status_t status, const synfix_error_t *error)
{
    if (status == SYNFIX_NOT_FOUND) {
        follow_close_file(follow); /* removed since the scan */
    } else if (status == SYNFIX_PERMISSION || status == SYNFIX_IO || status == SYNFIX_NO_MEMORY) {
        synfix_error_t text;
        (void)synfix_fail(&text, status, "%.400s; synfix tries again until the file is readable",
                          error->text);
        if (note_refused(follow)) {
            follow_say(follow, 0, text.text);
        }
        follow_close_file(follow);
    } else {
        report_bad(follow, error);
        follow->ended = true;
    }
}

static synfix_status_t open_inner(follow_t *follow, const char *path, synfix_error_t *error)
{
    synfix_options_t *inner = NULL;
    synfix_status_t status = module_options_make(&capture_file_module, path, NULL, &inner, error);
    if (status == SYNFIX_OK && follow->filter != NULL) {
        status = module_options_set(inner, "filter", follow->filter, error);
    }
    if (status == SYNFIX_OK) {
        status = capture_file_module.source->open(follow->context, inner, &follow->inner, error);
    }
    module_options_free(inner);
    return status;
}

bool follow_next_file(follow_t *follow)
{
    synfix_error_t error = {.text = ""};
    if (!follow_scan_next(&follow->scan, follow->directory, &follow->file)) {
        return false;
    }
    char *path = follow_join(follow->path, follow->file.name);
    if (path == NULL) {
        follow_close_file(follow);
        return false;
    }
    const synfix_status_t status = open_inner(follow, path, &error);
    if (status < 0) {
        report_not_open(follow, status, &error);
    }
    free(path);
    return true;
}

synfix_status_t follow_read_file(follow_t *follow, synfix_packet_t *packets, size_t capacity, size_t *count)
{
    synfix_error_t error = {.text = ""};
    synfix_source_stats_t stats = {0};
    const synfix_status_t status =
        capture_file_module.source->read(follow->inner, packets, capacity, count, &error);
    for (size_t i = 0; i < *count; i++) {
        packets[i].number += follow->number_base;
    }
    if (*count > 0) {
        follow->packets = packets[*count - 1].number - follow->number_base;
    }
    if (status < 0) {
        report_bad(follow, &error);
    }
    follow->ended = status < 0 || status == SYNFIX_END;
    capture_file_module.source->stats(follow->inner, &stats);
    atomic_fetch_add(&follow->received, *count);
    atomic_store(&follow->bytes_read, follow->bytes_before + stats.bytes_read);
    return *count > 0 ? SYNFIX_OK : SYNFIX_AGAIN;
}
