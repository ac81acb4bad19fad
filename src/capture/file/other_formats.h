/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file other_formats.h
 * Capture formats that users try and synfix does not read.
 */
#ifndef CAPTURE_FILE_OTHER_FORMATS_H
#define CAPTURE_FILE_OTHER_FORMATS_H

#include <stddef.h>
#include <stdint.h>

/**
 * The name of the format that the first @p length bytes of a file show, with the conversion, as the end of a
 * message:
 * `, but snoop; convert it: ...`. NULL: no known format.
 */
const char *other_format_advice(const uint8_t *start, size_t length);

#endif
