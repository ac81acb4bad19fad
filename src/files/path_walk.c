/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The walk along a path to a directory entry. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "files/directory_entry.h"

/* Links in one path: as the kernel has it. */
#define LINKS_MAX 40

/* State of a walk along a path. */
typedef struct path_walk {
    const char *path; /* for messages */
    char rest[PATH_MAX];
    int directory;
    bool kernel_links;
    int links;
    mode_t make; /* 0: directories have to exist */
    synfix_error_t *error;
} path_walk_t;

static bool is_on_proc(int directory)
{
    struct statfs state;
    return fstatfs(directory, &state) == 0 && state.f_type == PROC_SUPER_MAGIC;
}

/* Takes @p next, or with -1 reports errno. */
static bool enter(path_walk_t *walk, int next)
{
    if (next < 0) {
        return false;
    }
    if (walk->directory >= 0) {
        (void)close(walk->directory);
    }
    walk->directory = next;
    walk->kernel_links = is_on_proc(next);
    return true;
}

static bool begin(path_walk_t *walk)
{
    const char *from = walk->rest[0] == '/' ? "/" : ".";
    if (walk->rest[0] == '\0') {
        errno = ENOENT;
        return false;
    }
    return enter(walk, open(from, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Takes the first name off the rest into @p name. False: too long. */
static bool take_name(path_walk_t *walk, char name[NAME_MAX + 1])
{
    const char *at = walk->rest + strspn(walk->rest, "/");
    const size_t length = strcspn(at, "/");
    if (length > NAME_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(name, at, length);
    name[length] = '\0';
    memmove(walk->rest, at + length, strlen(at + length) + 1);
    return true;
}

/* The text of the link, open as @p link (O_PATH), is inserted before the rest. */
static bool follow(path_walk_t *walk, int link, uid_t owner)
{
    char text[PATH_MAX];
    if (!file_is_trusted_owner(owner) || ++walk->links > LINKS_MAX) {
        errno = ELOOP;
        return false;
    }
    const ssize_t length = readlinkat(link, "", text, sizeof text);
    if (length < 0) {
        return false;
    }
    if ((size_t)length + strlen(walk->rest) + 1 > sizeof walk->rest) {
        errno = ENAMETOOLONG;
        return false;
    }
    memmove(walk->rest + length, walk->rest, strlen(walk->rest) + 1);
    memcpy(walk->rest, text, (size_t)length);
    return walk->rest[0] != '/' || begin(walk);
}

static bool is_last(const path_walk_t *walk)
{
    return walk->rest[strspn(walk->rest, "/")] == '\0';
}

/* Enters @p next (O_PATH), a directory, or follows it, a link. */
static bool enter_or_follow(path_walk_t *walk, int next)
{
    struct stat state;
    if (next < 0 || fstat(next, &state) != 0) {
        return false;
    }
    if (S_ISDIR(state.st_mode)) {
        return enter(walk, next);
    }
    errno = ENOTDIR;
    const bool followed = S_ISLNK(state.st_mode) && follow(walk, next, state.st_uid);
    const int number = errno;
    (void)close(next);
    errno = number;
    return followed;
}

static bool step(path_walk_t *walk, const char *name)
{
    const int link = walk->kernel_links ? 0 : O_NOFOLLOW;
    if (name[0] == '\0') {
        return true;
    }
    if (walk->make != 0 && mkdirat(walk->directory, name, walk->make) != 0 && errno != EEXIST) {
        return false;
    }
    return enter_or_follow(walk, openat(walk->directory, name, O_PATH | O_CLOEXEC | link));
}

/* Follows @p name when it is a link. *@p followed reports whether. False: it may not be followed. */
static bool follow_last(path_walk_t *walk, const char *name, bool *followed)
{
    struct stat state;
    const int link = walk->kernel_links ? -1 : openat(walk->directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    *followed = link >= 0 && fstat(link, &state) == 0 && S_ISLNK(state.st_mode);
    const bool good = !*followed || follow(walk, link, state.st_uid);
    const int number = errno;
    if (link >= 0) {
        (void)close(link);
    }
    errno = number;
    return good;
}

static bool reach_name(path_walk_t *walk, directory_entry_last_t last, char name[NAME_MAX + 1])
{
    while (take_name(walk, name)) {
        bool followed = false;
        if (!is_last(walk) || (walk->rest[0] == '/' && name[0] != '\0')) {
            if (!step(walk, name)) {
                return false;
            }
            continue;
        }
        if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
            errno = EISDIR;
            return false;
        }
        if (last == DIRECTORY_ENTRY_FOLLOW && !follow_last(walk, name, &followed)) {
            return false;
        }
        if (!followed) {
            return true;
        }
    }
    return false;
}

static synfix_status_t fail_walk(path_walk_t *walk)
{
    const synfix_status_t status = file_fail(walk->path, walk->error);
    if (walk->directory >= 0) {
        (void)close(walk->directory);
    }
    return status;
}

static synfix_status_t begin_walk(path_walk_t *walk)
{
    if (strlen(walk->path) >= sizeof walk->rest) {
        errno = ENAMETOOLONG;
        return fail_walk(walk);
    }
    strcpy(walk->rest, walk->path);
    return begin(walk) ? SYNFIX_OK : fail_walk(walk);
}

synfix_status_t directory_entry_open(directory_entry_t *entry, const char *path, directory_entry_last_t last,
                                     synfix_error_t *error)
{
    path_walk_t walk = {.path = path, .directory = -1, .error = error};
    const synfix_status_t status = begin_walk(&walk);
    entry->directory = -1;
    if (status != SYNFIX_OK) {
        return status;
    }
    if (!reach_name(&walk, last, entry->name)) {
        return fail_walk(&walk);
    }
    entry->directory = walk.directory;
    entry->kernel_links = walk.kernel_links;
    return SYNFIX_OK;
}

synfix_status_t file_directory_open(const char *path, mode_t mode, int *directory, synfix_error_t *error)
{
    path_walk_t walk = {.path = path, .directory = -1, .make = mode, .error = error};
    const synfix_status_t status = begin_walk(&walk);
    char name[NAME_MAX + 1];
    if (status != SYNFIX_OK) {
        return status;
    }
    while (!is_last(&walk)) {
        if (!take_name(&walk, name) || !step(&walk, name)) {
            return fail_walk(&walk);
        }
    }
    *directory = walk.directory;
    return SYNFIX_OK;
}
