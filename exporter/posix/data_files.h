/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file data_files.h
 * Locations of the files that come with the program: relative to the installed program, also after the
 * installation was moved; through the links in synfix-data when the program runs from the build tree;
 * otherwise under the installation prefix of the build.
 */
#ifndef EXPORTER_POSIX_DATA_FILES_H
#define EXPORTER_POSIX_DATA_FILES_H

#include <glib.h>

/**
 * Returns the path of @p name (`sigdb/synfix.fp`) in the first of these locations that has the file,
 * otherwise in the last one. g_free the result. Any thread.
 */
char *data_files_find(const char *name);

#endif
