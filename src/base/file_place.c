/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/file_place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Links in one path: as the kernel has it. */
#define LINKS_MAX 40
/* Another process may create or remove the name between the check and the open. */
#define OPEN_TRIES 10

/* A path on its way. */
typedef struct walk {
    const char *path; /* for messages */
    char rest[PATH_MAX];
    int directory;
    bool kernel_links;
    int links;
    mode_t make; /* 0: directories have to exist */
    synfix_error_t *error;
} walk_t;

const char *file_reason(int number)
{
    switch (number) {
    case ELOOP:
        return "a symbolic link of another user (or one where none may be): not followed; name the file "
               "that the link leads to";
    case EMLINK:
        return "a file with a second name (hard link) in a directory where others may write: not written to";
    case ENXIO:
        return "no process reads this pipe";
    case EINVAL: /* of file_open_regular */
        return "not a regular file";
    default:
        return strerror(number);
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

static bool is_trusted(uid_t owner)
{
    return owner == 0 || owner == geteuid();
}

static bool is_on_proc(int directory)
{
    struct statfs state;
    return fstatfs(directory, &state) == 0 && state.f_type == PROC_SUPER_MAGIC;
}

/* Takes @p next, or with -1 reports errno. */
static bool enter(walk_t *walk, int next)
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

static bool begin(walk_t *walk)
{
    const char *from = walk->rest[0] == '/' ? "/" : ".";
    if (walk->rest[0] == '\0') {
        errno = ENOENT;
        return false;
    }
    return enter(walk, open(from, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Takes the first name off the rest into @p name. False: too long. */
static bool take_name(walk_t *walk, char name[NAME_MAX + 1])
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
static bool follow(walk_t *walk, int link, uid_t owner)
{
    char text[PATH_MAX];
    if (!is_trusted(owner) || ++walk->links > LINKS_MAX) {
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

static bool is_last(const walk_t *walk)
{
    return walk->rest[strspn(walk->rest, "/")] == '\0';
}

/* Enters @p next (O_PATH), a directory, or follows it, a link. */
static bool enter_or_follow(walk_t *walk, int next)
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

static bool step(walk_t *walk, const char *name)
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
static bool follow_last(walk_t *walk, const char *name, bool *followed)
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

static bool walk_to_name(walk_t *walk, file_place_last_t last, char name[NAME_MAX + 1])
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
        if (last == FILE_PLACE_FOLLOW && !follow_last(walk, name, &followed)) {
            return false;
        }
        if (!followed) {
            return true;
        }
    }
    return false;
}

static synfix_status_t give_up(walk_t *walk)
{
    const synfix_status_t status = file_fail(walk->path, walk->error);
    if (walk->directory >= 0) {
        (void)close(walk->directory);
    }
    return status;
}

static synfix_status_t begin_walk(walk_t *walk)
{
    if (strlen(walk->path) >= sizeof walk->rest) {
        errno = ENAMETOOLONG;
        return give_up(walk);
    }
    strcpy(walk->rest, walk->path);
    return begin(walk) ? SYNFIX_OK : give_up(walk);
}

synfix_status_t file_place_open(file_place_t *place, const char *path, file_place_last_t last,
                                synfix_error_t *error)
{
    walk_t walk = {.path = path, .directory = -1, .error = error};
    const synfix_status_t status = begin_walk(&walk);
    place->directory = -1;
    if (status != SYNFIX_OK) {
        return status;
    }
    if (!walk_to_name(&walk, last, place->name)) {
        return give_up(&walk);
    }
    place->directory = walk.directory;
    place->kernel_links = walk.kernel_links;
    return SYNFIX_OK;
}

void file_place_close(file_place_t *place)
{
    if (place->directory >= 0) {
        (void)close(place->directory);
    }
    place->directory = -1;
}

synfix_status_t file_directory_open(const char *path, mode_t mode, int *directory, synfix_error_t *error)
{
    walk_t walk = {.path = path, .directory = -1, .make = mode, .error = error};
    const synfix_status_t status = begin_walk(&walk);
    char name[NAME_MAX + 1];
    if (status != SYNFIX_OK) {
        return status;
    }
    while (!is_last(&walk)) {
        if (!take_name(&walk, name) || !step(&walk, name)) {
            return give_up(&walk);
        }
    }
    *directory = walk.directory;
    return SYNFIX_OK;
}

static int link_flag(const file_place_t *place)
{
    return place->kernel_links ? 0 : O_NOFOLLOW;
}

int file_create(const file_place_t *place, int access, mode_t mode)
{
    return openat(place->directory, place->name, access | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}

/* Whether others than this user and root may make names in the directory. */
static bool is_shared(const file_place_t *place)
{
    struct stat state;
    return fstat(place->directory, &state) != 0 || !is_trusted(state.st_uid) ||
           (state.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/* Checks a file that was opened without blocking. Returns the descriptor, or -1. */
static int accept_open(const file_place_t *place, int descriptor, int access)
{
    struct stat state;
    int number = 0;
    if (fstat(descriptor, &state) != 0) {
        number = errno;
    } else if (S_ISREG(state.st_mode) && state.st_nlink > 1 && is_shared(place)) {
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

int file_open(const file_place_t *place, int access, mode_t mode)
{
    const int existing = (access & ~O_CREAT) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | link_flag(place);
    int descriptor = -1;
    for (int i = 0; i < OPEN_TRIES; i++) {
        descriptor = openat(place->directory, place->name, existing);
        if (descriptor >= 0) {
            return accept_open(place, descriptor, access);
        }
        if (errno != ENOENT || (access & O_CREAT) == 0) {
            return -1;
        }
        descriptor = file_create(place, access & ~O_CREAT, mode);
        if (descriptor >= 0 || errno != EEXIST) {
            return descriptor;
        }
    }
    return descriptor;
}

bool file_is_ours(const file_place_t *place, const struct stat *state)
{
    struct stat directory;
    return S_ISREG(state->st_mode) && state->st_nlink == 1 &&
           (state->st_uid == geteuid() ||
            (fstat(place->directory, &directory) == 0 && directory.st_uid == state->st_uid));
}

int file_state(const file_place_t *place, struct stat *state)
{
    return fstatat(place->directory, place->name, state, AT_SYMLINK_NOFOLLOW);
}

bool file_is_same(const file_place_t *place, int descriptor)
{
    struct stat named, opened;
    return file_state(place, &named) == 0 && fstat(descriptor, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

int file_rename(const file_place_t *place, const char *to)
{
    return renameat(place->directory, place->name, place->directory, to);
}

int file_rename_new(const file_place_t *place, const char *to)
{
    struct stat state;
    if (renameat2(place->directory, place->name, place->directory, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    /* A file system that cannot: a look before is the best there is. */
    if (fstatat(place->directory, to, &state, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return file_rename(place, to);
}

int file_remove(const file_place_t *place)
{
    return unlinkat(place->directory, place->name, 0);
}

void file_place_sync(const file_place_t *place)
{
    const int directory = openat(place->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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

int file_open_regular(const char *path)
{
    struct stat state;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor >= 0 && (fstat(descriptor, &state) != 0 || !S_ISREG(state.st_mode))) {
        const bool directory = S_ISDIR(state.st_mode);
        (void)close(descriptor);
        errno = directory ? EISDIR : EINVAL;
        return -1;
    }
    return descriptor;
}
