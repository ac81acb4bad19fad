/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_text.h
 * Parts of messages: the ending of a noun after a number, and text of others.
 */
#ifndef BASE_MESSAGE_TEXT_H
#define BASE_MESSAGE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** "" for one, "s" for any other @p count. Static. */
static inline const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/** Bytes of the control character at the start of @p text, which ends with NUL: 1, or 2 for one of ISO 6429
 * in UTF-8 (U+0080 to U+009F), which terminals execute, too. 0: another character. */
static inline size_t control_length(const char *text)
{
    const unsigned char first = (unsigned char)text[0];
    if (first < 0x20 || first == 0x7F) {
        return 1;
    }
    const unsigned char second = (unsigned char)text[1];
    return first == 0xC2 && second >= 0x80 && second < 0xA0 ? 2 : 0;
}

/** Replaces the bytes of each control character of @p text by `?`: names of files and quoted input may come
 * from an attacker. The message stays one line, and a terminal executes no part of the message. */
static inline void replace_control_characters(char *text)
{
    while (*text != '\0') {
        const size_t length = control_length(text);
        memset(text, '?', length);
        text += length > 0 ? length : 1;
    }
}

#endif
