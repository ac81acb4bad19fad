/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/file_replacement.h"

#include "files/file_lock.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define SUFFIX      ".tmp"
#define DIGITS      "0123456789abcdef"
#define SUFFIX_MAX  22 /* `.`, 16 digits, SUFFIX, end */
#define NAMES_TRIED 100

static pthread_mutex_t replacements_lock = PTHREAD_MUTEX_INITIALIZER;
static file_replacement_t *replacements; /* in progress in this process */

static bool is_same_name(const file_replacement_t *a, const file_replacement_t *b)
{
    struct stat x, y;
    return strcmp(a->entry.name, b->entry.name) == 0 && fstat(a->entry.directory, &x) == 0 &&
           fstat(b->entry.directory, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* False: another replacement of this process has this name. */
static bool enter(file_replacement_t *replacement)
{
    bool free = true;
    (void)pthread_mutex_lock(&replacements_lock);
    for (const file_replacement_t *at = replacements; at != NULL && free; at = at->next) {
        free = !is_same_name(at, replacement);
    }
    if (free) {
        replacement->next = replacements;
        replacements = replacement;
    }
    (void)pthread_mutex_unlock(&replacements_lock);
    return free;
}

static void leave(file_replacement_t *replacement)
{
    (void)pthread_mutex_lock(&replacements_lock);
    for (file_replacement_t **at = &replacements; *at != NULL; at = &(*at)->next) {
        if (*at == replacement) {
            *at = replacement->next;
            break;
        }
    }
    (void)pthread_mutex_unlock(&replacements_lock);
}

/* Sets @p name to NAME.DIGITS.tmp; a long NAME is cut. */
static bool make_name(const file_replacement_t *replacement, char name[NAME_MAX + 1])
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number) {
        return false;
    }
    (void)snprintf(name, NAME_MAX + 1, "%.*s.%016llx" SUFFIX, NAME_MAX + 1 - SUFFIX_MAX,
                   replacement->entry.name, (unsigned long long)number);
    return true;
}

/* Whether @p name is of the form that temporary files of @p target have. */
static bool is_temporary(const char *name, const char *target)
{
    const size_t length = strnlen(target, NAME_MAX + 1 - SUFFIX_MAX);
    if (strlen(name) <= length || memcmp(name, target, length) != 0 || name[length] != '.') {
        return false;
    }
    const char *digits = name + length + 1;
    const size_t count = strspn(digits, DIGITS);
    return count > 0 && count <= 16 && strcmp(digits + count, SUFFIX) == 0;
}

static void remove_leftover(int directory, const char *name)
{
    struct stat state;
    const int descriptor = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return;
    }
    if (fstat(descriptor, &state) == 0 && S_ISREG(state.st_mode) && state.st_uid == geteuid() &&
        state.st_nlink == 1 && file_lock(descriptor) == 0) {
        (void)unlinkat(directory, name, 0);
    }
    (void)close(descriptor);
}

