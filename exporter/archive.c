/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/archive.h"
#include "exporter/pipe_open.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define NS_PER_SECOND 1000000000
#define NAMES_MAX     100000u /* numbers tried for a name that is free */
#define FILE_MODE     0640
#define WRITE_BEHIND  (4u << 20) /* octets that may wait in memory before their way to the disk begins */

typedef struct waiting {
    size_t stored; /* octets in the row */
    size_t octets; /* of the message */
    uint32_t records;
} waiting_t;

struct archive {
    archive_config_t config;
    char *target;
    int descriptor;      /* -1: no file is open */
    char *name;          /* of the open file, in the end */
    char *part;          /* until then */
    uint64_t size;       /* written */
    uint64_t on_its_way; /* of these, what the kernel was asked to begin writing */
    uint8_t *row;        /* messages that are written together */
    size_t row_length;
    GArray *messages; /* waiting_t, those in the row */
    archive_totals_t totals;
    ZSTD_CCtx *compressor;
    uint8_t *message; /* to be compressed */
    uint8_t *packed;
    size_t packed_capacity;
};

#define MESSAGE_MAX 65535u
/* Octets written at once. The kernel's share of a record halves from 64 KiB to here. */
#define ROW_SIZE (1u << 20)

static synfix_status_t failed(const char *path, const char *what, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status = reason == ENOENT                      ? SYNFIX_NOT_FOUND
                                   : reason == EACCES || reason == EPERM ? SYNFIX_PERMISSION
                                                                         : SYNFIX_IO;
    return synfix_fail(error, status, "%s: %s: %s", path, what, pipe_reason(reason));
}

synfix_status_t archive_new(const archive_config_t *config, archive_t **archive, synfix_error_t *error)
{
    if (config->target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID, "file: no name given");
    }
    archive_t *made = g_new0(archive_t, 1);
    made->config = *config;
    made->target = g_strdup(config->target);
    made->descriptor = -1;
    made->row = g_malloc(ROW_SIZE);
    made->messages = g_array_new(FALSE, FALSE, sizeof(waiting_t));
    if (config->compress) {
        made->packed_capacity = ZSTD_compressBound(MESSAGE_MAX);
        made->packed = g_malloc(made->packed_capacity);
        made->message = g_malloc(MESSAGE_MAX);
        made->compressor = ZSTD_createCCtx();
        (void)ZSTD_CCtx_setParameter(made->compressor, ZSTD_c_compressionLevel, config->compress_level);
        (void)ZSTD_CCtx_setParameter(made->compressor, ZSTD_c_checksumFlag, 1);
    }
    *archive = made;
    return SYNFIX_OK;
}

static void forget_file(archive_t *archive)
{
    if (archive->descriptor > STDERR_FILENO) {
        (void)close(archive->descriptor);
    }
    archive->descriptor = -1;
    archive->totals.lost += archive->totals.waiting;
    archive->totals.waiting = 0;
    archive->row_length = 0;
    g_array_set_size(archive->messages, 0);
    g_clear_pointer(&archive->name, g_free);
    g_clear_pointer(&archive->part, g_free);
}

void archive_free(archive_t *archive)
{
    if (archive != NULL) {
        forget_file(archive);
        ZSTD_freeCCtx(archive->compressor);
        g_free(archive->row);
        g_array_free(archive->messages, TRUE);
        g_free(archive->message);
        g_free(archive->packed);
        g_free(archive->target);
        g_free(archive);
    }
}

void archive_abandon(archive_t *archive)
{
    if (archive->part != NULL) {
        (void)unlink(archive->part);
    }
    forget_file(archive);
}

bool archive_is_open(const archive_t *archive)
{
    return archive->descriptor >= 0;
}

uint64_t archive_size(const archive_t *archive)
{
    return archive->size + archive->row_length;
}

const archive_totals_t *archive_totals(const archive_t *archive)
{
    return &archive->totals;
}

