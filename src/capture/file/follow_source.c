/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_source.h"
#include "base/clock.h"
#include "base/stop_check.h"
#include "capture/file/expression.h"
#include "capture/file/follow_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The directory is listed twice a second, so that a complete file is begun within a second. */
#define SCAN_NS (500 * INT64_C(1000000))
/* Sinks deliver within a second. After a crash, files are read again; none is lost. */
#define SAVE_AFTER_NS (2 * INT64_C(1000000000))
#define STATE_NAME    ".synfix-followed"

static const synfix_option_t options[] = {
    {.name = "filter",
     .type = SYNFIX_OPTION_STRING,
     .help = "libpcap expression; other packets are not read"},
    {.name = "state",
     .type = SYNFIX_OPTION_STRING,
     .help = "file that remembers the processed files (default: " STATE_NAME " in the directory)"},
    {.name = NULL},
};

/* Saves the files that were finished by @p until_ns. */
static void save(follow_t *follow, int64_t until_ns)
{
    synfix_error_t error;
    if (follow_state_changed(follow->state) &&
        follow_state_save(follow->state, follow->directory, until_ns, &error) < 0) {
        follow_say(follow, 0, error.text);
    }
}

static void wait_a_little(void)
{
    const struct timespec pause = {.tv_nsec = STOP_CHECK_MS * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Also while files are read: a kill repeats the files of the last seconds only. */
static void save_when_due(follow_t *follow, int64_t now)
{
    if (now - follow->saved_ns > SAVE_AFTER_NS) {
        follow->saved_ns = now;
        save(follow, now - SAVE_AFTER_NS);
    }
}

static void report_directory(const follow_t *follow, int level, const char *what)
{
    synfix_error_t text;
    (void)synfix_fail(&text, SYNFIX_IO, "%.400s: %s", follow->path, what);
    follow_say(follow, level, text.text);
}

/* The directory may have been removed, or replaced by another one. */
static void look_at_directory(follow_t *follow)
{
    struct stat own;
    struct stat named;
    const bool exists = stat(follow->path, &named) == 0 && S_ISDIR(named.st_mode);
    if (exists && fstat(follow->directory, &own) == 0 && own.st_dev == named.st_dev &&
        own.st_ino == named.st_ino) {
        follow->missing = false;
        return;
    }
    const int directory = exists ? open(follow->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (directory >= 0) {
        report_directory(follow, 1, "another directory has this name now; its files are read");
        (void)close(follow->directory);
        follow->directory = directory;
        follow->missing = false;
    } else if (!follow->missing) {
        report_directory(follow, 0,
                         "the directory is missing; its captures are read when the directory exists again");
        follow->missing = true;
    }
}

static void scan_when_due(follow_t *follow, int64_t now)
{
    const bool is_due = now - follow->scanned_ns >= SCAN_NS || follow->finished_ns >= follow->scanned_ns;
    if (follow_scan_is_empty(&follow->scan) && is_due) {
        follow->scanned_ns = now;
        look_at_directory(follow);
        follow_scan_read(&follow->scan, follow->directory, follow->state);
    }
}

static synfix_status_t follow_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                   synfix_error_t *error)
{
    follow_t *follow = instance;
    (void)error;
    *count = 0;
    if (follow->ended) {
        follow_finish_file(follow);
    }
    const int64_t now = monotonic_ns();
    save_when_due(follow, now);
    if (follow->inner != NULL) {
        return follow_read_file(follow, packets, capacity, count);
    }
    scan_when_due(follow, now);
    if (!follow_next_file(follow)) {
        wait_a_little();
    }
    return SYNFIX_AGAIN;
}

static void follow_close(void *instance)
{
    follow_t *follow = instance;
    if (follow->ended && follow->file.name != NULL) {
        follow_finish_file(follow);
    }
    follow_close_file(follow);
    if (follow->state != NULL && follow->directory >= 0) {
        save(follow, INT64_MAX);
    }
    follow_scan_clear(&follow->scan);
    follow_state_free(follow->state);
    if (follow->directory >= 0) {
        (void)close(follow->directory);
    }
    free(follow->filter);
    free(follow->path);
    free(follow);
}

static synfix_status_t open_state(follow_t *follow, const char *named, synfix_error_t *error)
{
    char *path = named != NULL && named[0] != '\0' ? strdup(named) : follow_join(follow->path, STATE_NAME);
    if (path == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "follow: out of memory");
    }
    synfix_status_t status = follow_state_open(path, &follow->state, error);
    if (status == SYNFIX_OK && follow_state_damaged(follow->state) > 0) {
        char text[400];
        const unsigned damaged = follow_state_damaged(follow->state);
        (void)snprintf(text, sizeof text, "%.300s: %u damaged line%s read again", path, damaged,
                       damaged == 1 ? ": its file is" : "s: their files are");
        follow_say(follow, 1, text);
    }
    if (status == SYNFIX_OK) { /* now, not after the first file */
        status = follow_state_save(follow->state, follow->directory, INT64_MAX, error);
    }
    free(path);
    return status;
}

static synfix_status_t follow_open(const synfix_module_context_t *context, const synfix_options_t *given,
                                   void **instance, synfix_error_t *error)
{
    const char *filter = synfix_options_string(given, "filter");
    follow_t *follow = calloc(1, sizeof *follow);
    if (follow == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "follow: out of memory");
    }
    follow->context = context;
    follow->path = strdup(synfix_options_target(given));
    follow->filter = filter != NULL && filter[0] != '\0' ? strdup(filter) : NULL;
    follow->directory = follow->path != NULL ? open(follow->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    synfix_status_t status = SYNFIX_OK;
    if (follow->directory < 0) {
        status = synfix_fail(error,
                             errno == EACCES   ? SYNFIX_PERMISSION
                             : errno == ENOENT ? SYNFIX_NOT_FOUND
                                               : SYNFIX_IO,
                             "%s: %s", synfix_options_target(given),
                             errno == ENOTDIR ? "not a directory; name the directory of the captures"
                                              : strerror(errno));
    }
    if (status == SYNFIX_OK) {
        status = open_state(follow, synfix_options_string(given, "state"), error);
    }
    if (status != SYNFIX_OK) {
        follow_close(follow);
        return status;
    }
    *instance = follow;
    return SYNFIX_OK;
}

static void follow_stats(void *instance, synfix_source_stats_t *stats)
{
    follow_t *follow = instance;
    *stats = (synfix_source_stats_t){.received = atomic_load(&follow->received),
                                     .bytes_read = atomic_load(&follow->bytes_read)};
}

static void follow_check(const synfix_options_t *given, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(given, mistakes);
    if (synfix_options_target(given)[0] == '\0') {
        (void)synfix_mistakes_add(
            mistakes, NULL,
            synfix_fail(&error, SYNFIX_INVALID, "follow: no directory named; write --follow DIRECTORY"),
            &error);
    }
    expression_check(given, mistakes);
}

static const synfix_source_t follow_source = {
    .open = follow_open, .read = follow_read, .stats = follow_stats, .close = follow_close};

const synfix_module_t capture_follow_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SOURCE,
    .name = "follow",
    .summary = "captures of a directory, each once it is complete",
    .options = options,
    .source = &follow_source,
    .check = follow_check,
};
