/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_replacement.h
 * A file that gets its name when it is complete. Until then it has no name (O_TMPFILE), or where the file
 * system cannot do that, a temporary one (NAME.DIGITS.tmp) that no other file had. Temporary files that
 * killed runs left are removed when they are provably ours: a regular file of this user, with one name, not
 * locked.
 */
#ifndef EXPORTER_POSIX_FILE_REPLACEMENT_H
#define EXPORTER_POSIX_FILE_REPLACEMENT_H

#include "files/directory_entry.h"

typedef struct file_replacement {
    directory_entry_t entry;
    int descriptor;                /* -1: none */
    char temporary[NAME_MAX + 1];  /* empty: the file has no name */
    struct file_replacement *next; /* of all in this process */
} file_replacement_t;

#define FILE_REPLACEMENT_NONE                                                                                \
    {                                                                                                        \
        .entry = DIRECTORY_ENTRY_CLOSED, .descriptor = -1                                                    \
    }

/** Begins a file for the name @p path. SYNFIX_IO `in use`: this process replaces that name already. The mode
 * follows the umask. */
synfix_status_t file_replacement_begin(file_replacement_t *replacement, const char *path, mode_t mode,
                                       synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Gives the file its name; an existing file of that name is replaced. Closes the descriptor in any case. 0,
 * or -1 with errno. */
int file_replacement_commit(file_replacement_t *replacement);

/** Removes the file. Allowed after commit and on FILE_REPLACEMENT_NONE. */
void file_replacement_abandon(file_replacement_t *replacement);

#endif
