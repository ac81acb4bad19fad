/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/file_content.h"
#include "files/directory_entry.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_ROOM 16384u

/* The writer of a pipe sends its next bytes within this time, or the program fails instead of hanging. */
#define PIPE_WAIT_MS 5000

/* A whole regular file, and the end that read() reports. */
static size_t first_room(int descriptor, size_t maximum)
{
    struct stat file;
    const bool known = fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0 &&
                       (uintmax_t)file.st_size < maximum;
    return known ? (size_t)file.st_size + 1 : FIRST_ROOM;
}

/* Room for more than @p length bytes and the 0. Returns 0 or an errno. */
static int grow(int descriptor, char **text, size_t length, size_t *room, size_t maximum)
{
    if (length < *room) {
        return 0;
    }
    if (length > maximum) {
        return EFBIG;
    }
    const size_t wanted = *room == 0 ? first_room(descriptor, maximum) : *room * 2;
    char *const larger = realloc(*text, wanted + 1);
    if (larger == NULL) {
        return ENOMEM;
    }
    *text = larger;
    *room = wanted;
    return 0;
}

int file_await(int descriptor)
{
    struct pollfd next = {.fd = descriptor, .events = POLLIN};
    int ready;
    do {
        ready = poll(&next, 1, PIPE_WAIT_MS);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

/* 0 or an errno: whether a read that failed with @p number may be repeated. */
static int await_after(int descriptor, int number)
{
    if (number == EINTR) {
        return 0;
    }
    return number == EAGAIN ? file_await(descriptor) : number;
}

int file_read_rest(int descriptor, size_t maximum, char **text, size_t *length)
{
    char *read_text = NULL;
    size_t done = 0, room = 0;
    int number = grow(descriptor, &read_text, 0, &room, maximum);
    while (number == 0) {
        const ssize_t count = read(descriptor, read_text + done, room - done);
        if (count == 0) {
            break;
        }
        number = count < 0 ? await_after(descriptor, errno) : 0;
        done += count > 0 ? (size_t)count : 0;
        number = number == 0 ? grow(descriptor, &read_text, done, &room, maximum) : number;
    }
    if (number == 0 && done > maximum) {
        number = EFBIG;
    }
    if (number != 0) {
        free(read_text);
        return number;
    }
    read_text[done] = '\0';
    *text = read_text;
    *length = done;
    return 0;
}

synfix_status_t file_read_whole(const char *path, size_t maximum, char **text, size_t *length,
                                synfix_error_t *error)
{
    const int descriptor = file_open_regular(path);
    if (descriptor < 0) {
        return errno == EINVAL ? synfix_fail(error, SYNFIX_INVALID, "%s: not a regular file", path)
                               : file_fail(path, error);
    }
    const int number = file_read_rest(descriptor, maximum, text, length);
    (void)close(descriptor);
    if (number == EFBIG) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: longer than %zu bytes", path, maximum);
    }
    errno = number;
    return number == 0 ? SYNFIX_OK : file_fail(path, error);
}

int file_write_whole(int descriptor, const void *data, size_t length)
{
    const char *at = data;
    for (size_t left = length; left > 0;) {
        const ssize_t count = write(descriptor, at, left);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        at += count > 0 ? count : 0;
        left -= count > 0 ? (size_t)count : 0;
    }
    return 0;
}
