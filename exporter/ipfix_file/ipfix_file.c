/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/posix/fifo.h"
#include "on_demand/zstd.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILE_MODE    0640
#define PART_TRIES   5
#define WRITE_BEHIND (4u << 20) /* bytes in memory before the kernel starts writing to the disk */

typedef struct waiting {
    size_t stored; /* bytes in the row buffer */
    size_t bytes;  /* bytes of the message */
    uint32_t records;
} waiting_t;

struct archive {
    ipfix_file_config_t config;
    char *target;
    int descriptor;      /* -1: no file is open */
    char *name;          /* name of the finished file */
    file_place_t place;  /* of the part */
    char *part;          /* until then */
    uint64_t size;       /* written */
    uint64_t on_its_way; /* part of these bytes that the kernel has started to write */
    /* Messages of the next write: pieces point into the row buffer and to message bodies of lenders. */
    GArray *pieces;   /* struct iovec */
    GArray *messages; /* waiting_t */
    GPtrArray *lenders;
    size_t row_length; /* bytes of all pieces, ROW_SIZE at most */
    uint8_t *row;
    size_t row_used;
    ipfix_file_totals_t totals;
    ZSTD_CCtx *compressor;
    uint8_t *message; /* to be compressed */
    uint8_t *packed;
    size_t packed_capacity;
};

#define MESSAGE_MAX 65535u
/* Bytes of one write. From 64 KiB to this size the kernel time for each record halves. */
#define ROW_SIZE (1u << 20)

static synfix_status_t prepare_compression(ipfix_file_t *archive, synfix_error_t *error)
{
    archive->packed_capacity = ZSTD_compressBound(MESSAGE_MAX);
    archive->packed = g_malloc(archive->packed_capacity);
    archive->message = g_malloc(MESSAGE_MAX);
    archive->compressor = ZSTD_createCCtx();
    if (archive->compressor == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", archive->target);
    }
    (void)ZSTD_CCtx_setParameter(archive->compressor, ZSTD_c_compressionLevel,
                                 archive->config.compress_level);
    (void)ZSTD_CCtx_setParameter(archive->compressor, ZSTD_c_checksumFlag, 1);
    return SYNFIX_OK;
}

synfix_status_t ipfix_file_new(const ipfix_file_config_t *config, ipfix_file_t **archive,
                               synfix_error_t *error)
{
    if (config->target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID, "file: no name; write file:NAME.ipfix");
    }
    const synfix_status_t loaded = config->compress ? on_demand_load_zstd(error) : SYNFIX_OK;
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    ipfix_file_t *made = g_new0(ipfix_file_t, 1);
    made->config = *config;
    made->target = g_strdup(config->target);
    made->descriptor = -1;
    made->place = (file_place_t)FILE_PLACE_CLOSED;
    made->row = g_malloc(ROW_SIZE);
    made->pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    made->lenders = g_ptr_array_new();
    made->messages = g_array_new(FALSE, FALSE, sizeof(waiting_t));
    const synfix_status_t status = config->compress ? prepare_compression(made, error) : SYNFIX_OK;
    if (status != SYNFIX_OK) {
        ipfix_file_free(made);
        return status;
    }
    *archive = made;
    return SYNFIX_OK;
}

static void release_lenders(ipfix_file_t *archive)
{
    for (unsigned i = 0; i < archive->lenders->len && archive->config.release != NULL; i++) {
        archive->config.release(archive->config.release_user, g_ptr_array_index(archive->lenders, i));
    }
    g_ptr_array_set_size(archive->lenders, 0);
}

static void clear_row(ipfix_file_t *archive)
{
    release_lenders(archive);
    archive->row_length = 0;
    archive->row_used = 0;
    g_array_set_size(archive->pieces, 0);
    g_array_set_size(archive->messages, 0);
}

static void forget_file(ipfix_file_t *archive)
{
    if (archive->descriptor > STDERR_FILENO) {
        (void)close(archive->descriptor);
    }
    archive->descriptor = -1;
    archive->totals.lost += archive->totals.waiting;
    archive->totals.waiting = 0;
    clear_row(archive);
    file_place_close(&archive->place);
    g_clear_pointer(&archive->name, g_free);
    g_clear_pointer(&archive->part, g_free);
}

/* Another process may have replaced the file: keep the new file. */
static bool still_exists(const ipfix_file_t *archive)
{
    return archive->place.directory >= 0 && file_is_same(&archive->place, archive->descriptor);
}

static void remove_part(const ipfix_file_t *archive)
{
    if (archive->part != NULL && still_exists(archive)) {
        (void)file_remove(&archive->place);
    }
}

void ipfix_file_free(ipfix_file_t *archive)
{
    if (archive != NULL) {
        if (ipfix_file_size(archive) == 0) {
            remove_part(archive);
        }
        archive->config.release = NULL;
        forget_file(archive);
        if (archive->compressor != NULL) {
            (void)ZSTD_freeCCtx(archive->compressor);
        }
        g_free(archive->row);
        g_array_free(archive->messages, TRUE);
        g_array_free(archive->pieces, TRUE);
        g_ptr_array_free(archive->lenders, TRUE);
        g_free(archive->message);
        g_free(archive->packed);
        g_free(archive->target);
        g_free(archive);
    }
}

