/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/overflow_file.h"
#include "files/directory_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_TRIED 100

/* Fallback for file systems without O_TMPFILE. */
static int open_named(int directory)
{
    directory_entry_t entry = {.directory = directory};
    int fd = -1;
    for (unsigned i = 0; i < NAMES_TRIED; i++) {
        (void)snprintf(entry.name, sizeof entry.name, "synfix-%ld-%u", (long)getpid(), i);
        fd = file_create(&entry, O_RDWR, 0600);
        if (fd >= 0) {
            (void)file_remove(&entry);
        }
        if (fd >= 0 || errno != EEXIST) {
            break;
        }
    }
    return fd;
}

synfix_status_t overflow_file_open(overflow_file_t *overflow, const char *directory, uint64_t capacity,
                                   synfix_error_t *error)
{
    int directory_fd = -1;
    if (file_directory_open(directory, 0, &directory_fd, error) != SYNFIX_OK) {
        return SYNFIX_IO;
    }
    int fd = openat(directory_fd, ".", O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        fd = open_named(directory_fd);
    }
    const int number = errno;
    (void)close(directory_fd);
    errno = number;
    if (fd < 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", directory, strerror(errno));
    }
    overflow->fd = fd;
    overflow->capacity = capacity;
    overflow->open = true;
    return SYNFIX_OK;
}

void overflow_file_close(overflow_file_t *overflow)
{
    if (overflow->open) {
        (void)close(overflow->fd);
    }
    overflow->open = false;
}

/* Contiguous bytes in the file from @p position on; the file is a ring. */
static size_t before_the_end(const overflow_file_t *overflow, uint64_t position, size_t length)
{
    const uint64_t left = overflow->capacity - position % overflow->capacity;
    return length < left ? length : (size_t)left;
}

static synfix_status_t failed(const char *what, ssize_t moved, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_IO, "%s: %s", what, moved == 0 ? "nothing moved" : strerror(errno));
}

static synfix_status_t write_at(const overflow_file_t *overflow, uint64_t position,
                                const overflow_piece_t *piece, synfix_error_t *error)
{
    const uint8_t *data = piece->data;
    for (size_t done = 0; done < piece->length;) {
        const size_t length = before_the_end(overflow, position + done, piece->length - done);
        const off_t offset = (off_t)((position + done) % overflow->capacity);
        const ssize_t moved = pwrite(overflow->fd, data + done, length, offset);
        if (moved > 0) {
            done += (size_t)moved;
        } else if (moved == 0 || errno != EINTR) {
            return failed("write", moved, error);
        }
    }
    return SYNFIX_OK;
}

synfix_status_t overflow_file_put(overflow_file_t *overflow, const overflow_piece_t *pieces, size_t count,
                                  synfix_error_t *error)
{
    const uint64_t head = atomic_load_explicit(&overflow->head, memory_order_relaxed);
    uint64_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += pieces[i].length;
    }
    if (!overflow->open || length > overflow->capacity - overflow_file_count(overflow)) {
        return SYNFIX_AGAIN;
    }
    uint64_t position = head;
    for (size_t i = 0; i < count; i++) {
        const synfix_status_t status = write_at(overflow, position, &pieces[i], error);
        if (status != SYNFIX_OK) {
            return status;
        }
        position += pieces[i].length;
    }
    atomic_store_explicit(&overflow->head, position, memory_order_release);
    return SYNFIX_OK;
}

synfix_status_t overflow_file_read(const overflow_file_t *overflow, uint64_t offset, void *data,
                                   size_t length, synfix_error_t *error)
{
    const uint64_t position = atomic_load_explicit(&overflow->tail, memory_order_relaxed) + offset;
    for (size_t done = 0; done < length;) {
        const size_t wanted = before_the_end(overflow, position + done, length - done);
        const off_t at = (off_t)((position + done) % overflow->capacity);
        const ssize_t moved = pread(overflow->fd, (uint8_t *)data + done, wanted, at);
        if (moved > 0) {
            done += (size_t)moved;
        } else if (moved == 0 || errno != EINTR) {
            return failed("read", moved, error);
        }
    }
    return SYNFIX_OK;
}

void overflow_file_drop(overflow_file_t *overflow, uint64_t length)
{
    const uint64_t tail = atomic_load_explicit(&overflow->tail, memory_order_relaxed);
    atomic_store_explicit(&overflow->tail, tail + length, memory_order_release);
}

void overflow_file_trim(overflow_file_t *overflow)
{
    if (overflow->open && overflow_file_count(overflow) == 0) {
        const int truncated = ftruncate(overflow->fd, 0); /* on failure the file keeps its size */
        (void)truncated;
    }
}
