/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_scan.h"
#include "base/clock.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A file whose writers cannot be known (no read leases) counts as complete after this time without a change.
 */
#define QUIET_S 30

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

typedef enum writers {
    WRITERS_NONE,
    WRITERS_SOME,
    WRITERS_UNKNOWN,
} writers_t;

/* The kernel grants a read lease only while no process has the file open for writing. A writer that opens the
 * file meanwhile makes the kernel send a signal: SIGURG, which does nothing by default, in place of SIGIO,
 * which ends the process. */
static writers_t find_writers(int descriptor)
{
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) {
        return WRITERS_UNKNOWN;
    }
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        (void)fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return WRITERS_NONE;
    }
    return errno == EAGAIN ? WRITERS_SOME : WRITERS_UNKNOWN;
}

static bool is_complete(int directory, const char *name, int64_t modified_ns, int64_t newest_ns)
{
    const int descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) {
        return errno == EACCES; /* so that the failure to open the file is reported once */
    }
    const writers_t writers = find_writers(descriptor);
    (void)close(descriptor);
    return writers == WRITERS_NONE ||
           (writers == WRITERS_UNKNOWN &&
            (modified_ns < newest_ns || wall_ns() - modified_ns > QUIET_S * INT64_C(1000000000)));
}

static void add(follow_scan_t *found, const followed_file_t *file)
{
    if (found->count == found->room) {
        const size_t room = found->room == 0 ? 64 : found->room * 2;
        followed_file_t *more = realloc(found->files, room * sizeof *more);
        if (more == NULL) {
            return; /* found by the next scan */
        }
        found->files = more;
        found->room = room;
    }
    followed_file_t copy = *file;
    copy.name = strdup(file->name);
    if (copy.name != NULL) {
        found->files[found->count++] = copy;
    }
}

static void look_at(int directory, const char *name, const follow_state_t *state, follow_scan_t *found)
{
    struct stat info;
    if (name[0] == '.' || strchr(name, '\n') != NULL ||
        fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode)) {
        return;
    }
    const followed_file_t file = {
        .name = name, .inode = info.st_ino, .size = info.st_size, .modified_ns = nanoseconds(&info.st_mtim)};
    if (file.modified_ns > found->newest_ns) {
        found->newest_ns = file.modified_ns;
    }
    if (!follow_state_has(state, &file)) {
        add(found, &file);
    }
}

static int by_age(const void *one, const void *other)
{
    const followed_file_t *left = one;
    const followed_file_t *right = other;
    if (left->modified_ns != right->modified_ns) {
        return left->modified_ns < right->modified_ns ? -1 : 1;
    }
    return strcmp(left->name, right->name);
}

static void list(int directory, const follow_state_t *state, follow_scan_t *found)
{
    const int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    const struct dirent *entry = NULL;
    if (entries == NULL) {
        if (again >= 0) {
            (void)close(again);
        }
        return;
    }
    while ((entry = readdir(entries)) != NULL) {
        look_at(directory, entry->d_name, state, found);
    }
    (void)closedir(entries);
}

/* The file is as it was when the directory was read. */
static bool is_unchanged(int directory, const followed_file_t *file)
{
    struct stat info;
    return fstatat(directory, file->name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
           info.st_ino == file->inode && info.st_size == file->size &&
           nanoseconds(&info.st_mtim) == file->modified_ns;
}

bool follow_scan_is_empty(const follow_scan_t *scan)
{
    return scan->next == scan->count;
}

void follow_scan_read(follow_scan_t *scan, int directory, const follow_state_t *state)
{
    follow_scan_clear(scan);
    list(directory, state, scan);
    if (scan->count > 1) {
        qsort(scan->files, scan->count, sizeof *scan->files, by_age);
    }
}

bool follow_scan_next(follow_scan_t *scan, int directory, followed_file_t *file)
{
    while (scan->next < scan->count) {
        followed_file_t *found = &scan->files[scan->next++];
        if (is_unchanged(directory, found) &&
            is_complete(directory, found->name, found->modified_ns, scan->newest_ns)) {
            *file = *found;
            found->name = NULL; /* the caller's now */
            return true;
        }
    }
    return false;
}

void follow_scan_clear(follow_scan_t *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        free((char *)(uintptr_t)scan->files[i].name);
    }
    free(scan->files);
    *scan = (follow_scan_t){.files = NULL};
}
