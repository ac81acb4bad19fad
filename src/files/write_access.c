/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/write_access.h"

#include "files/directory_entry.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By the effective user, as open() decides. */
static bool may(int directory, const char *name, int access)
{
    return faccessat(directory, name, access, AT_EACCESS) == 0;
}

static bool may_make_names(int directory)
{
    return may(directory, ".", W_OK | X_OK);
}

/* Returns 0, or the errno of the fault. */
static int check_regular(const directory_entry_t *entry, const struct stat *state, file_use_t use)
{
    if (use == FILE_SOCKET) {
        return EEXIST;
    }
    if (use != FILE_APPENDED && !may_make_names(entry->directory)) {
        return errno;
    }
    if (use == FILE_REPLACED) {
        return 0;
    }
    if (file_has_other_names(entry, state)) {
        return EMLINK;
    }
    return may(entry->directory, entry->name, W_OK) ? 0 : errno;
}

/* A pipe, a device or a socket. */
static int check_special(const directory_entry_t *entry, const struct stat *state, file_use_t use)
{
    if (S_ISSOCK(state->st_mode)) {
        return use == FILE_SOCKET ? 0 : FILE_ERRNO_SOCKET;
    }
    if (use == FILE_SOCKET) {
        return EEXIST;
    }
    if (use == FILE_DATABASE) {
        return EINVAL;
    }
    return may(entry->directory, entry->name, W_OK) ? 0 : errno;
}

static int check_entry(const directory_entry_t *entry, file_use_t use)
{
    struct stat state;
    const int flags = entry->kernel_links ? 0 : AT_SYMLINK_NOFOLLOW; /* a link under /proc is an open file */
    if (fstatat(entry->directory, entry->name, &state, flags) != 0) {
        return errno == ENOENT && may_make_names(entry->directory) ? 0 : errno;
    }
    if (S_ISDIR(state.st_mode)) {
        return use == FILE_SOCKET ? EEXIST : EISDIR;
    }
    return S_ISREG(state.st_mode) ? check_regular(entry, &state, use) : check_special(entry, &state, use);
}

static synfix_status_t fail(const char *path, int number, synfix_error_t *error)
{
    switch (number) {
    case EEXIST:
        return synfix_fail(error, SYNFIX_INVALID, "%s: not a socket; choose another path", path);
    case FILE_ERRNO_SOCKET:
    case EINVAL:
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s", path, file_reason(number));
    default:
        errno = number;
        return file_fail(path, error);
    }
}

synfix_status_t file_check_written(const char *path, file_use_t use, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    const synfix_status_t status = directory_entry_open(&entry, path, DIRECTORY_ENTRY_FOLLOW, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const int number = check_entry(&entry, use);
    directory_entry_close(&entry);
    return number == 0 ? SYNFIX_OK : fail(path, number, error);
}

static synfix_status_t check_open_directory(const char *path, int directory, synfix_error_t *error)
{
    const bool good = may_make_names(directory);
    const int number = errno;
    (void)close(directory);
    return good ? SYNFIX_OK : fail(path, number, error);
}

/* Shortens @p path by its last name. False: none is left. */
static bool to_parent(char *path)
{
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/') {
        length--;
    }
    while (length > 0 && path[length - 1] != '/') {
        length--;
    }
    path[length] = '\0';
    return length > 0;
}

/* The directory that is there, above those that will be made. */
static synfix_status_t check_ancestor(const char *path, synfix_error_t *error)
{
    char above[PATH_MAX];
    struct stat state;
    strcpy(above, path);
    while (to_parent(above) && stat(above, &state) != 0) {
    }
    int directory = -1;
    const synfix_status_t status = file_directory_open(above[0] != '\0' ? above : ".", 0, &directory, error);
    return status == SYNFIX_OK ? check_open_directory(path, directory, error) : status;
}

synfix_status_t file_check_directory(const char *path, synfix_error_t *error)
{
    struct stat state;
    int directory = -1;
    synfix_error_t reason;
    const synfix_status_t status = file_directory_open(path, 0, &directory, &reason);
    if (status == SYNFIX_OK) {
        return check_open_directory(path, directory, error);
    }
    const bool missing =
        strlen(path) < PATH_MAX && path[0] != '\0' && stat(path, &state) != 0 && errno == ENOENT;
    return missing ? check_ancestor(path, error) : synfix_fail(error, status, "%s", reason.text);
}

synfix_status_t file_check_connected(const char *path, synfix_error_t *error)
{
    struct stat state;
    if (stat(path, &state) != 0) {
        return file_fail(path, error);
    }
    if (!S_ISSOCK(state.st_mode)) {
        return fail(path, EEXIST, error);
    }
    return may(AT_FDCWD, path, W_OK) ? SYNFIX_OK : fail(path, errno, error);
}

bool file_is_pipe(const char *path)
{
    struct stat state;
    return stat(path, &state) == 0 && S_ISFIFO(state.st_mode);
}