static void remove_leftovers(const file_replacement_t *replacement)
{
    const int directory = openat(replacement->entry.directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = directory >= 0 ? fdopendir(directory) : NULL;
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (is_temporary(entry->d_name, replacement->entry.name)) {
            remove_leftover(directory, entry->d_name);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    } else if (directory >= 0) {
        (void)close(directory);
    }
}

/* link_as() needs /proc: linkat() names an unnamed file by the path of its descriptor. */
static bool can_link(void)
{
    return access("/proc/self/fd", X_OK) == 0;
}

/* Locks the new file: other processes remove a temporary file without a lock (remove_leftover). SYNFIX_AGAIN:
 * another process locked or removed the file before this lock. A file that cannot be locked is removed. */
static synfix_status_t lock_named(const file_replacement_t *replacement, const char *path,
                                  synfix_error_t *error)
{
    struct stat state;
    if (file_lock(replacement->descriptor) == 0) {
        return fstat(replacement->descriptor, &state) == 0 && state.st_nlink == 1 ? SYNFIX_OK : SYNFIX_AGAIN;
    }
    if (file_lock_is_held(errno)) {
        return SYNFIX_AGAIN;
    }
    const synfix_status_t status = file_lock_fail(path, "", error);
    (void)unlinkat(replacement->entry.directory, replacement->temporary, 0);
    return status;
}

static synfix_status_t try_name(file_replacement_t *replacement, const char *path, mode_t mode,
                                synfix_error_t *error)
{
    const int descriptor = openat(replacement->entry.directory, replacement->temporary,
                                  O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor < 0) {
        return errno == EEXIST ? SYNFIX_AGAIN : file_fail(path, error);
    }
    replacement->descriptor = descriptor;
    const synfix_status_t status = lock_named(replacement, path, error);
    if (status != SYNFIX_OK) {
        (void)close(descriptor);
        replacement->descriptor = -1;
    }
    return status;
}

/* Creates a file with a temporary name. */
static synfix_status_t create_named(file_replacement_t *replacement, const char *path, mode_t mode,
                                    synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_AGAIN;
    for (int i = 0; i < NAMES_TRIED && status == SYNFIX_AGAIN; i++) {
        status = make_name(replacement, replacement->temporary) ? try_name(replacement, path, mode, error)
                                                                : file_fail(path, error);
    }
    if (status != SYNFIX_OK) {
        replacement->temporary[0] = '\0';
    }
    return status == SYNFIX_AGAIN
               ? synfix_fail(error, SYNFIX_IO,
                             "%s: other processes use each temporary name; choose another directory", path)
               : status;
}

static synfix_status_t create(file_replacement_t *replacement, const char *path, mode_t mode,
                              synfix_error_t *error)
{
    replacement->temporary[0] = '\0';
    if (can_link()) {
        replacement->descriptor =
            openat(replacement->entry.directory, ".", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, mode);
    } else {
        errno = EOPNOTSUPP;
    }
    if (replacement->descriptor >= 0) {
        return SYNFIX_OK;
    }
    return errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT
               ? create_named(replacement, path, mode, error)
               : file_fail(path, error);
}

synfix_status_t file_replacement_begin(file_replacement_t *replacement, const char *path, mode_t mode,
                                       synfix_error_t *error)
{
    *replacement = (file_replacement_t)FILE_REPLACEMENT_NONE;
    const synfix_status_t status =
        directory_entry_open(&replacement->entry, path, DIRECTORY_ENTRY_NAME, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (!enter(replacement)) {
        directory_entry_close(&replacement->entry);
        return synfix_fail(error, SYNFIX_IO,
                           "%s: in use: another output of this process writes the file; choose another file",
                           path);
    }
    remove_leftovers(replacement);
    const synfix_status_t created = create(replacement, path, mode, error);
    if (created != SYNFIX_OK) {
        file_replacement_abandon(replacement);
    }
    return created;
}

/* Names the unnamed file @p name. */
static int link_as(const file_replacement_t *replacement, const char *name)
{
    char source[64];
    (void)snprintf(source, sizeof source, "/proc/self/fd/%d", replacement->descriptor);
    return linkat(AT_FDCWD, source, replacement->entry.directory, name, AT_SYMLINK_FOLLOW);
}

static int link_temporary(file_replacement_t *replacement)
{
    for (int i = 0; i < NAMES_TRIED && make_name(replacement, replacement->temporary); i++) {
        if (link_as(replacement, replacement->temporary) == 0) {
            return 0;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    replacement->temporary[0] = '\0';
    return -1;
}

static int name_file(file_replacement_t *replacement)
{
    const directory_entry_t *const entry = &replacement->entry;
    if (replacement->temporary[0] == '\0') {
        if (link_as(replacement, entry->name) == 0) {
            return 0;
        }
        if (errno != EEXIST || link_temporary(replacement) != 0) {
            return -1;
        }
    }
    if (renameat(entry->directory, replacement->temporary, entry->directory, entry->name) != 0) {
        return -1;
    }
    replacement->temporary[0] = '\0';
    return 0;
}

int file_replacement_commit(file_replacement_t *replacement)
{
    const int named = name_file(replacement);
    const int number = errno;
    file_replacement_abandon(replacement);
    errno = number;
    return named;
}

void file_replacement_abandon(file_replacement_t *replacement)
{
    if (replacement->entry.directory < 0) {
        return;
    }
    if (replacement->temporary[0] != '\0') {
        (void)unlinkat(replacement->entry.directory, replacement->temporary, 0);
    }
    if (replacement->descriptor >= 0) {
        (void)close(replacement->descriptor);
    }
    leave(replacement);
    directory_entry_close(&replacement->entry);
    replacement->descriptor = -1;
    replacement->temporary[0] = '\0';
}