static char *dated_name(const char *target, int64_t now_ns)
{
    if (strchr(target, '%') == NULL) {
        return g_strdup(target);
    }
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_ns / NS_PER_SECOND);
    return g_date_time_format(now, target);
}

static bool is_taken(const char *name)
{
    g_autofree char *part = g_strconcat(name, ARCHIVE_PART_SUFFIX, NULL);
    return access(name, F_OK) == 0 || access(part, F_OK) == 0;
}

/* `a.ipfix` becomes `a-2.ipfix` when that is not there yet. */
static char *free_name(const char *wanted)
{
    const char *base = strrchr(wanted, '/');
    const char *dot = strchr(base != NULL ? base : wanted, '.');
    const int stem = dot != NULL ? (int)(dot - wanted) : (int)strlen(wanted);
    for (unsigned number = 2; number < NAMES_MAX && is_taken(wanted); number++) {
        g_autofree char *name = g_strdup_printf("%.*s-%u%s", stem, wanted, number, dot != NULL ? dot : "");
        if (!is_taken(name)) {
            return g_steal_pointer(&name);
        }
    }
    return g_strdup(wanted);
}

/* A device, a pipe: written to as it is. No file may take its place, least of all that of /dev/null. */
static synfix_status_t open_special(archive_t *archive, char *name, synfix_error_t *error)
{
    archive->name = name;
    archive->descriptor = pipe_open(name, O_WRONLY | O_CLOEXEC | O_APPEND, FILE_MODE, archive->config.wait);
    if (archive->descriptor >= 0) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = failed(name, "open", error);
    forget_file(archive);
    return status;
}

synfix_status_t archive_begin(archive_t *archive, int64_t now_ns, synfix_error_t *error)
{
    archive->size = 0;
    archive->on_its_way = 0;
    if (strcmp(archive->target, "-") == 0) {
        archive->descriptor = STDOUT_FILENO;
        return SYNFIX_OK;
    }
    g_autofree char *wanted = dated_name(archive->target, now_ns);
    if (wanted == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: not a date pattern", archive->target);
    }
    struct stat there;
    if (stat(wanted, &there) == 0 && !S_ISREG(there.st_mode)) {
        return open_special(archive, g_steal_pointer(&wanted), error);
    }
    archive->name = archive->config.rotates ? free_name(wanted) : g_strdup(wanted);
    archive->part = g_strconcat(archive->name, ARCHIVE_PART_SUFFIX, NULL);
    archive->descriptor = open(archive->part, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, FILE_MODE);
    if (archive->descriptor < 0) {
        const synfix_status_t status = failed(archive->part, "open", error);
        forget_file(archive);
        return status;
    }
    /* The lock tells a second writer and archive_recover that the file is alive. */
    if (flock(archive->descriptor, LOCK_EX | LOCK_NB) != 0 || ftruncate(archive->descriptor, 0) != 0) {
        const synfix_status_t status = failed(archive->part, "in use", error);
        forget_file(archive);
        return status;
    }
    return SYNFIX_OK;
}

/* Returns the octets written: less than @p length after a failure, which errno tells. */
static size_t write_all(int descriptor, const uint8_t *octets, size_t length)
{
    size_t written = 0;
    while (written < length) {
        const ssize_t done = write(descriptor, octets + written, length - written);
        if (done < 0 && errno != EINTR) {
            break;
        }
        written += done > 0 ? (size_t)done : 0;
    }
    return written;
}

/* The first messages of the row, as far as all of them fits in @p written octets, wait no more. */
static void take_written(archive_t *archive, size_t written)
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
        archive->totals.octets += message->octets;
    }
    archive->size += whole;
    archive->row_length -= whole;
    memmove(archive->row, archive->row + whole, archive->row_length);
    g_array_remove_range(archive->messages, 0, count);
}

/* The disk works meanwhile, and the fsync at the end has little left to wait for. Not all files can; the
 * fsync tells of errors. */