void ipfix_file_abandon(ipfix_file_t *archive)
{
    remove_part(archive);
    forget_file(archive);
}

bool ipfix_file_is_open(const ipfix_file_t *archive)
{
    return archive->descriptor >= 0;
}

uint64_t ipfix_file_size(const ipfix_file_t *archive)
{
    return archive->size + archive->row_length;
}

const ipfix_file_totals_t *ipfix_file_totals(const ipfix_file_t *archive)
{
    return &archive->totals;
}

/* A device, a pipe: written to as it is. No file may take its place, least of all that of /dev/null.
 * SYNFIX_AGAIN:
 * @p wanted is none. */
static synfix_status_t open_special(ipfix_file_t *archive, const char *wanted, synfix_error_t *error)
{
    file_place_t place = FILE_PLACE_CLOSED;
    struct stat there;
    synfix_status_t status = file_place_open(&place, wanted, FILE_PLACE_FOLLOW, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (!place.kernel_links && (file_state(&place, &there) != 0 || S_ISREG(there.st_mode))) {
        status = SYNFIX_AGAIN;
    } else {
        archive->name = g_strdup(wanted);
        archive->descriptor = pipe_open(&place, O_WRONLY | O_APPEND, FILE_MODE, archive->config.wait);
        if (archive->descriptor < 0) {
            status = ipfix_file_failed(wanted, "open", error);
            forget_file(archive);
        }
    }
    file_place_close(&place);
    return status;
}

/* The lock tells a second writer and ipfix_file_recover that the file is alive. */
static bool lock_part(const ipfix_file_t *archive)
{
    return flock(archive->descriptor, LOCK_EX | LOCK_NB) == 0;
}

/* An unfinished file of an earlier run that was not rescued makes room. errno: EBUSY, or what it is. */
static bool remove_former_part(const ipfix_file_t *archive)
{
    struct stat state;
    const int descriptor = file_open(&archive->place, O_RDWR, 0);
    if (descriptor < 0) {
        return errno == ENOENT;
    }
    bool removed = false;
    if (fstat(descriptor, &state) != 0 || !file_is_ours(&archive->place, &state)) {
        errno = EMLINK;
    } else if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        errno = EBUSY;
    } else {
        removed = !file_is_same(&archive->place, descriptor) || file_remove(&archive->place) == 0;
    }
    const int number = errno;
    (void)close(descriptor);
    errno = number;
    return removed;
}

static synfix_status_t open_part(ipfix_file_t *archive, synfix_error_t *error)
{
    const synfix_status_t status = file_place_open(&archive->place, archive->part, FILE_PLACE_NAME, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    for (int i = 0; i < PART_TRIES; i++) {
        archive->descriptor = file_create(&archive->place, O_RDWR | O_APPEND, FILE_MODE);
        if (archive->descriptor >= 0 && lock_part(archive) && still_exists(archive)) {
            return SYNFIX_OK;
        }
        if (archive->descriptor >= 0) {
            (void)close(archive->descriptor);
            archive->descriptor = -1;
        } else if (errno != EEXIST || !remove_former_part(archive)) {
            break;
        }
    }
    return ipfix_file_failed(archive->part, errno == EBUSY ? "in use" : "open", error);
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
        forget_file(archive);
    }
    return status;
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
        const waiting_t *message = &g_array_index(archive->messages, waiting_t, count);
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
    uint8_t *row = g_malloc(ROW_SIZE);
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
    const size_t written = write_all(archive->descriptor, pieces, archive->pieces->len, length);
    const int reason = errno;
    const size_t whole = take_written(archive, written);
    if (written == length) {
        clear_row(archive);
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
        forget_file(archive); /* whole messages are recovered at the next start */
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
    if (length > MESSAGE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "a message of more than %u bytes", MESSAGE_MAX);
    }
    const size_t begin = archive->row_length;
    if (begin + (archive->compressor == NULL ? length : archive->packed_capacity) > ROW_SIZE ||
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
    const waiting_t waiting = {archive->row_length - begin, length, message->records};
    g_array_append_val(archive->messages, waiting);
    archive->totals.waiting += message->records;
    return SYNFIX_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Also after a failure: the file contains all that was written. */
synfix_status_t ipfix_file_end(ipfix_file_t *archive, synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_flush(archive, error);
    synfix_error_t *unless_reported = status == SYNFIX_OK ? error : NULL;
    synfix_status_t ended = SYNFIX_OK;
    if (archive->part != NULL) {
        if (archive->config.sync && file_sync(archive->descriptor) != 0) {
            ended = ipfix_file_failed(archive->part, "fsync", unless_reported);
        } else if (!still_exists(archive)) {
            ended = synfix_fail(unless_reported, SYNFIX_IO, "%s: removed or replaced by another process",
                                archive->part);
        } else if (file_rename(&archive->place, base_name(archive->name)) != 0) {
            ended = ipfix_file_failed(archive->part, "rename", unless_reported);
        } else if (archive->config.sync) {
            file_place_sync(&archive->place); /* the rename is only safe on disk once the directory is */
        }
    }
    forget_file(archive);
    return status != SYNFIX_OK ? status : ended;
}
