/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_place.h
 * Names of files in open directories, so that no link of another user leads a file of ours elsewhere.
 *
 * A path is walked directory by directory. A symbolic link is followed when its owner is root or the user of
 * this process (effective id); other links are refused. Links on /proc are the kernel's and are followed. The
 * functions on a place then work relative to the open directory, and never follow the last name.
 *
 * Functions that return an int give a descriptor (close-on-exec), or -1 with errno. Any thread; a place
 * belongs to one thread at a time.
 */
#ifndef BASE_FILE_PLACE_H
#define BASE_FILE_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <synfix/status.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct file_place {
    int directory;     /* of O_PATH; -1: closed */
    bool kernel_links; /* the directory is on /proc */
    char name[NAME_MAX + 1];
} file_place_t;

#define FILE_PLACE_CLOSED                                                                                    \
    {                                                                                                        \
        .directory = -1                                                                                      \
    }

/** How file_place_open treats a link with the last name of the path. */
typedef enum file_place_last {
    FILE_PLACE_FOLLOW, /* as any other: the place is where it leads */
    FILE_PLACE_NAME,   /* the place is the name itself */
} file_place_last_t;

/** Opens the directory of @p path; a file of that name need not exist. Errors begin with @p path:
 * SYNFIX_NOT_FOUND, SYNFIX_PERMISSION, SYNFIX_INVALID (a directory, a name too long) or SYNFIX_IO. */
synfix_status_t file_place_open(file_place_t *place, const char *path, file_place_last_t last,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;
void file_place_close(file_place_t *place);

/** Opens a directory (O_PATH). With @p mode not 0, missing directories are made. */
synfix_status_t file_directory_open(const char *path, mode_t mode, int *directory,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** A new file; EEXIST when the name exists, whatever it is. @p access is O_RDWR or O_WRONLY, with O_APPEND or
 * not. */
int file_create(const file_place_t *place, int access, mode_t mode);

/**
 * The file of that name, or with O_CREAT in @p access a new one. ELOOP: a link. EMLINK: a regular file with a
 * second name in a directory where others may make names: the other name may be one of root's files. A FIFO
 * or device is opened without blocking (ENXIO: no reader) and blocks later.
 */
int file_open(const file_place_t *place, int access, mode_t mode);

/** Whether @p state is a regular file with one name that belongs to this user or the owner of the directory.
 */
bool file_is_ours(const file_place_t *place, const struct stat *state);

/** Whether the name still leads to the open @p descriptor. */
bool file_is_same(const file_place_t *place, int descriptor);

/** @p to is a name in the same directory. 0, or -1 with errno. */
int file_rename(const file_place_t *place, const char *to);
/** The same, but EEXIST when @p to exists. */
int file_rename_new(const file_place_t *place, const char *to);
int file_remove(const file_place_t *place);
/** State of the named file, links not followed. 0, or -1 with errno. */
int file_state(const file_place_t *place, struct stat *state);
/** Makes names in the directory durable. */
void file_place_sync(const file_place_t *place);

/** The text of an errno of these functions, in words for a user. Valid as that of strerror. */
const char *file_reason(int number);
/** The status of an errno of these functions: SYNFIX_NOT_FOUND, SYNFIX_PERMISSION or SYNFIX_IO. */
synfix_status_t file_status(int number);
/** `PATH: reason` with the status of errno; SYNFIX_INVALID for a directory or a name that is too long. */
synfix_status_t file_fail(const char *path, synfix_error_t *error);

/** fsync that continues after a signal. A pipe, and a file system that cannot sync, are no failure. 0, or -1
 * with errno. */
int file_sync(int descriptor);

/** A regular file to read, which may not block: EINVAL when it is another kind. Follows links as any user
 * does. */
int file_open_regular(const char *path);

#endif