static void write_behind(archive_t *archive)
{
    if (!archive->config.sync || archive->part == NULL ||
        archive->size < archive->on_its_way + WRITE_BEHIND) {
        return;
    }
    (void)sync_file_range(archive->descriptor, (off64_t)archive->on_its_way,
                          (off64_t)(archive->size - archive->on_its_way), SYNC_FILE_RANGE_WRITE);
    archive->on_its_way = archive->size;
}

synfix_status_t archive_flush(archive_t *archive, synfix_error_t *error)
{
    const size_t length = archive->row_length;
    const size_t written = write_all(archive->descriptor, archive->row, length);
    synfix_status_t status = SYNFIX_OK;
    if (written < length && archive->descriptor == STDOUT_FILENO && errno == EPIPE) {
        status = SYNFIX_END; /* whoever reads has enough */
    } else if (written < length) {
        status = failed(archive->part != NULL   ? archive->part
                        : archive->name != NULL ? archive->name
                                                : "standard output",
                        "write", error);
    }
    take_written(archive, written);
    if (status == SYNFIX_OK) {
        write_behind(archive);
    } else if (archive->part != NULL && ftruncate(archive->descriptor, (off_t)archive->size) != 0) {
        forget_file(archive); /* what is whole is rescued at the next start */
    }
    return status;
}

static void add(archive_t *archive, const void *octets, size_t length)
{
    memcpy(archive->row + archive->row_length, octets, length);
    archive->row_length += length;
}

static synfix_status_t add_packed(archive_t *archive, const uint8_t *header, const uint8_t *body,
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

synfix_status_t archive_append(archive_t *archive, const archive_message_t *message, synfix_error_t *error)
{
    const size_t length = ARCHIVE_HEADER_SIZE + message->body_length;
    if (length > MESSAGE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "a message of more than %u octets", MESSAGE_MAX);
    }
    const size_t begin = archive->row_length;
    if (begin + (archive->compressor == NULL ? length : archive->packed_capacity) > ROW_SIZE) {
        return SYNFIX_AGAIN;
    }
    if (archive->compressor == NULL) {
        add(archive, message->header, ARCHIVE_HEADER_SIZE);
        add(archive, message->body, message->body_length);
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

/* The rename is only safe on disk once the folder is. */
static void sync_folder(const char *name)
{
    g_autofree char *folder = g_path_get_dirname(name);
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        (void)close(descriptor);
    }
}

/* After a failure as well: the file holds what there was room for. */
synfix_status_t archive_end(archive_t *archive, synfix_error_t *error)
{
    synfix_status_t status = archive_flush(archive, error);
    synfix_error_t *unless_told = status == SYNFIX_OK ? error : NULL;
    synfix_status_t ended = SYNFIX_OK;
    if (archive->part != NULL) {
        if (archive->config.sync && fsync(archive->descriptor) != 0) {
            ended = failed(archive->part, "fsync", unless_told);
        } else if (rename(archive->part, archive->name) != 0) {
            ended = failed(archive->part, "rename", unless_told);
        } else if (archive->config.sync) {
            sync_folder(archive->name);
        }
    }
    forget_file(archive);
    return status != SYNFIX_OK ? status : ended;
}

/* Octets of the compressed frame that begins at @p data; 0: none that is whole. So of a message below. */
static size_t frame_length(const uint8_t *data, size_t left)
{
    const size_t size = ZSTD_findFrameCompressedSize(data, left);
    return ZSTD_isError(size) ? 0 : size;
}

static size_t message_length(const uint8_t *data, size_t left)
{
    const size_t size = (size_t)data[2] << 8 | data[3];
    return data[0] != 0 || data[1] != 10 || size < 16 || size > left ? 0 : size;
}

/* Octets of @p data that are whole messages, or whole frames that hold one each: a file's beginning tells
 * which. */
static size_t whole_length(const uint8_t *data, size_t length, uint64_t *messages)
{
    static const uint8_t zstd_magic[] = {0x28, 0xB5, 0x2F, 0xFD};
    const bool packed = length >= sizeof zstd_magic && memcmp(data, zstd_magic, sizeof zstd_magic) == 0;
    size_t at = 0;
    *messages = 0;
    while (length - at >= 16) {
        const size_t size =
            packed ? frame_length(data + at, length - at) : message_length(data + at, length - at);
        if (size == 0)
            break;
        at += size;
        ++*messages;
    }
    return at;
}

static synfix_status_t recover_locked(const char *part, int descriptor, bool aside,
                                      archive_recovered_t *recovered, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    GMappedFile *map = g_mapped_file_new_from_fd(descriptor, FALSE, &problem);
    if (map == NULL) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", part, problem->message);
    }
    const size_t length = g_mapped_file_get_length(map);
    const char *data = g_mapped_file_get_contents(map);
    const size_t whole = data != NULL ? whole_length((const uint8_t *)data, length, &recovered->messages) : 0;
    g_mapped_file_unref(map);
    recovered->octets_dropped = length - whole;
    if (whole == 0) {
        return unlink(part) == 0 ? SYNFIX_OK : failed(part, "remove", error);
    }
    g_autofree char *wanted = g_strndup(part, strlen(part) - strlen(ARCHIVE_PART_SUFFIX));
    /* The .part itself makes its own name look taken. */
    recovered->name = aside || access(wanted, F_OK) == 0 ? free_name(wanted) : g_strdup(wanted);
    if (ftruncate(descriptor, (off_t)whole) != 0 || fsync(descriptor) != 0) {
        return failed(part, "truncate", error);
    }
    return rename(part, recovered->name) == 0 ? SYNFIX_OK : failed(part, "rename", error);
}

