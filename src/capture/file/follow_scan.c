/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_scan.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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
    struct timespec now;
    const int descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) {
        return errno == EACCES; /* so that the failure to open the file is reported once */
    }
    const writers_t writers = find_writers(descriptor);
    (void)close(descriptor);
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return writers == WRITERS_NONE ||
           (writers == WRITERS_UNKNOWN &&
            (modified_ns < newest_ns || nanoseconds(&now) - modified_ns > QUIET_S * INT64_C(1000000000)));
}

typedef struct found {
    followed_file_t *files;
    size_t count;
    size_t room;
    int64_t newest_ns;
} found_t;

static void add(found_t *found, const followed_file_t *file)
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

static void look_at(int directory, const char *name, const follow_state_t *state, found_t *found)
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

static void list(int directory, const follow_state_t *state, found_t *found)
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

bool follow_scan_next(int directory, const follow_state_t *state, followed_file_t *file)
{
    found_t found = {.files = NULL};
    bool chosen = false;
    list(directory, state, &found);
    if (found.count > 1) {
        qsort(found.files, found.count, sizeof *found.files, by_age);
    }
    for (size_t i = 0; i < found.count; i++) {
        if (!chosen &&
            is_complete(directory, found.files[i].name, found.files[i].modified_ns, found.newest_ns)) {
            *file = found.files[i];
            chosen = true;
        } else {
            free((char *)(uintptr_t)found.files[i].name);
        }
    }
    free(found.files);
    return chosen;
}
