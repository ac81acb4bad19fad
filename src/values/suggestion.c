/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/suggestion.h"
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 64u

static unsigned lesser(unsigned one, unsigned two)
{
    return one < two ? one : two;
}

static unsigned least(unsigned one, unsigned two, unsigned three)
{
    return lesser(one, lesser(two, three));
}

static bool same(const char *word, size_t at, const char *other, size_t other_at)
{
    return tolower((unsigned char)word[at]) == tolower((unsigned char)other[other_at]);
}

/* Optimal string alignment (Damerau-Levenshtein without repeated edits of one position), three rows at a
 * time.
 */
unsigned suggestion_distance(const char *word, const char *other)
{
    unsigned rows[3][WORD_MAX] = {{0}};
    const size_t width = strnlen(word, WORD_MAX - 1);
    const size_t height = strnlen(other, WORD_MAX - 1);
    for (size_t x = 0; x <= width; x++) {
        rows[0][x] = (unsigned)x;
    }
    for (size_t y = 1; y <= height; y++) {
        unsigned *row = rows[y % 3];
        const unsigned *above = rows[(y + 2) % 3];
        row[0] = (unsigned)y;
        for (size_t x = 1; x <= width; x++) {
            const unsigned replaced = above[x - 1] + !same(word, x - 1, other, y - 1);
            row[x] = least(above[x] + 1, row[x - 1] + 1, replaced);
            if (x > 1 && y > 1 && same(word, x - 1, other, y - 2) && same(word, x - 2, other, y - 1)) {
                row[x] = lesser(row[x], rows[(y + 1) % 3][x - 2] + 1);
            }
        }
    }
    return rows[height % 3][width];
}

const char *suggestion_closest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    const unsigned limit = length < 3 ? 1 : (unsigned)(length / 3);
    const char *closest = NULL;
    for (size_t i = 0; i < count; i++) {
        const unsigned distance = suggestion_distance(word, names[i]);
        if (distance > limit || distance >= length) {
            continue;
        }
        if (closest == NULL || distance < suggestion_distance(word, closest)) {
            closest = names[i];
        }
    }
    for (size_t i = 0; closest == NULL && length > 1 && i < count; i++) {
        if (strncasecmp(names[i], word, length) == 0) {
            closest = names[i];
        }
    }
    return closest;
}
