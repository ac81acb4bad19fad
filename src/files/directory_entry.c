/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/directory_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Another process may create or remove the name between the check and the open. */
#define OPEN_TRIES 10

void directory_entry_close(directory_entry_t *entry)
{
    if (entry->directory >= 0) {
        (void)close(entry->directory);
    }
    entry->directory = -1;
}

static int link_flag(const directory_entry_t *entry)
{
    return entry->kernel_links ? 0 : O_NOFOLLOW;
}

int file_create(const directory_entry_t *entry, int access, mode_t mode)
{
    return openat(entry->directory, entry->name, access | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}

/* Whether users other than this user and root may create names in the directory. */
static bool is_shared(const directory_entry_t *entry)
{
    struct stat state;
    return fstat(entry->directory, &state) != 0 || !file_is_trusted_owner(state.st_uid) ||
           (state.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

bool file_has_other_names(const directory_entry_t *entry, const struct stat *state)
{
    return S_ISREG(state->st_mode) && state->st_nlink > 1 && is_shared(entry);
}

/* Checks a file that was opened without blocking. Returns the descriptor, or -1. */
static int accept_open(const directory_entry_t *entry, int descriptor, int access)
{
    struct stat state;
    int number = 0;
    if (fstat(descriptor, &state) != 0) {
        number = errno;
    } else if (file_has_other_names(entry, &state)) {
        number = EMLINK;
    } else if (!S_ISREG(state.st_mode)) {
        (void)fcntl(descriptor, F_SETFL, access & (O_APPEND | O_ACCMODE));
    }
    if (number != 0) {
        (void)close(descriptor);
        errno = number;
        return -1;
    }
    return descriptor;
}

/* ENXIO of open(2): a FIFO without a reader, a socket, a device without a driver, or a regular file whose
 * file system lost the storage. Links are followed as in openat(). */
static int fail_open(const directory_entry_t *entry)
{
    struct stat state;
    const int flags = entry->kernel_links ? 0 : AT_SYMLINK_NOFOLLOW;
    if (errno == ENXIO) {
        const bool known = fstatat(entry->directory, entry->name, &state, flags) == 0;
        errno = !known || S_ISFIFO(state.st_mode) ? ENXIO
                : S_ISSOCK(state.st_mode)         ? FILE_ERRNO_SOCKET
                : S_ISREG(state.st_mode)          ? EIO
                                                  : ENODEV;
    }
    return -1;
}

int file_open(const directory_entry_t *entry, int access, mode_t mode)
{
    const int existing = (access & ~O_CREAT) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | link_flag(entry);
    int descriptor = -1;
    for (int i = 0; i < OPEN_TRIES; i++) {
        descriptor = openat(entry->directory, entry->name, existing);
        if (descriptor >= 0) {
            return accept_open(entry, descriptor, access);
        }
        if (errno != ENOENT || (access & O_CREAT) == 0) {
            return fail_open(entry);
        }
        descriptor = file_create(entry, access & ~O_CREAT, mode);
        if (descriptor >= 0 || errno != EEXIST) {
            return descriptor;
        }
    }
    return descriptor;
}

bool file_is_ours(const directory_entry_t *entry, const struct stat *state)
{
    struct stat directory;
    return S_ISREG(state->st_mode) && state->st_nlink == 1 &&
           (state->st_uid == geteuid() ||
            (fstat(entry->directory, &directory) == 0 && directory.st_uid == state->st_uid));
}

int file_state(const directory_entry_t *entry, struct stat *state)
{
    return fstatat(entry->directory, entry->name, state, AT_SYMLINK_NOFOLLOW);
}

bool file_is_special(const directory_entry_t *entry)
{
    struct stat state;
    return entry->kernel_links || (file_state(entry, &state) == 0 && !S_ISREG(state.st_mode));
}

bool file_path_is_special(const char *path)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    const bool special = directory_entry_open(&entry, path, DIRECTORY_ENTRY_FOLLOW, NULL) == SYNFIX_OK &&
                         file_is_special(&entry);
    directory_entry_close(&entry);
    return special;
}

bool file_is_same(const directory_entry_t *entry, int descriptor)
{
    struct stat named, opened;
    return file_state(entry, &named) == 0 && fstat(descriptor, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

bool file_is_replaced(const directory_entry_t *entry, int descriptor)
{
    struct stat named, opened;
    if (fstat(descriptor, &opened) != 0) {
        return false;
    }
    return file_state(entry, &named) != 0 ? errno == ENOENT || errno == ENOTDIR
                                          : named.st_dev != opened.st_dev || named.st_ino != opened.st_ino;
}

bool file_has_no_name(int descriptor)
{
    struct stat state;
    return fstat(descriptor, &state) == 0 && state.st_nlink == 0;
}

int file_rename(const directory_entry_t *entry, const char *to)
{
    return renameat(entry->directory, entry->name, entry->directory, to);
}

int file_rename_new(const directory_entry_t *entry, const char *to)
{
    struct stat state;
    if (renameat2(entry->directory, entry->name, entry->directory, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    /* The file system lacks RENAME_NOREPLACE: check the name before the rename. */
    if (fstatat(entry->directory, to, &state, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return file_rename(entry, to);
}

int file_remove(const directory_entry_t *entry)
{
    return unlinkat(entry->directory, entry->name, 0);
}

void directory_entry_sync(const directory_entry_t *entry)
{
    const int directory = openat(entry->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        (void)file_sync(directory);
        (void)close(directory);
    }
}

int file_sync(int descriptor)
{
    int result = 0;
    do {
        result = fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    return result != 0 && (errno == EINVAL || errno == EROFS) ? 0 : result;
}

/* A socket, or a device without a driver. A regular file has this error if its file system lost the storage.
 */
static int open_error(const char *path)
{
    struct stat state;
    const int number = errno;
    const bool other = number == ENXIO && stat(path, &state) == 0 && !S_ISREG(state.st_mode);
    return other ? EINVAL : number == ENXIO ? EIO : number;
}

int file_open_regular(const char *path)
{
    struct stat state;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        errno = open_error(path);
    }
    if (descriptor >= 0 && (fstat(descriptor, &state) != 0 || !S_ISREG(state.st_mode))) {
        const bool directory = S_ISDIR(state.st_mode);
        (void)close(descriptor);
        errno = directory ? EISDIR : EINVAL;
        return -1;
    }
    return descriptor;
}
