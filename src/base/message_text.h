/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_text.h
 * Parts of messages: the ending of a noun after a number, and text of others.
 */
#ifndef BASE_MESSAGE_TEXT_H
#define BASE_MESSAGE_TEXT_H

#include <stdint.h>

/** "" for one, "s" for any other @p count. Static. */
static inline const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/** Replaces each control character of @p text by `?`: names of files and quoted input may come from an
 * attacker. The message stays one line, and a terminal obeys nothing in it. */
static inline void replace_control_characters(char *text)
{
    for (; *text != '\0'; text++) {
        *text = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
    }
}

#endif
