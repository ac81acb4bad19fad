/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/write_file.h"
#include "exporter/posix/file_replacement.h"
#include "files/file_content.h"
#include "files/paused_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0644

static synfix_status_t fail(synfix_error_t *error, const char *path, int number)
{
    const bool denied = file_status(number) == SYNFIX_PERMISSION;
    const synfix_status_t status =
        synfix_fail(error, denied ? SYNFIX_PERMISSION : SYNFIX_IO, "%s: %s", path, reader_reason(number));
    if (error != NULL) {
        error->cause = denied ? SYNFIX_CAUSE_ACCESS : SYNFIX_CAUSE_SINK;
    }
    return status;
}

static bool waits_on(void *user, int waited_ms)
{
    const int *const wait_ms = user;
    return *wait_ms < 0 || waited_ms < *wait_ms;
}

/* Writes to the existing pipe, device or descriptor. Returns 0, or an errno. */
static int write_into(const directory_entry_t *entry, const char *text, size_t length, int wait_ms)
{
    const int descriptor = file_open(entry, O_WRONLY, 0);
    if (descriptor < 0) {
        return errno;
    }
    (void)fcntl(descriptor, F_SETFL, O_NONBLOCK);
    const reader_patience_t patience = {.waits_on = waits_on, .user = &wait_ms};
    const int number = reader_write(descriptor, text, length, &patience) < length ? errno : 0;
    const int closed = close(descriptor) < 0 ? errno : 0;
    return number != 0 ? number : closed;
}

/* Writes the new file and replaces the old one. Returns 0, or an errno. */
static int write_new(file_replacement_t *replacement, const char *text, size_t length)
{
    const int number = file_write_whole(replacement->descriptor, text, length);
    if (number != 0) {
        return number;
    }
    return file_sync(replacement->descriptor) < 0 || file_replacement_commit(replacement) < 0 ? errno : 0;
}

static synfix_status_t replace(const char *path, const char *text, size_t length, synfix_error_t *error)
{
    file_replacement_t replacement;
    const synfix_status_t status = file_replacement_begin(&replacement, path, FILE_MODE, error);
    if (status != SYNFIX_OK) {
        if (error != NULL) {
            error->cause = status == SYNFIX_PERMISSION ? SYNFIX_CAUSE_ACCESS : SYNFIX_CAUSE_SINK;
        }
        return status == SYNFIX_PERMISSION ? status : SYNFIX_IO;
    }
    const int number = write_new(&replacement, text, length);
    file_replacement_abandon(&replacement);
    return number == 0 ? SYNFIX_OK : fail(error, path, number);
}

synfix_status_t write_file(const char *path, const char *text, size_t length, int wait_ms,
                           synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    const synfix_status_t found = directory_entry_open(&entry, path, DIRECTORY_ENTRY_FOLLOW, NULL);
    if (found != SYNFIX_OK || !file_is_special(&entry)) {
        directory_entry_close(&entry);
        return replace(path, text, length, error);
    }
    const int number = write_into(&entry, text, length, wait_ms);
    directory_entry_close(&entry);
    return number == 0 ? SYNFIX_OK : fail(error, path, number);
}
