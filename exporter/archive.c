/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/archive.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zstd.h>

#define NS_PER_SECOND 1000000000
#define NAMES_MAX     100000u /* numbers tried for a name that is free */
#define FILE_MODE     0640
#define WRITE_BEHIND  (4u << 20) /* octets that may wait in memory before their way to the disk begins */

struct archive {
    archive_config_t config;
    char *target;
    int descriptor; /* -1: no file is open */
    char *name;     /* of the open file, in the end */
    char *part;     /* until then */
    uint64_t size;
    uint64_t on_its_way; /* of these, what the kernel was asked to begin writing */
    ZSTD_CCtx *compressor;
    uint8_t *message; /* to be compressed */
    uint8_t *packed;
    size_t packed_capacity;
};

#define MESSAGE_MAX 65535u

static synfix_status_t failed(const char *path, const char *what, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status = reason == ENOENT                      ? SYNFIX_NOT_FOUND
                                   : reason == EACCES || reason == EPERM ? SYNFIX_PERMISSION
                                                                         : SYNFIX_IO;
    return synfix_fail(error, status, "%s: %s: %s", path, what, g_strerror(reason));
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
    g_clear_pointer(&archive->name, g_free);
    g_clear_pointer(&archive->part, g_free);
}

void archive_free(archive_t *archive)
{
    if (archive != NULL) {
        forget_file(archive);
        ZSTD_freeCCtx(archive->compressor);
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
    return archive->size;
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
    archive->descriptor = open(name, O_WRONLY | O_CLOEXEC | O_APPEND);
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

static bool write_whole(int descriptor, struct iovec *parts, int count)
{
    while (count > 0) {
        const ssize_t done = writev(descriptor, parts, count);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return false;
        }
        size_t left = (size_t)done;
        while (count > 0 && left >= parts->iov_len) {
            left -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return true;
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

static synfix_status_t write_parts(archive_t *archive, struct iovec *parts, int count, synfix_error_t *error)
{
    size_t length = 0;
    for (int i = 0; i < count; i++) {
        length += parts[i].iov_len;
    }
    if (write_whole(archive->descriptor, parts, count)) {
        archive->size += length;
        write_behind(archive);
        return SYNFIX_OK;
    }
    const synfix_status_t status = failed(archive->part != NULL   ? archive->part
                                          : archive->name != NULL ? archive->name
                                                                  : "standard output",
                                          "write", error);
    if (archive->part != NULL && ftruncate(archive->descriptor, (off_t)archive->size) != 0) {
        forget_file(archive); /* what is whole is rescued at the next start */
    }
    return status;
}

synfix_status_t archive_append(archive_t *archive, const void *header, size_t header_length, const void *body,
                               size_t body_length, synfix_error_t *error)
{
    if (archive->compressor == NULL) {
        struct iovec parts[2] = {{(void *)(uintptr_t)header, header_length},
                                 {(void *)(uintptr_t)body, body_length}};
        return write_parts(archive, parts, 2, error);
    }
    if (header_length + body_length > MESSAGE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "a message of more than %u octets", MESSAGE_MAX);
    }
    memcpy(archive->message, header, header_length);
    memcpy(archive->message + header_length, body, body_length);
    const size_t packed = ZSTD_compress2(archive->compressor, archive->packed, archive->packed_capacity,
                                         archive->message, header_length + body_length);
    if (ZSTD_isError(packed)) {
        return synfix_fail(error, SYNFIX_IO, "zstd: %s", ZSTD_getErrorName(packed));
    }
    struct iovec part = {archive->packed, packed};
    return write_parts(archive, &part, 1, error);
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

synfix_status_t archive_end(archive_t *archive, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (archive->part != NULL) {
        if (archive->config.sync && fsync(archive->descriptor) != 0) {
            status = failed(archive->part, "fsync", error);
        } else if (rename(archive->part, archive->name) != 0) {
            status = failed(archive->part, "rename", error);
        } else if (archive->config.sync) {
            sync_folder(archive->name);
        }
    }
    forget_file(archive);
    return status;
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
