/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file place.h
 * Files for what is read by its path: in a directory of this process, in memory where the system has such a
 * place.
 */
#ifndef FUZZ_PLACE_H
#define FUZZ_PLACE_H

#include <stddef.h>
#include <stdint.h>

/** The directory, made at the first call and removed at exit with all that is in it. */
const char *place_directory(void);

/** Path of @p name in it; valid until the second call after this one. */
const char *place_path(const char *name);

/** Replaces the content of @p name, and returns its path as place_path() does. */
const char *place_write(const char *name, const uint8_t *data, size_t size);

/** Removes the files in the directory; how many there were. */
unsigned place_empty(void);

#endif
