/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_line.h
 * A line of the list of processed captures (follow_state.h): three numbers, a check of the line, and the
 * name, which may hold spaces.
 */
#ifndef CAPTURE_FILE_FOLLOW_LINE_H
#define CAPTURE_FILE_FOLLOW_LINE_H

#include "capture/file/follow_entries.h"
#include <stdio.h>

/**
 * Reads @p line, which ends without a line feed. @p checked: the line has a check, as follow_line_write()
 * writes it. The name is returned, a part of @p line; NULL: damaged.
 */
const char *follow_line_read(const char *line, bool checked, follow_entry_t *entry);

/** False: writing failed. */
bool follow_line_write(const follow_entry_t *entry, FILE *file);

#endif
