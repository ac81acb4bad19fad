/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/file_error.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

const char *file_reason(int number)
{
    switch (number) {
    case ELOOP:
        return "a symbolic link of another user, or in place of a file of synfix: not followed; name the "
               "file "
               "that the link leads to";
    case EMLINK:
        return "a file with a second name (hard link) in a directory where others may write: not written to; "
               "name another file";
    case ENXIO:
        return "no process reads this pipe; start the reader first";
    case FILE_ERRNO_SOCKET:
        return "this file is a socket; choose another path";
    case FILE_ERRNO_NOT_OURS:
        return "not a regular file, or owned by another user, or a hard link: not changed";
    case EINVAL: /* of file_open_regular() */
        return "not a regular file";
    default:
        return strerror(number);
    }
}

#define REMOVE "; remove this entry, or name another directory"

const char *file_entry_reason(int number)
{
    switch (number) {
    case EISDIR:
        return "a directory, not a file" REMOVE;
    case ELOOP:
        return "a symbolic link, not followed" REMOVE;
    case EMLINK:
        return "a file with a second name (hard link) in a directory where others may write: not written "
               "to" REMOVE;
    case FILE_ERRNO_SOCKET:
        return "a socket, not a file" REMOVE;
    case FILE_ERRNO_NOT_OURS:
        return "not a regular file, or owned by another user, or a hard link: not changed" REMOVE;
    case EINVAL:
        return "not a regular file" REMOVE;
    default:
        return file_reason(number);
    }
}

synfix_status_t file_status(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return SYNFIX_NOT_FOUND;
    case EACCES:
    case EPERM:
    case ELOOP:
    case EMLINK:
    case FILE_ERRNO_NOT_OURS:
        return SYNFIX_PERMISSION;
    default:
        return SYNFIX_IO;
    }
}

synfix_status_t file_fail(const char *path, synfix_error_t *error)
{
    const int number = errno;
    const bool wrong_name = number == ENAMETOOLONG || number == EISDIR;
    return synfix_fail(error, wrong_name ? SYNFIX_INVALID : file_status(number), "%s: %s", path,
                       file_reason(number));
}
