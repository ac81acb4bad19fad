/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/name_pattern.h"
#include "exporter/ipfix_file/date_words.h"
#include <string.h>

#define NUMBER_DIGITS  5u  /* a name that exists gets a number from 2 to 99,999: a-2.ipfix */
#define EPOCH_DIGITS   9u  /* digits of %s from 1973 on */
#define EPOCH_DIGITS_2 10u /* digits of %s from 2001 to 2286 */

typedef enum shape {
    SHAPE_BYTE, /* a certain one */
    SHAPE_WORDS,
    SHAPE_NUMBER, /* `-2`, or nothing */
    SHAPE_EPOCH,
    SHAPE_ANY, /* one byte or more */
} shape_t;

typedef struct element {
    shape_t shape;
    char byte;
    GPtrArray *words;
} element_t;

/* Offsets in a name where the next element may begin. */
typedef struct offsets {
    bool at[NAME_PATTERN_NAME_MAX + 1];
} offsets_t;

struct name_pattern {
    GArray *elements; /* element_t */
    bool numbered;    /* the position of the number is known */
    bool exact;
};

static void add(name_pattern_t *pattern, element_t element)
{
    g_array_append_val(pattern->elements, element);
}

static void add_byte(name_pattern_t *pattern, char byte)
{
    add(pattern, (element_t){.shape = SHAPE_BYTE, .byte = byte});
}

static void add_number(name_pattern_t *pattern)
{
    if (!pattern->numbered) {
        pattern->numbered = true;
        add(pattern, (element_t){.shape = SHAPE_NUMBER});
    }
}

static void add_base(name_pattern_t *pattern, const char *base);

/* @p at follows the percent sign. Returns the length of the conversion. */
static size_t add_conversion(name_pattern_t *pattern, const char *at)
{
    const size_t modifiers = strspn(at, "EO_-0^#:");
    const char letter = at[modifiers];
    if (letter == '\0') {
        return modifiers;
    }
    const char *const format = modifiers == 0 ? date_words_expand(letter) : NULL;
    g_autofree char *conversion = g_strdup_printf("%%%.*s", (int)modifiers + 1, at);
    GPtrArray *const words = format == NULL ? date_words_new(conversion, letter) : NULL;
    if (format != NULL) {
        add_base(pattern, format);
    } else if (words != NULL) {
        add(pattern, (element_t){.shape = SHAPE_WORDS, .words = words});
    } else {
        const bool epoch = letter == 's' && modifiers == 0;
        pattern->exact = pattern->exact && epoch;
        add(pattern, (element_t){.shape = epoch ? SHAPE_EPOCH : SHAPE_ANY});
    }
    return modifiers + 1;
}

static void add_base(name_pattern_t *pattern, const char *base)
{
    for (const char *at = base; *at != '\0'; at++) {
        if (*at == '%' && at[1] == '\0') {
            break; /* GLib leaves it out of the name */
        }
        if (*at == '%' && at[1] != '%') {
            at += add_conversion(pattern, at + 1);
            continue;
        }
        at += *at == '%';
        if (*at == '.') {
            add_number(pattern);
        }
        add_byte(pattern, *at);
    }
}

static void element_clear(void *element)
{
    g_clear_pointer(&((element_t *)element)->words, g_ptr_array_unref);
}

name_pattern_t *name_pattern_new(const char *base, const char *suffix)
{
    name_pattern_t *pattern = g_new0(name_pattern_t, 1);
    pattern->exact = true;
    pattern->elements = g_array_new(FALSE, FALSE, sizeof(element_t));
    g_array_set_clear_func(pattern->elements, element_clear);
    add_base(pattern, base);
    add_number(pattern);
    for (; *suffix != '\0'; suffix++) {
        add_byte(pattern, *suffix);
    }
    return pattern;
}

void name_pattern_free(name_pattern_t *pattern)
{
    if (pattern != NULL) {
        g_array_unref(pattern->elements);
        g_free(pattern);
    }
}

bool name_pattern_is_exact(const name_pattern_t *pattern)
{
    return pattern->exact;
}

static size_t digits_at(const char *text, size_t most)
{
    size_t count = 0;
    while (count < most && g_ascii_isdigit(text[count])) {
        count++;
    }
    return count;
}

static void reach_words(const GPtrArray *words, const char *name, size_t at, offsets_t *next)
{
    for (guint i = 0; i < words->len; i++) {
        const char *const word = g_ptr_array_index(words, i);
        const size_t length = strlen(word);
        if (strncmp(name + at, word, length) == 0) {
            next->at[at + length] = true;
        }
    }
}

static void reach_number(const char *name, size_t at, offsets_t *next)
{
    next->at[at] = true;
    if (name[at] != '-' || name[at + 1] == '0') {
        return;
    }
    for (size_t count = digits_at(name + at + 1, NUMBER_DIGITS); count > 0; count--) {
        next->at[at + 1 + count] = true;
    }
}

static void reach_epoch(const char *name, size_t at, offsets_t *next)
{
    const size_t count = digits_at(name + at, EPOCH_DIGITS_2);
    for (size_t digits = EPOCH_DIGITS; digits <= count; digits++) {
        next->at[at + digits] = true;
    }
}

/* Marks the offsets after the element, which begins at offset @p at of the name. */
static void reach(const element_t *element, const char *name, size_t at, size_t length, offsets_t *next)
{
    switch (element->shape) {
    case SHAPE_BYTE:
        if (at < length && name[at] == element->byte) {
            next->at[at + 1] = true;
        }
        break;
    case SHAPE_WORDS:
        reach_words(element->words, name, at, next);
        break;
    case SHAPE_NUMBER:
        reach_number(name, at, next);
        break;
    case SHAPE_EPOCH:
        reach_epoch(name, at, next);
        break;
    case SHAPE_ANY:
        memset(&next->at[at + 1], true, length - at);
        break;
    }
}

bool name_pattern_matches(const name_pattern_t *pattern, const char *name)
{
    const size_t length = strlen(name);
    offsets_t now = {.at = {true}};
    if (length > NAME_PATTERN_NAME_MAX) {
        return false;
    }
    for (guint i = 0; i < pattern->elements->len; i++) {
        offsets_t next = {.at = {false}};
        for (size_t at = 0; at <= length; at++) {
            if (now.at[at]) {
                reach(&g_array_index(pattern->elements, element_t, i), name, at, length, &next);
            }
        }
        now = next;
    }
    return now.at[length];
}
