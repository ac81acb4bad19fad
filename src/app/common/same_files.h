/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file same_files.h
 * Notes that one file is an input twice: by the same name, by a link, or as a part of a directory. One
 * thread.
 */
#ifndef APP_COMMON_SAME_FILES_H
#define APP_COMMON_SAME_FILES_H

#include <glib.h>

typedef struct same_files same_files_t;

/** Never NULL: same_files_free(). */
same_files_t *same_files_new(void);
void same_files_free(same_files_t *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(same_files_t, same_files_free)

/** Prints a line to standard error if @p path is a regular file that was an input of @p files before. */
void same_files_input(same_files_t *files, const char *path);

#endif
