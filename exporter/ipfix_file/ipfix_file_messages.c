/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file_internal.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define WRITE_BEHIND (4u << 20) /* bytes in memory before the kernel starts writing to the disk */

static void release_lenders(ipfix_file_t *archive)
{
    for (unsigned i = 0; i < archive->lenders->len && archive->config.release != NULL; i++) {
        archive->config.release(archive->config.release_user, g_ptr_array_index(archive->lenders, i));
    }
    g_ptr_array_set_size(archive->lenders, 0);
}

void ipfix_file_clear_row(ipfix_file_t *archive)
{
    release_lenders(archive);
    archive->row_length = 0;
    archive->row_used = 0;
    g_array_set_size(archive->pieces, 0);
    g_array_set_size(archive->messages, 0);
}

/* Advances the pieces by @p length bytes. Returns the first piece that is not empty. */
static struct iovec *skip(struct iovec *piece, const struct iovec *end, size_t length)
{
    while (piece < end && length >= piece->iov_len) {
        length -= piece->iov_len;
        piece++;
    }
    if (piece < end) {
        piece->iov_base = (uint8_t *)piece->iov_base + length;
        piece->iov_len -= length;
    }
    return piece;
}

/* Returns the bytes written; fewer than @p length after a failure (errno). The pieces are consumed. */
static size_t write_all(int descriptor, struct iovec *piece, size_t count, size_t length)
{
    const struct iovec *end = piece + count;
    size_t written = 0;
    while (written < length) {
        const ssize_t done = writev(descriptor, piece, (int)(end - piece));
        if (done < 0 && errno != EINTR) {
            break;
        }
        piece = skip(piece, end, done > 0 ? (size_t)done : 0);
        written += done > 0 ? (size_t)done : 0;
    }
    return written;
}

/* Removes the first messages that are complete within @p written bytes. Returns their bytes. */
static size_t take_written(ipfix_file_t *archive, size_t written)
{
    size_t whole = 0;
    unsigned count = 0;
    for (; count < archive->messages->len; count++) {
        const pending_message_t *message = &g_array_index(archive->messages, pending_message_t, count);
        if (message->stored > written - whole) {
            break;
        }
        whole += message->stored;
        archive->totals.written += message->records;
        archive->totals.waiting -= message->records;
        archive->totals.bytes += message->bytes;
    }
    archive->size += whole;
    g_array_remove_range(archive->messages, 0, count);
    return whole;
}

/* Copies the rest after a failure into the row buffer: lenders keep their bodies for one write only. */
static uint8_t *copy_row(const ipfix_file_t *archive)
{
    uint8_t *row = g_malloc(IPFIX_FILE_ROW_SIZE);
    uint8_t *at = row;
    for (unsigned i = 0; i < archive->pieces->len; i++) {
        const struct iovec *piece = &g_array_index(archive->pieces, struct iovec, i);
        memcpy(at, piece->iov_base, piece->iov_len);
        at += piece->iov_len;
    }
    return row;
}

/* Removes the first @p whole bytes of the row buffer. */
static void keep_rest(ipfix_file_t *archive, uint8_t *row, size_t whole)
{
    const size_t left = archive->row_length - whole;
    const struct iovec rest = {row, left};
    memmove(row, row + whole, left);
    release_lenders(archive);
    g_free(archive->row);
    archive->row = row;
    archive->row_used = archive->row_length = left;
    g_array_set_size(archive->pieces, 0);
    g_array_append_val(archive->pieces, rest);
}

/* Returns the bytes written; errno after a failure. */
static size_t write_row(ipfix_file_t *archive)
{
    const size_t length = archive->row_length;
    g_autofree struct iovec *pieces =
        g_memdup2(archive->pieces->data, archive->pieces->len * sizeof(struct iovec));
    const size_t written =
        length > 0 ? write_all(archive->descriptor, pieces, archive->pieces->len, length) : 0;
    const int reason = errno;
    const size_t whole = take_written(archive, written);
    if (written == length) {
        ipfix_file_clear_row(archive);
    } else {
        keep_rest(archive, copy_row(archive), whole);
    }
    errno = reason;
    return written;
}

/* The disk writes in parallel, which shortens the fsync at the end. Not all files support this call; fsync
 * reports errors. */
