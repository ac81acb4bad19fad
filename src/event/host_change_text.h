/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_change_text.h
 * Words of a host change for text records.
 */
#ifndef EVENT_HOST_CHANGE_TEXT_H
#define EVENT_HOST_CHANGE_TEXT_H

#include "event/text_writer.h"
#include <synfix/host_change.h>

/** Kinds of changes: bits 16 and above of the reasons. */
#define HOST_CHANGE_KINDS (~SYNFIX_HOST_SHARING_REASONS)

/** Appends the names of @p reasons (`families`, `initial_ttl`), separated by @p separator. */
void host_reasons_write(text_writer_t *line, uint32_t reasons, char separator);

/** The same as words of p0f (`os_diff`, `ttl`) where p0f has one, each once, separated by spaces. */
void host_reasons_write_p0f(text_writer_t *line, uint32_t reasons);

/** Appends sentence parts, separated by `; `. */
void host_reasons_write_sentence(text_writer_t *line, uint32_t reasons);

#endif
