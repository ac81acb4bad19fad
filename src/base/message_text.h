/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_text.h
 * Parts of messages: the ending of a noun after a number, and text from untrusted sources.
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

/** Bytes of the UTF-8 character (RFC 3629) at the start of @p text, which ends with NUL: 1 to 4, also 1 at
 * its end. 0: the first byte begins no character of UTF-8. */
static inline size_t utf8_length(const char *text)
{
    const unsigned char *const at = (const unsigned char *)text;
    const unsigned char first = at[0];
    const size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F) ||
        (first == 0xF0 && at[1] < 0x90) || (first == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return length;
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

/** Replaces the bytes of each control character of @p text, and bytes that are not UTF-8, by `?`: names of
 * files and quoted input may come from an attacker. The message stays one line, a terminal executes no part
 * of the message, and a log in UTF-8 accepts the message. */
static inline void replace_unprintable_bytes(char *text)
{
    while (*text != '\0') {
        const size_t length = utf8_length(text);
        if (length == 0 || control_length(text) > 0) {
            memset(text, '?', length > 0 ? length : 1);
        }
        text += length > 0 ? length : 1;
    }
}

#endif
