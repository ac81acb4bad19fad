/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ascii.h
 * Letters, digits and blanks of ASCII, in every locale. <ctype.h> and <strings.h> follow the locale: in a
 * Turkish one, `I` and `i` are different letters, and in one of a single byte, parts of UTF-8 characters are
 * letters or blanks.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline char ascii_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

static inline bool ascii_is_letter(char character)
{
    const char lower = ascii_lower(character);
    return lower >= 'a' && lower <= 'z';
}

static inline bool ascii_is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/** Whether @p character is a space, or one of `\t\n\v\f\r`. */
static inline bool ascii_is_blank(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r');
}

/** Whether the first @p length characters of two texts, or the whole texts, are equal but for the case of
 * letters. */
static inline bool ascii_begin_equal(const char *one, const char *other, size_t length)
{
    size_t i = 0;
    while (i < length && one[i] != '\0' && ascii_lower(one[i]) == ascii_lower(other[i])) {
        i++;
    }
    return i == length || (one[i] == '\0' && other[i] == '\0');
}

/** Whether two texts are equal but for the case of letters. */
static inline bool ascii_equal(const char *one, const char *other)
{
    return ascii_begin_equal(one, other, (size_t)-1);
}

#endif
