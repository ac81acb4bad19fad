/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static synfix_status_t fail(synfix_error_t *error, const char *path, int number)
{
    const bool denied = number == EACCES || number == EPERM;
    const char *reason = number == ENXIO       ? "no process reads this pipe"
                         : number == ETIMEDOUT ? "the reader of this pipe does not read"
                                               : g_strerror(number);
    const synfix_status_t status =
        synfix_fail(error, denied ? SYNFIX_PERMISSION : SYNFIX_IO, "%s: %s", path, reason);
    if (error != NULL) {
        error->cause = denied ? SYNFIX_CAUSE_ACCESS : SYNFIX_CAUSE_SINK;
    }
    return status;
}

/* 0, or the number of an error. */
static int write_all(int descriptor, const char *text, size_t length, int wait_ms)
{
    while (length > 0) {
        const ssize_t written = write(descriptor, text, length);
        if (written >= 0) {
            text += written;
            length -= (size_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd writable = {.fd = descriptor, .events = POLLOUT};
            if (poll(&writable, 1, wait_ms) == 0) {
                return ETIMEDOUT;
            }
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/* Links under /proc name open descriptors: replacing such a link would replace the name, not its content. */
static bool names_descriptor(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    char *real = realpath(directory, NULL);
    const bool in_proc = real != NULL && g_str_has_prefix(real, "/proc/");
    free(real);
    return in_proc;
}

/* A link of another user may point anywhere: root follows only its own links and those of the system. */
static bool is_trusted_link(const struct stat *link)
{
    return link->st_uid == 0 || link->st_uid == geteuid();
}

static bool is_written_into(const char *path)
{
    struct stat link;
    struct stat target;
    if (lstat(path, &link) < 0 || stat(path, &target) < 0) {
        return false;
    }
    if (!S_ISLNK(link.st_mode)) {
        return !S_ISREG(target.st_mode);
    }
    if (!is_trusted_link(&link)) {
        return false;
    }
    g_autofree char *next = g_file_read_link(path, NULL);
    return !S_ISREG(target.st_mode) || names_descriptor(path) || (next != NULL && names_descriptor(next));
}

static int write_into(const char *path, const char *text, size_t length, int wait_ms)
{
    const int descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return errno;
    }
    const int number = write_all(descriptor, text, length, wait_ms);
    const int closed = close(descriptor) < 0 ? errno : 0;
    return number != 0 ? number : closed;
}

static int write_new(int descriptor, const char *text, size_t length)
{
    const int number = write_all(descriptor, text, length, -1);
    const int synced = number == 0 && fsync(descriptor) < 0 ? errno : number;
    const int closed = close(descriptor) < 0 ? errno : 0;
    return synced != 0 ? synced : closed;
}

static int replace(const char *path, const char *text, size_t length)
{
    g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
    /* O_EXCL: an existing file or link of this name is never used */
    const int descriptor = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return errno;
    }
    int number = write_new(descriptor, text, length);
    if (number == 0 && rename(temporary, path) < 0) {
        number = errno;
    }
    if (number != 0) {
        g_unlink(temporary);
    }
    return number;
}

synfix_status_t write_file(const char *path, const char *text, size_t length, int wait_ms,
                           synfix_error_t *error)
{
    const int number =
        is_written_into(path) ? write_into(path, text, length, wait_ms) : replace(path, text, length);
    return number == 0 ? SYNFIX_OK : fail(error, path, number);
}
