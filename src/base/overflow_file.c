/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/overflow_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For file systems that know no files without names. */
static int open_named(const char *folder)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/synfix-XXXXXX", folder) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

synfix_status_t spill_open(spill_t *spill, const char *folder, uint64_t capacity, synfix_error_t *error)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = open_named(folder);
    if (fd < 0)
        return synfix_fail(error, SYNFIX_IO, "%s: %s", folder, strerror(errno));
    spill->fd = fd;
    spill->capacity = capacity;
    spill->open = true;
    return SYNFIX_OK;
}

void spill_close(spill_t *spill)
{
    if (spill->open)
        (void)close(spill->fd);
    spill->open = false;
}

/* Octets from @p position on that lie in the file without a break. */
static size_t before_the_end(const spill_t *spill, uint64_t position, size_t length)
{
    const uint64_t left = spill->capacity - position % spill->capacity;
    return length < left ? length : (size_t)left;
}

static synfix_status_t failed(const char *what, ssize_t moved, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_IO, "%s: %s", what, moved == 0 ? "nothing moved" : strerror(errno));
}

static synfix_status_t write_at(const spill_t *spill, uint64_t position, const spill_piece_t *piece,
                                synfix_error_t *error)
{
    const uint8_t *data = piece->data;
    for (size_t done = 0; done < piece->length;) {
        const size_t length = before_the_end(spill, position + done, piece->length - done);
        const off_t place = (off_t)((position + done) % spill->capacity);
        const ssize_t moved = pwrite(spill->fd, data + done, length, place);
        if (moved > 0)
            done += (size_t)moved;
        else if (moved == 0 || errno != EINTR)
            return failed("write", moved, error);
    }
    return SYNFIX_OK;
}

synfix_status_t spill_put(spill_t *spill, const spill_piece_t *pieces, size_t count, synfix_error_t *error)
{
    const uint64_t head = atomic_load_explicit(&spill->head, memory_order_relaxed);
    uint64_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += pieces[i].length;
    if (!spill->open || length > spill->capacity - spill_count(spill))
        return SYNFIX_AGAIN;
    uint64_t position = head;
    for (size_t i = 0; i < count; i++) {
        const synfix_status_t status = write_at(spill, position, &pieces[i], error);
        if (status != SYNFIX_OK)
            return status;
        position += pieces[i].length;
    }
    atomic_store_explicit(&spill->head, position, memory_order_release);
    return SYNFIX_OK;
}

synfix_status_t spill_read(const spill_t *spill, uint64_t offset, void *data, size_t length,
                           synfix_error_t *error)
{
    const uint64_t position = atomic_load_explicit(&spill->tail, memory_order_relaxed) + offset;
    for (size_t done = 0; done < length;) {
        const size_t wanted = before_the_end(spill, position + done, length - done);
        const off_t place = (off_t)((position + done) % spill->capacity);
        const ssize_t moved = pread(spill->fd, (uint8_t *)data + done, wanted, place);
        if (moved > 0)
            done += (size_t)moved;
        else if (moved == 0 || errno != EINTR)
            return failed("read", moved, error);
    }
    return SYNFIX_OK;
}

void spill_drop(spill_t *spill, uint64_t length)
{
    const uint64_t tail = atomic_load_explicit(&spill->tail, memory_order_relaxed);
    atomic_store_explicit(&spill->tail, tail + length, memory_order_release);
}

void spill_trim(spill_t *spill)
{
    if (spill->open && spill_count(spill) == 0)
        (void)(ftruncate(spill->fd, 0) + 0); /* else it stays as large as it is */
}