static synfix_status_t recover(const char *part, bool aside, archive_recovered_t *recovered,
                               synfix_error_t *error)
{
    *recovered = (archive_recovered_t){0};
    if (!g_str_has_suffix(part, ARCHIVE_PART_SUFFIX)) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: an unfinished file ends in " ARCHIVE_PART_SUFFIX,
                           part);
    }
    const int descriptor = open(part, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return failed(part, "open", error);
    }
    synfix_status_t status = SYNFIX_AGAIN;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        status = recover_locked(part, descriptor, aside, recovered, error);
    }
    (void)close(descriptor);
    return status;
}

synfix_status_t archive_recover(const char *part, archive_recovered_t *recovered, synfix_error_t *error)
{
    archive_recovered_t unwanted = {0};
    const synfix_status_t status = recover(part, false, recovered != NULL ? recovered : &unwanted, error);
    g_free(unwanted.name);
    return status;
}

static void recover_and_tell(const char *part, bool aside,
                             void (*log)(void *user, int level, const char *text), void *user)
{
    archive_recovered_t recovered;
    synfix_error_t error;
    const synfix_status_t status = recover(part, aside, &recovered, &error);
    if (status < 0) {
        log(user, 1, error.text);
    } else if (status == SYNFIX_OK && recovered.name != NULL) {
        g_autofree char *text = g_strdup_printf("%s: rescued %" PRIu64
                                                " messages of an unfinished file, %" PRIu64 " octets dropped",
                                                recovered.name, recovered.messages, recovered.octets_dropped);
        log(user, 2, text);
    }
    g_free(recovered.name);
}

void archive_recover_all(const char *target, bool aside, void (*log)(void *user, int level, const char *text),
                         void *user)
{
    g_autofree char *folder = g_path_get_dirname(target);
    g_autofree char *base = g_path_get_basename(target);
    base[strcspn(base, "%.")] = '\0'; /* what comes before the date or the number */
    GDir *directory = strcmp(target, "-") != 0 ? g_dir_open(folder, 0, NULL) : NULL;
    if (directory == NULL) {
        return;
    }
    for (const char *name = g_dir_read_name(directory); name != NULL; name = g_dir_read_name(directory)) {
        if (g_str_has_prefix(name, base) && g_str_has_suffix(name, ARCHIVE_PART_SUFFIX)) {
            g_autofree char *part = g_build_filename(folder, name, NULL);
            recover_and_tell(part, aside, log, user);
        }
    }
    g_dir_close(directory);
}