static void write_behind(ipfix_file_t *archive)
{
    if (!archive->config.sync || archive->part == NULL ||
        archive->size < archive->on_its_way + WRITE_BEHIND) {
        return;
    }
    (void)sync_file_range(archive->descriptor, (off64_t)archive->on_its_way,
                          (off64_t)(archive->size - archive->on_its_way), SYNC_FILE_RANGE_WRITE);
    archive->on_its_way = archive->size;
}

synfix_status_t ipfix_file_flush(ipfix_file_t *archive, synfix_error_t *error)
{
    const size_t length = archive->row_length;
    const size_t written = write_row(archive);
    synfix_status_t status = SYNFIX_OK;
    if (written < length && archive->descriptor == STDOUT_FILENO && errno == EPIPE) {
        status = SYNFIX_END; /* the reader has closed its end */
    } else if (written < length) {
        status = ipfix_file_failed(archive->part != NULL   ? archive->part
                                   : archive->name != NULL ? archive->name
                                                           : "standard output",
                                   "write", error);
    }
    if (status == SYNFIX_OK) {
        write_behind(archive);
    } else if (archive->part != NULL && ftruncate(archive->descriptor, (off_t)archive->size) != 0) {
        ipfix_file_forget(archive); /* whole messages are recovered at the next start */
    }
    return status;
}

/* Adjacent bodies become one piece. */
static void add_piece(ipfix_file_t *archive, const uint8_t *bytes, size_t length)
{
    struct iovec *last = archive->pieces->len == 0
                             ? NULL
                             : &g_array_index(archive->pieces, struct iovec, archive->pieces->len - 1);
    const struct iovec piece = {(void *)(uintptr_t)bytes, length};
    if (last != NULL && (const uint8_t *)last->iov_base + last->iov_len == bytes) {
        last->iov_len += length;
    } else {
        g_array_append_val(archive->pieces, piece);
    }
    archive->row_length += length;
}

static void add(ipfix_file_t *archive, const void *bytes, size_t length)
{
    uint8_t *at = archive->row + archive->row_used;
    memcpy(at, bytes, length);
    archive->row_used += length;
    add_piece(archive, at, length);
}

/* Copying costs less than another piece. */
#define KEPT_SIZE_MIN 16384u

bool ipfix_file_keeps(const ipfix_file_t *archive, size_t body_length)
{
    return archive->compressor == NULL && archive->config.release != NULL && body_length >= KEPT_SIZE_MIN;
}

static synfix_status_t add_packed(ipfix_file_t *archive, const uint8_t *header, const uint8_t *body,
                                  size_t body_length, synfix_error_t *error)
{
    memcpy(archive->message, header, ARCHIVE_HEADER_SIZE);
    memcpy(archive->message + ARCHIVE_HEADER_SIZE, body, body_length);
    const size_t packed = ZSTD_compress2(archive->compressor, archive->packed, archive->packed_capacity,
                                         archive->message, ARCHIVE_HEADER_SIZE + body_length);
    if (ZSTD_isError(packed)) {
        return synfix_fail(error, SYNFIX_IO, "zstd: %s", ZSTD_getErrorName(packed));
    }
    add(archive, archive->packed, packed);
    return SYNFIX_OK;
}

synfix_status_t ipfix_file_append(ipfix_file_t *archive, const ipfix_file_message_t *message,
                                  synfix_error_t *error)
{
    const size_t length = ARCHIVE_HEADER_SIZE + message->body_length;
    if (length > IPFIX_FILE_MESSAGE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "a message of more than %u bytes", IPFIX_FILE_MESSAGE_MAX);
    }
    const size_t begin = archive->row_length;
    if (begin + (archive->compressor == NULL ? length : archive->packed_capacity) > IPFIX_FILE_ROW_SIZE ||
        archive->lenders->len == ARCHIVE_KEPT_MAX) {
        return SYNFIX_AGAIN;
    }
    if (archive->compressor == NULL) {
        add(archive, message->header, ARCHIVE_HEADER_SIZE);
        if (message->lender == NULL) {
            add(archive, message->body, message->body_length);
        } else {
            add_piece(archive, message->body, message->body_length);
            g_ptr_array_add(archive->lenders, (void *)(uintptr_t)message->lender);
        }
    } else {
        const synfix_status_t status =
            add_packed(archive, message->header, message->body, message->body_length, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    const pending_message_t waiting = {archive->row_length - begin, length, message->records};
    g_array_append_val(archive->messages, waiting);
    archive->totals.waiting += message->records;
    return SYNFIX_OK;
}
