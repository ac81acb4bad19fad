/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file directory_entry.h
 * Names of files in open directories, so that no link of another user leads a file of ours elsewhere.
 *
 * A path is walked directory by directory (path_walk.c). A symbolic link is followed when its owner is root
 * or the user of this process (effective id); other links are refused. Links on /proc are the kernel's and
 * are followed. The functions on an entry then work relative to the open directory, and never follow the last
 * name.
 *
 * Functions that return an int give a descriptor (close-on-exec), or -1 with errno. Any thread; an entry
 * belongs to one thread at a time.
 */
#ifndef FILES_DIRECTORY_ENTRY_H
#define FILES_DIRECTORY_ENTRY_H

#include "files/file_error.h"
#include <limits.h>
#include <stdbool.h>
#include <synfix/status.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/** A name in an open directory (POSIX: a directory entry). A file of that name need not exist. */
typedef struct directory_entry {
    int directory;     /* of O_PATH; -1: closed */
    bool kernel_links; /* the directory is on /proc */
    char name[NAME_MAX + 1];
} directory_entry_t;

#define DIRECTORY_ENTRY_CLOSED                                                                               \
    {                                                                                                        \
        .directory = -1                                                                                      \
    }

/** How directory_entry_open treats a link with the last name of the path. */
typedef enum directory_entry_last {
    DIRECTORY_ENTRY_FOLLOW, /* followed as any other link: the entry is the target */
    DIRECTORY_ENTRY_NAME,   /* the entry is the name itself */
} directory_entry_last_t;

/** Opens the directory of @p path; a file of that name need not exist. Errors begin with @p path:
 * SYNFIX_NOT_FOUND, SYNFIX_PERMISSION, SYNFIX_INVALID (a directory, a name too long) or SYNFIX_IO. */
synfix_status_t directory_entry_open(directory_entry_t *entry, const char *path, directory_entry_last_t last,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;
void directory_entry_close(directory_entry_t *entry);

/** Opens a directory (O_PATH). With @p mode not 0, missing directories are made. */
synfix_status_t file_directory_open(const char *path, mode_t mode, int *directory,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether links and directories of @p owner are followed: root, or the user of this process. */
static inline bool file_is_trusted_owner(uid_t owner)
{
    return owner == 0 || owner == geteuid();
}

/** Creates a file; EEXIST: the name exists, as any kind of file. @p access is O_RDWR or O_WRONLY, with
 * O_APPEND or not. */
int file_create(const directory_entry_t *entry, int access, mode_t mode);

/**
 * The file of that name, or with O_CREAT in @p access a new one. ELOOP: a link. EMLINK: a regular file with a
 * second name in a directory where others may make names: the other name may be one of root's files. A FIFO
 * or device is opened without blocking (ENXIO: no reader) and blocks later. FILE_ERRNO_SOCKET: a socket.
 */
int file_open(const directory_entry_t *entry, int access, mode_t mode);

/** Whether @p state is a regular file with one name that belongs to this user or the owner of the directory.
 */
bool file_is_ours(const directory_entry_t *entry, const struct stat *state);

/** Whether the regular file @p state has a second name, in a directory where others may make names:
 * file_open() refuses it. */
bool file_has_other_names(const directory_entry_t *entry, const struct stat *state);

/**
 * Whether the name is written to as it is, so that no file may replace or rename it: a link under /proc (an
 * open descriptor, to which /dev/stdout leads), a pipe, a device or a socket. The entry is of
 * DIRECTORY_ENTRY_FOLLOW.
 */
bool file_is_special(const directory_entry_t *entry);

/** The same for a path; also false if a directory of the path cannot be opened. */
bool file_path_is_special(const char *path);

/** Whether the name still leads to the open @p descriptor. */
bool file_is_same(const directory_entry_t *entry, int descriptor);

/** Whether the name is missing, or leads to another file than the open @p descriptor. False if the state of
 * either cannot be read: the file may be there. */
bool file_is_replaced(const directory_entry_t *entry, int descriptor);

/** Whether the open file has no name (link): it was deleted, or it never had one. */
bool file_has_no_name(int descriptor);

/** @p to is a name in the same directory. 0, or -1 with errno. */
int file_rename(const directory_entry_t *entry, const char *to);
/** The same, but EEXIST when @p to exists. */
int file_rename_new(const directory_entry_t *entry, const char *to);
int file_remove(const directory_entry_t *entry);
/** State of the named file, links not followed. 0, or -1 with errno. */
int file_state(const directory_entry_t *entry, struct stat *state);
/** Makes names in the directory durable. */
void directory_entry_sync(const directory_entry_t *entry);

/** fsync that continues after a signal. A pipe, and a file system that cannot sync, are no failure. 0, or -1
 * with errno. */
int file_sync(int descriptor);

/** Opens a regular file to read, without blocking. EINVAL: another kind of file. Follows all links. */
int file_open_regular(const char *path);

#endif
