/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file temporary_directory.h
 * A temporary directory for one test, removed with everything in it.
 */
#ifndef SUPPORT_TEMPORARY_DIRECTORY_H
#define SUPPORT_TEMPORARY_DIRECTORY_H

#include <glib.h>
#include <glib/gstdio.h>

/** Path of a new, empty directory; NULL: it cannot be made. temporary_directory_remove() frees the path. */
static inline char *temporary_directory_new(void)
{
    return g_dir_make_tmp("synfix-XXXXXX", NULL);
}

/** Removes the content of @p path. Links are removed, not followed. */
static inline void temporary_directory_clear(const char *path)
{
    g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
    for (const char *name; files != NULL && (name = g_dir_read_name(files)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR) && !g_file_test(file, G_FILE_TEST_IS_SYMLINK)) {
            temporary_directory_clear(file);
        }
        (void)g_remove(file);
    }
}

/** Removes the directory and frees @p path. 0, or -1 if something is left. */
static inline int temporary_directory_remove(char *path)
{
    temporary_directory_clear(path);
    const int result = g_rmdir(path);
    g_free(path);
    return result;
}

/** Set-up and teardown of a test whose state is the path. */
static inline int make_temporary_directory(void **state)
{
    *state = temporary_directory_new();
    return *state == NULL ? -1 : 0;
}

static inline int remove_temporary_directory(void **state)
{
    return temporary_directory_remove(*state);
}

#endif
