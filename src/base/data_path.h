/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file data_path.h
 * Paths of the files that come with the program and its libraries: databases, information model, profiles.
 *
 * The directories, in this order: relative to the installed file that contains this code (program or shared
 * library), so that an installation may be moved; through the links in `synfix-data` when that file is in a
 * build directory; the installation prefix of the build; /usr/share/synfix.
 */
#ifndef BASE_DATA_PATH_H
#define BASE_DATA_PATH_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Writes the path of @p name (`sigdb/synfix.fp`, or a directory) in the first of these directories where it
 * can be read into @p path (@p size bytes). False: in none of them, or @p size is too small; @p path is then
 * the one below the installation prefix, for messages, truncated to @p size. Any thread.
 */
bool data_path_find(const char *name, char *path, size_t size);

#endif
