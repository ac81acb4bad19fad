/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file temporary_file.h
 * Set-up and teardown of a test with one empty file of its own, whose path is `path`.
 */
#ifndef SUPPORT_TEMPORARY_FILE_H
#define SUPPORT_TEMPORARY_FILE_H

#include <glib.h>
#include <glib/gstdio.h>

static char *path;

static inline int make_path(void **state)
{
    (void)state;
    path = g_build_filename(g_get_tmp_dir(), "synfix-XXXXXX", NULL);
    const int fd = g_mkstemp(path);
    return fd < 0 || !g_close(fd, NULL);
}

static inline int remove_path(void **state)
{
    (void)state;
    const int result = g_unlink(path);
    g_free(path);
    return result;
}

#endif
