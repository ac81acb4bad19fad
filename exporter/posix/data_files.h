/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file data_files.h
 * Where the files that come with the program are: beside it when it was installed, moved or not; in the
 * source tree when it runs from the build tree; else where it was meant to be installed.
 */
#ifndef EXPORTER_POSIX_DATA_FILES_H
#define EXPORTER_POSIX_DATA_FILES_H

#include <glib.h>

/** The path of @p name (`sigdb/synfix.fp`) in the first of these places that has it, else in the last. The
 * caller's. */
char *data_files_find(const char *name);

#endif
