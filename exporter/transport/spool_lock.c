/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The lock of a spool's directory. The lock is on a file, not on its name: if an operator deletes `lock`, a
 * second process can lock a new file of that name. Therefore the name is compared with the open file. */
#include "base/message_text.h"
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include "files/file_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

static directory_entry_t entry_of_lock(const spool_t *spool)
{
    return (directory_entry_t){.directory = spool->directory_fd, .name = "lock"};
}

/* A regular file, since it contains the number of the newest file. -1 with errno. */
static int open_lock(const spool_t *spool)
{
    const directory_entry_t entry = entry_of_lock(spool);
    struct stat state;
    const int fd = file_open(&entry, O_RDWR | O_CREAT, SPOOL_FILE_MODE);
    if (fd >= 0 && (fstat(fd, &state) != 0 || !S_ISREG(state.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

synfix_status_t spool_lock(spool_t *spool, synfix_error_t *error)
{
    synfix_error_t reason;
    const synfix_status_t status = file_directory_open(spool->directory, 0750, &spool->directory_fd, &reason);
    if (status != SYNFIX_OK) {
        return synfix_fail(error, SYNFIX_IO, "spool %s", reason.text);
    }
    spool->lock = open_lock(spool);
    if (spool->lock < 0) {
        return synfix_fail(error, SYNFIX_IO, "spool %s/lock: %s", spool->directory, file_entry_reason(errno));
    }
    if (file_lock(spool->lock) != 0) {
        const int number = errno;
        g_autofree char *name = g_strdup_printf("spool %s", spool->directory);
        errno = number;
        return file_lock_fail(name, "in use by another process; name another directory", error);
    }
    return SYNFIX_OK;
}

static bool is_same_directory(const spool_t *spool)
{
    struct stat named, opened;
    if (stat(spool->directory, &named) != 0) {
        return errno != ENOENT && errno != ENOTDIR;
    }
    return fstat(spool->directory_fd, &opened) != 0 ||
           (named.st_dev == opened.st_dev && named.st_ino == opened.st_ino);
}

/* An operator moved or removed the directory: the files of this run are not in the one of its name. */
static void open_directory_again(spool_t *spool)
{
    int directory = -1;
    if (is_same_directory(spool) ||
        file_directory_open(spool->directory, 0750, &directory, NULL) != SYNFIX_OK) {
        return;
    }
    close(spool->directory_fd);
    spool->directory_fd = directory;
    if (spool->sent_fd >= 0) {
        close(spool->sent_fd);
    }
    spool_sent_open(spool);
}

/* Locks the file that has the name now, or a new one. 0, or errno. */
static int lock_again(spool_t *spool)
{
    open_directory_again(spool);
    const int fd = open_lock(spool);
    if (fd < 0) {
        return errno;
    }
    if (file_lock(fd) != 0) {
        const int number = errno;
        close(fd);
        return number;
    }
    close(spool->lock);
    spool->lock = fd;
    const uint64_t next = spool->next_number;
    spool_number_read(spool);
    if (spool_number_check(spool, NULL) != SYNFIX_OK) { /* damaged: the next file stores the number again */
        spool->next_number = next;
    }
    return 0;
}

/* Forgets all segments: the other process sends them. Their records stay counted as spooled. */
static void leave(spool_t *spool)
{
    uint64_t records = 0;
    const guint files = spool->segments.length;
    for (spool_segment_t *segment; (segment = g_queue_peek_head(&spool->segments)) != NULL;) {
        records += segment->records;
        spool_drop(spool, segment, SPOOL_FORGET);
    }
    spool_say(
        spool, 0,
        "spool %s/lock: removed or replaced while in use, and another process has locked the directory: "
        "this sink writes no more files there, and the other process sends %u file%s (%" PRIu64
        " record%s of this run)",
        spool->directory, files, plural(files), records, plural(records));
}

/* After another error than a lock of another process, the segments stay: the directory may be repaired. */
static void report(spool_t *spool, int number, bool held)
{
    if (held && spool->lock_state != SPOOL_LOCK_OF_OTHER) {
        leave(spool);
    } else if (number != 0 && spool->lock_state == SPOOL_LOCK_HELD) {
        spool_say(
            spool, 0,
            "spool %s/lock: removed or replaced while in use, and cannot be locked again; the sink neither "
            "writes nor sends spooled records until the lock is held again: %s",
            spool->directory, file_entry_reason(number));
    } else if (number == 0) {
        spool_say(spool, 1, "spool %s/lock: %s; do not delete this file while the program runs",
                  spool->directory,
                  spool->lock_state == SPOOL_LOCK_HELD ? "removed or replaced while in use; made again"
                                                       : "locked again");
    }
}

bool spool_has_lock(spool_t *spool)
{
    const directory_entry_t entry = entry_of_lock(spool);
    const bool same = file_is_same(&entry, spool->lock) && is_same_directory(spool);
    if (same && spool->lock_state == SPOOL_LOCK_HELD) {
        return true;
    }
    const int number = same ? 0 : lock_again(spool);
    const bool held = number != 0 && file_lock_is_held(number);
    report(spool, number, held);
    spool->lock_state = number == 0                                        ? SPOOL_LOCK_HELD
                        : held || spool->lock_state == SPOOL_LOCK_OF_OTHER ? SPOOL_LOCK_OF_OTHER
                                                                           : SPOOL_LOCK_MISSING;
    return number == 0;
}
