/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file whole_messages.h
 * Finds the whole messages of an unfinished IPFIX file (RFC 5655), plain or in zstd frames. The end is after
 * the frames without content (empty and skippable frames) that follow the last message. A reader
 * (message_input.h) finds the same messages in the file that ends there; in the frames of another program it
 * may find several messages a frame. If the reader would find fewer messages without the bytes after the last
 * one, the end is that of the file. No state.
 */
#ifndef EXPORTER_IPFIX_FILE_WHOLE_MESSAGES_H
#define EXPORTER_IPFIX_FILE_WHOLE_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

typedef struct whole_messages {
    size_t end;        /* after the last whole message, or the end of the file; 0: no message */
    uint64_t messages; /* before the end; of a compressed file: frames with content */
    uint64_t damaged;  /* bytes before the end that belong to no message */
    bool packed;       /* the file is compressed */
} whole_messages_t;

/**
 * @param data     the content of the file, @p length bytes; NULL only if there are none
 * @param messages set on success
 * @return SYNFIX_OK; SYNFIX_UNSUPPORTED: the content is compressed, and the library of zstd is missing
 */
synfix_status_t whole_messages_find(const uint8_t *data, size_t length, whole_messages_t *messages,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether the content can belong to an IPFIX file whose first message is not complete: the first bytes of a
 * message or of a frame with content. True for no bytes. */
bool whole_messages_may_begin(const uint8_t *data, size_t length);

#endif
