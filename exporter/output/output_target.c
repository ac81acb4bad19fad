/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/output/output_internal.h"
#include "files/paused_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "exporter/posix/fifo.h"

#define FILE_MODE 0644

synfix_status_t output_fail_errno(const output_t *output, const char *what, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status = reason == EPIPE ? SYNFIX_DISCONNECTED : file_status(reason);
    return synfix_fail(error, status, "%s: %s: %s", output->target, what, reader_reason(reason));
}

bool output_is_unread(const output_t *output)
{
    return output->kind == OUTPUT_STDOUT && errno == EPIPE;
}

bool output_is_socket(const output_t *output)
{
    return output->kind != OUTPUT_FILE && output->kind != OUTPUT_STDOUT;
}

/* After a request to stop, a write waits for a paused reader one step of time. */
static bool waits_on(void *user, int waited_ms)
{
    const output_t *const output = user;
    return waited_ms == 0 || !atomic_load_explicit(&output->stopping, memory_order_relaxed);
}

static bool send_whole(output_t *output, const char *bytes, size_t length, const reader_patience_t *patience)
{
    while (length > 0) {
        if (!reader_await(output->descriptor, patience)) {
            return false;
        }
        const ssize_t sent = send(output->descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
        bytes += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* Writes all of @p bytes to a socket, a pipe or a terminal; false with errno. */
static bool write_whole(output_t *output, const char *bytes, size_t length)
{
    const reader_patience_t patience = {.waits_on = waits_on, .user = output};
    return output_is_socket(output) ? send_whole(output, bytes, length, &patience)
                                    : reader_write(output->descriptor, bytes, length, &patience) == length;
}

/* A datagram is one record: lines are sent one by one. */
static bool write_datagrams(output_t *output, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        const size_t line = end != NULL ? (size_t)(end - bytes) + 1 : length;
        if (!write_whole(output, bytes, line)) {
            return false;
        }
        bytes += line;
        length -= line;
    }
    return true;
}

/* Removes a partial line, unless another process has truncated or extended the file: the bytes from @p begin
 * to the end of the last write are ours only if the file ends there. */
static void take_back(const output_t *output, off_t begin)
{
    struct stat state;
    const off_t end = lseek(output->descriptor, 0, SEEK_CUR);
    if (begin >= 0 && begin < end && fstat(output->descriptor, &state) == 0 && state.st_size == end) {
        const int truncated = ftruncate(output->descriptor, begin); /* else the half line stays */
        (void)truncated;
    }
}

/* Appends all of @p bytes to the end of the file, wherever the end is now; false with errno, and nothing was
 * appended. */
static bool write_file(output_t *output, const char *bytes, size_t length)
{
    off_t begin = -1;
    off_t end = -1;
    while (length > 0) {
        const ssize_t written = write(output->descriptor, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const int reason = errno;
            take_back(output, begin);
            errno = reason;
            return false;
        }
        bytes += written;
        length -= (size_t)written;
        const off_t now = lseek(output->descriptor, 0, SEEK_CUR);
        if (end < 0 || now - written !=
                           end) { /* another process wrote in between: remove only the bytes after its own */
            begin = now - written;
        }
        end = now;
    }
    output->file_size = end >= 0 ? (uint64_t)end : output->file_size;
    return true;
}

bool output_write_bytes(output_t *output, const void *bytes, size_t length)
{
    if (output->kind == OUTPUT_DATAGRAM) {
        return write_datagrams(output, bytes, length);
    }
    if (output->kind == OUTPUT_FILE && !output->may_block) {
        return write_file(output, bytes, length);
    }
    return write_whole(output, bytes, length);
}

bool output_is_deleted(const output_t *output)
{
    return output->kind == OUTPUT_FILE && !output->replaces && !output->special && !output->nameless &&
           output->descriptor >= 0 && file_has_no_name(output->descriptor);
}

/* copytruncate of logrotate empties the file under the same name. */
bool output_write_head_again(output_t *output)
{
    struct stat state;
    if (output->head == NULL || output->kind != OUTPUT_FILE || output->may_block || output->file_size == 0 ||
        fstat(output->descriptor, &state) != 0 || state.st_size != 0) {
        return true;
    }
    return output_write_bytes(output, output->head, strlen(output->head));
}

static synfix_status_t open_appended(output_t *output, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    const synfix_status_t status =
        directory_entry_open(&entry, output->target, DIRECTORY_ENTRY_FOLLOW, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    output->special = file_is_special(&entry);
    output->descriptor = fifo_open(&entry, O_WRONLY | O_CREAT | O_APPEND, FILE_MODE,
                                   output->context == NULL || !output->context->live);
    const synfix_status_t opened =
        output->descriptor >= 0 ? SYNFIX_OK : output_fail_errno(output, "cannot open", error);
    directory_entry_close(&entry);
    return opened;
}

static synfix_status_t open_replacing(output_t *output, synfix_error_t *error)
{
    const synfix_status_t status =
        file_replacement_begin(&output->replacement, output->target, FILE_MODE, error);
    output->descriptor = output->replacement.descriptor;
    return status;
}

static synfix_status_t open_file(output_t *output, synfix_error_t *error)
{
    struct stat state;
    const synfix_status_t status =
        output->replaces ? open_replacing(output, error) : open_appended(output, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    output->file_size = 0;
    const bool known = fstat(output->descriptor, &state) == 0;
    output->may_block = known && !S_ISREG(state.st_mode);
    output->nameless = known && state.st_nlink == 0;
    if (known && !output->may_block) {
        output->file_size = (uint64_t)state.st_size;
    }
    output->opened_ns = 0;
    if (output->head == NULL || output->file_size != 0 ||
        output_write_bytes(output, output->head, strlen(output->head))) {
        return SYNFIX_OK;
    }
    return output_fail_errno(output, "cannot write", error);
}

static synfix_status_t open_socket(output_t *output, synfix_error_t *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(output->target) >= sizeof address.sun_path) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: too long for a Unix socket; choose a shorter path",
                           output->target);
    }
    memcpy(address.sun_path, output->target, strlen(output->target));
    const int type = output->kind == OUTPUT_STREAM ? SOCK_STREAM : SOCK_DGRAM;
    const int descriptor = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return output_fail_errno(output, "cannot create a socket", error);
    }
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        const synfix_status_t status = output_fail_errno(output, "cannot connect to a listener", error);
        (void)close(descriptor);
        return status;
    }
    output->descriptor = descriptor;
    return SYNFIX_OK;
}

void output_close_target(output_t *output)
{
    if (output->kind == OUTPUT_REDIS && output->redis != NULL) {
        redis_disconnect(output->redis);
    } else if (output->replaces) {
        file_replacement_abandon(&output->replacement);
    } else if (output->descriptor >= 0 && output->kind != OUTPUT_STDOUT) {
        (void)close(output->descriptor);
    }
    output->descriptor = -1;
}

synfix_status_t output_open_target(output_t *output, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (output->kind == OUTPUT_STDOUT) {
        output->descriptor = STDOUT_FILENO;
        output->may_block = true;
        if (output->head != NULL && !output_write_bytes(output, output->head, strlen(output->head)) &&
            !output_is_unread(output)) { /* the first write sees it again */
            status = output_fail_errno(output, "cannot write", error);
        }
    } else if (output->kind == OUTPUT_REDIS) {
        status = redis_connect(output->redis, error);
        output->descriptor = redis_descriptor(output->redis);
    } else {
        status = output_is_socket(output) ? open_socket(output, error) : open_file(output, error);
    }
    if (status != SYNFIX_OK) {
        output_close_target(output);
    }
    return status;
}
