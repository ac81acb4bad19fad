/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/buffered_input.h"
#include "base/stop_check.h"
#include "files/directory_entry.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AHEAD_MIN (1u << 20) /* minimum of remaining bytes for a read-ahead thread */

static synfix_status_t system_failure(buffered_input_t *input, synfix_error_t *error)
{
    const int reason = errno;
    if (reason == EBADMSG && input->decompressor != NULL) {
        const synfix_status_t broken = decompress_problem(input->decompressor, &input->problem);
        return synfix_fail(error, broken, "%s: %s", input->name, input->problem);
    }
    return synfix_fail(error, file_status(reason), "%s: %s", input->name, strerror(reason));
}

/* A named pipe is opened without its writer: open() would wait for one and not react to signals. Until a
 * writer comes, buffered_input_fill() finds nothing to read. -1 with errno. */
static int open_path(const char *path)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0 && fcntl(descriptor, F_SETFL, 0) != 0) {
        const int number = errno;
        (void)close(descriptor);
        errno = number;
        return -1;
    }
    return descriptor;
}

synfix_status_t buffered_input_open(buffered_input_t *input, const char *path, synfix_error_t *error)
{
    struct stat info;
    const bool standard = strcmp(path, "-") == 0;
    *input = (buffered_input_t){
        .fd = STDIN_FILENO, .own_fd = !standard, .name = standard ? "standard input" : path};
    if (!standard) {
        input->fd = open_path(path);
    }
    if (input->fd < 0 || fstat(input->fd, &info) != 0) {
        const synfix_status_t status = system_failure(input, error);
        buffered_input_close(input);
        return status;
    }
    if (S_ISDIR(info.st_mode)) {
        buffered_input_close(input);
        return standard ? synfix_fail(error, SYNFIX_INVALID, "standard input: is a directory; name its files")
                        : synfix_fail(error, SYNFIX_INVALID,
                                      "%s: is a directory; name its files, or write --follow %s", path, path);
    }
    input->regular = S_ISREG(info.st_mode);
    input->total = input->regular ? (uint64_t)info.st_size : 0;
    input->own_size = INPUT_BUFFER;
    input->own = input->buffer = malloc(input->own_size);
    if (input->own == NULL) {
        buffered_input_close(input);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    }
    if (input->regular) {
        (void)posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return SYNFIX_OK;
}

void buffered_input_close(buffered_input_t *input)
{
    read_ahead_stop(input->ahead);
    decompress_free(input->decompressor);
    if (input->own_fd && input->fd >= 0) {
        (void)close(input->fd);
    }
    free(input->own);
    *input = (buffered_input_t){.fd = -1};
}

/* Moves the unread bytes to the start of the own buffer and provides room for @p need bytes. */
static synfix_status_t make_room(buffered_input_t *input, size_t need, synfix_error_t *error)
{
    const size_t left = input_remaining_bytes(input);
    if (need > input->own_size) {
        uint8_t *larger = malloc(need + INPUT_BUFFER);
        if (larger == NULL) {
            return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", input->name);
        }
        memcpy(larger, input->buffer + input->begin, left);
        free(input->own);
        input->own = larger;
        input->own_size = need + INPUT_BUFFER;
    } else {
        memmove(input->own, input->buffer + input->begin, left);
    }
    input->buffer = input->own;
    input->begin = 0;
    input->end = left;
    return SYNFIX_OK;
}

/* Unread bytes are copied in front of the next chunk; if they do not fit, the chunk is copied after them. */
static synfix_status_t join(buffered_input_t *input, read_ahead_chunk_t *chunk, synfix_error_t *error)
{
    const size_t left = input_remaining_bytes(input);
    if (left <= AHEAD_ROOM) {
        memcpy(chunk->base + AHEAD_ROOM - left, input->buffer + input->begin, left);
        read_ahead_return(input->ahead, input->chunk);
        input->chunk = chunk;
        input->buffer = chunk->base;
        input->begin = AHEAD_ROOM - left;
        input->end = AHEAD_ROOM + chunk->length;
        return SYNFIX_OK;
    }
    const synfix_status_t status = make_room(input, left + chunk->length, error);
    if (status == SYNFIX_OK) {
        memcpy(input->own + left, chunk->base + AHEAD_ROOM, chunk->length);
        input->end += chunk->length;
    }
    read_ahead_return(input->ahead, input->chunk);
    read_ahead_return(input->ahead, chunk);
    input->chunk = NULL;
    return status;
}

static synfix_status_t take_read_ahead(buffered_input_t *input, synfix_error_t *error)
{
    read_ahead_chunk_t *chunk = read_ahead_take(input->ahead, STOP_CHECK_MS);
    if (chunk == NULL) {
        return SYNFIX_AGAIN;
    }
    input->consumed += chunk->consumed;
    if (chunk->length > 0) {
        return join(input, chunk, error);
    }
    errno = chunk->reason;
    input->eof = chunk->reason == 0;
    return input->eof ? SYNFIX_OK : system_failure(input, error);
}

/* A file is read until the decompressor yields data, a pipe once at most. */
static ssize_t read_decompressed(buffered_input_t *input)
{
    ssize_t got;
    do {
        got = decompress_read(input->decompressor, input->own + input->end, input->own_size - input->end);
    } while (got < 0 && errno == EAGAIN && input->regular);
    input->consumed = decompress_consumed(input->decompressor);
    return got;
}

static ssize_t read_descriptor(buffered_input_t *input)
{
    const ssize_t got = read(input->fd, input->own + input->end, input->own_size - input->end);
    input->consumed += got > 0 ? (uint64_t)got : 0;
    return got;
}

static synfix_status_t read_here(buffered_input_t *input, size_t need, synfix_error_t *error)
{
    struct pollfd descriptor = {.fd = input->fd, .events = POLLIN};
    const synfix_status_t status = make_room(input, need, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const bool waiting = input->decompressor != NULL && decompress_pending(input->decompressor);
    /* After a signal too: another read could block, and a stop request would wait. */
    if (!input->regular && !waiting && poll(&descriptor, 1, STOP_CHECK_MS) <= 0) {
        return SYNFIX_AGAIN;
    }
    const ssize_t got = input->decompressor != NULL ? read_decompressed(input) : read_descriptor(input);
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
        return system_failure(input, error);
    }
    if (got < 0) {
        return SYNFIX_AGAIN;
    }
    input->eof = got == 0;
    input->end += (size_t)got;
    return SYNFIX_OK;
}

static ssize_t decompress_chunk(void *user, uint8_t *to, size_t size, size_t *consumed)
{
    decompressor_t *decompressor = user;
    const uint64_t before = decompress_consumed(decompressor);
    ssize_t got;
    do {
        got = decompress_read(decompressor, to, size);
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    *consumed = (size_t)(decompress_consumed(decompressor) - before);
    return got;
}

static read_ahead_t *start_read_ahead(const buffered_input_t *input)
{
    const read_ahead_source_t source = {.read = input->decompressor != NULL ? decompress_chunk : NULL,
                                        .user = input->decompressor,
                                        .descriptor = input->fd};
    return read_ahead_start(&source);
}

synfix_status_t buffered_input_fill(buffered_input_t *input, size_t need, synfix_error_t *error)
{
    if (need > INPUT_RECORD_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: a record of %zu bytes", input->name, need);
    }
    if (input_remaining_bytes(input) < need && !input->read_ahead_tried && input->consumed > 0 &&
        input->total > input->consumed + AHEAD_MIN) {
        input->read_ahead_tried = true;
        input->ahead = start_read_ahead(input);
    }
    while (input_remaining_bytes(input) < need && !input->eof) {
        const synfix_status_t status =
            input->ahead != NULL ? take_read_ahead(input, error) : read_here(input, need, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    if (input_remaining_bytes(input) >= need) {
        return SYNFIX_OK;
    }
    return input_remaining_bytes(input) == 0 ? SYNFIX_END : SYNFIX_TRUNCATED;
}

synfix_status_t buffered_input_decompress(buffered_input_t *input, const decompress_kind_t *kind,
                                          synfix_error_t *error)
{
    const synfix_status_t loaded = kind->load(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    input->decompressor =
        decompress_new(kind, input->fd, input->buffer + input->begin, input_remaining_bytes(input));
    if (input->decompressor == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", input->name);
    }
    input->begin = input->end = 0;
    input->eof = false;
    return SYNFIX_OK;
}
