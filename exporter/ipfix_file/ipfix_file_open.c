/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file_internal.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/posix/fifo.h"
#include "files/file_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE  0640
#define PART_TRIES 5

/* Opens a device or a pipe itself: no file may replace it. SYNFIX_AGAIN: @p wanted is neither. */
static synfix_status_t open_special(ipfix_file_t *archive, const char *wanted, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    synfix_status_t status = directory_entry_open(&entry, wanted, DIRECTORY_ENTRY_FOLLOW, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (!file_is_special(&entry)) {
        status = SYNFIX_AGAIN;
    } else {
        archive->name = g_strdup(wanted);
        archive->descriptor = fifo_open(&entry, O_WRONLY | O_APPEND, FILE_MODE, archive->config.wait);
        if (archive->descriptor < 0) {
            status = ipfix_file_failed(wanted, "open", error);
            ipfix_file_forget(archive);
        }
    }
    directory_entry_close(&entry);
    return status;
}

#define HELD "in use by another process; name another file"

/* An unfinished file of an earlier run that was not recovered makes room. */
static synfix_status_t remove_former_part(const ipfix_file_t *archive, synfix_error_t *error)
{
    struct stat state;
    synfix_status_t status = SYNFIX_OK;
    const int descriptor = file_open(&archive->entry, O_RDWR, 0);
    if (descriptor < 0) {
        const int reason = errno;
        return reason == ENOENT ? SYNFIX_OK
                                : synfix_fail(error, file_status(reason), "%s: %s", archive->part,
                                              file_entry_reason(reason));
    }
    if (fstat(descriptor, &state) != 0 || !file_is_ours(&archive->entry, &state)) {
        status = synfix_fail(error, SYNFIX_PERMISSION, "%s: %s", archive->part,
                             file_entry_reason(FILE_ERRNO_NOT_OURS));
    } else if (file_lock(descriptor) != 0) {
        status = file_lock_fail(archive->part, HELD, error);
    } else if (file_is_same(&archive->entry, descriptor) && file_remove(&archive->entry) != 0) {
        status = ipfix_file_failed(archive->part, "remove", error);
    }
    (void)close(descriptor);
    return status;
}

/* The lock shows a second writer and ipfix_file_recover() that a process writes to the file. SYNFIX_AGAIN:
 * another process locked, replaced or removed the new file. */
static synfix_status_t lock_part(ipfix_file_t *archive, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_AGAIN;
    if (file_lock(archive->descriptor) != 0) {
        if (!file_lock_is_held(errno)) {
            status = file_lock_fail(archive->part, HELD, error);
            (void)file_remove(&archive->entry);
        }
    } else if (ipfix_file_still_exists(archive)) {
        return SYNFIX_OK;
    }
    (void)close(archive->descriptor);
    archive->descriptor = -1;
    return status;
}

static synfix_status_t make_part(ipfix_file_t *archive, synfix_error_t *error)
{
    archive->descriptor = file_create(&archive->entry, O_RDWR | O_APPEND, FILE_MODE);
    if (archive->descriptor >= 0) {
        return lock_part(archive, error);
    }
    if (errno != EEXIST) {
        return ipfix_file_failed(archive->part, "open", error);
    }
    const synfix_status_t removed = remove_former_part(archive, error);
    return removed == SYNFIX_OK ? SYNFIX_AGAIN : removed;
}

static synfix_status_t open_part(ipfix_file_t *archive, synfix_error_t *error)
{
    synfix_status_t status =
        directory_entry_open(&archive->entry, archive->part, DIRECTORY_ENTRY_NAME, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    for (int i = 0; i < PART_TRIES; i++) {
        status = make_part(archive, error);
        if (status != SYNFIX_AGAIN) {
            return status;
        }
    }
    return synfix_fail(error, SYNFIX_IO, "%s: " HELD, archive->part);
}

synfix_status_t ipfix_file_begin(ipfix_file_t *archive, int64_t now_ns, synfix_error_t *error)
{
    archive->size = 0;
    archive->on_its_way = 0;
    if (strcmp(archive->target, "-") == 0) {
        archive->descriptor = STDOUT_FILENO;
        return SYNFIX_OK;
    }
    g_autofree char *wanted = ipfix_file_dated_name(archive->target, now_ns);
    if (wanted == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: not a date pattern", archive->target);
    }
    const synfix_status_t special = open_special(archive, wanted, error);
    if (special != SYNFIX_AGAIN) {
        return special;
    }
    archive->name = archive->config.rotates ? ipfix_file_free_name(wanted) : g_strdup(wanted);
    archive->part = g_strconcat(archive->name, ARCHIVE_PART_SUFFIX, NULL);
    const synfix_status_t status = open_part(archive, error);
    if (status != SYNFIX_OK) {
        ipfix_file_forget(archive);
    }
    return status;
}
