/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "values/suggestion.h"
#include "base/ascii.h"
#include <stdbool.h>
#include <string.h>

#define WORD_MAX 64u

/* The first letters of a word, in lower case. */
typedef struct letters {
    size_t count;
    char of[WORD_MAX];
} letters_t;

static letters_t letters(const char *word)
{
    letters_t result = {.count = strnlen(word, WORD_MAX - 1)};
    for (size_t i = 0; i < result.count; i++) {
        result.of[i] = ascii_lower(word[i]);
    }
    return result;
}

static unsigned lesser(unsigned one, unsigned two)
{
    return one < two ? one : two;
}

static unsigned least(unsigned one, unsigned two, unsigned three)
{
    return lesser(one, lesser(two, three));
}

/* Fills row @p y of the three rows. Returns the least distance in it. */
static unsigned fill_row(unsigned rows[3][WORD_MAX], size_t y, const letters_t *word, const letters_t *other)
{
    unsigned *row = rows[y % 3];
    const unsigned *above = rows[(y + 2) % 3];
    const char *at = word->of;
    const char *other_at = other->of;
    unsigned lowest = row[0] = (unsigned)y;
    for (size_t x = 1; x <= word->count; x++) {
        const unsigned replaced = above[x - 1] + (at[x - 1] != other_at[y - 1]);
        row[x] = least(above[x] + 1, row[x - 1] + 1, replaced);
        if (x > 1 && y > 1 && at[x - 1] == other_at[y - 2] && at[x - 2] == other_at[y - 1]) {
            row[x] = lesser(row[x], rows[(y + 1) % 3][x - 2] + 1);
        }
        lowest = lesser(lowest, row[x]);
    }
    return lowest;
}

/* Optimal string alignment (Damerau-Levenshtein without repeated edits of one position), three rows at a
 * time. Distances above @p limit are only known to be above. */
static unsigned distance_to(const letters_t *word, const letters_t *other, unsigned limit)
{
    unsigned rows[3][WORD_MAX] = {{0}};
    const size_t more = word->count > other->count ? word->count - other->count : other->count - word->count;
    if (more > limit) {
        return limit + 1;
    }
    for (size_t x = 0; x <= word->count; x++) {
        rows[0][x] = (unsigned)x;
    }
    for (size_t y = 1; y <= other->count; y++) {
        /* no later row has less: an exchange adds one to the former row, which lies at most one below this */
        if (fill_row(rows, y, word, other) > limit) {
            return limit + 1;
        }
    }
    return rows[other->count % 3][word->count];
}

static const char *closest_beginning(const char *word, size_t length, const char *const *names, size_t count)
{
    const char *closest = NULL;
    for (size_t i = 0; closest == NULL && length > 1 && i < count; i++) {
        if (ascii_begin_equal(names[i], word, length)) {
            closest = names[i];
        }
    }
    return closest;
}

const char *suggestion_closest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    const letters_t one = letters(word);
    const char *closest = NULL;
    unsigned limit = length < 3 ? (unsigned)length : (unsigned)(length / 3) + 1; /* fewer edits than that */
    for (size_t i = 0; limit > 0 && i < count; i++) {
        const letters_t other = letters(names[i]);
        const unsigned distance = distance_to(&one, &other, limit - 1);
        if (distance < limit) {
            limit = distance;
            closest = names[i];
        }
    }
    return closest != NULL ? closest : closest_beginning(word, length, names, count);
}
