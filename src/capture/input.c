/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/input.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static synfix_status_t system_failure(const input_t *input, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status = reason == ENOENT                      ? SYNFIX_NOT_FOUND
                                   : reason == EACCES || reason == EPERM ? SYNFIX_PERMISSION
                                                                         : SYNFIX_IO;
    return synfix_fail(error, status, "%s: %s", input->name, strerror(reason));
}

synfix_status_t input_open(input_t *input, const char *path, synfix_error_t *error)
{
    struct stat info;
    const bool standard = strcmp(path, "-") == 0;
    *input = (input_t){.fd = STDIN_FILENO, .own_fd = !standard, .name = standard ? "standard input" : path};
    if (!standard)
        input->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0 || fstat(input->fd, &info) != 0) {
        const synfix_status_t status = system_failure(input, error);
        input_close(input);
        return status;
    }
    if (S_ISDIR(info.st_mode)) {
        input_close(input);
        return synfix_fail(error, SYNFIX_INVALID, "%s: is a folder", path);
    }
    input->regular = S_ISREG(info.st_mode);
    input->total = input->regular ? (uint64_t)info.st_size : 0;
    input->size = INPUT_BUFFER;
    input->buffer = malloc(input->size);
    if (input->buffer == NULL) {
        input_close(input);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    }
    if (input->regular)
        (void)posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return SYNFIX_OK;
}

void input_close(input_t *input)
{
    if (input->own_fd && input->fd >= 0)
        (void)close(input->fd);
    free(input->buffer);
    *input = (input_t){.fd = -1};
}

static synfix_status_t make_room(input_t *input, size_t need, synfix_error_t *error)
{
    const size_t left = input_left(input);
    if (need > INPUT_RECORD_MAX)
        return synfix_fail(error, SYNFIX_INVALID, "%s: a record of %zu octets", input->name, need);
    memmove(input->buffer, input->buffer + input->begin, left);
    input->begin = 0;
    input->end = left;
    if (need <= input->size)
        return SYNFIX_OK;
    uint8_t *larger = realloc(input->buffer, need + INPUT_BUFFER);
    if (larger == NULL)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", input->name);
    input->buffer = larger;
    input->size = need + INPUT_BUFFER;
    return SYNFIX_OK;
}

synfix_status_t input_fill(input_t *input, size_t need, synfix_error_t *error)
{
    if (input_left(input) >= need)
        return SYNFIX_OK;
    const synfix_status_t status = make_room(input, need, error);
    if (status != SYNFIX_OK)
        return status;
    while (input->end < need && !input->eof) {
        struct pollfd descriptor = {.fd = input->fd, .events = POLLIN};
        if (!input->regular && poll(&descriptor, 1, 100) == 0)
            return SYNFIX_AGAIN;
        const ssize_t got = read(input->fd, input->buffer + input->end, input->size - input->end);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            return system_failure(input, error);
        if (got < 0)
            return SYNFIX_AGAIN;
        input->eof = got == 0;
        input->end += (size_t)got;
        input->consumed += (uint64_t)got;
    }
    if (input->end >= need)
        return SYNFIX_OK;
    return input->end == 0 ? SYNFIX_END : SYNFIX_TRUNCATED;
}
