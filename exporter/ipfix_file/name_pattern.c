/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/name_pattern.h"
#include <string.h>

typedef enum octets {
    ONE_OCTET, /* a certain one */
    DIGITS,
    SPACED_DIGITS,  /* GLib pads numbers with spaces or zeros */
    FOREIGN_DIGITS, /* digits of the locale, or padded with a figure space (U+2007) */
    DATE_DIGITS,
    TIME_DIGITS,
    ANY_OCTETS,
} octets_t;

typedef struct element {
    octets_t octets;
    char octet;    /* of ONE_OCTET */
    bool repeated; /* one octet or more, otherwise exactly one */
    bool left_out; /* this element and the next can be absent */
} element_t;

struct name_pattern {
    GArray *elements; /* element_t */
};

static void add(name_pattern_t *pattern, element_t element)
{
    g_array_append_val(pattern->elements, element);
}

static void add_octet(name_pattern_t *pattern, char octet)
{
    add(pattern, (element_t){.octets = ONE_OCTET, .octet = octet});
}

/* A name that exists gets a number: a-2.ipfix. */
static void add_number(name_pattern_t *pattern)
{
    add(pattern, (element_t){.octets = ONE_OCTET, .octet = '-', .left_out = true});
    add(pattern, (element_t){.octets = DIGITS, .repeated = true});
}

/* The output of a conversion of g_date_time_format. */
static octets_t conversion_octets(char conversion, bool foreign)
{
    if (strchr("YmdHMSyCIkleujwUVWgGs", conversion) != NULL) {
        return foreign || strchr("kle", conversion) != NULL ? FOREIGN_DIGITS : SPACED_DIGITS;
    }
    return conversion == 'F'                        ? DATE_DIGITS
           : conversion == 'T' || conversion == 'R' ? TIME_DIGITS
                                                    : ANY_OCTETS;
}

/* @p at is behind the percent sign. Returns the octets of the conversion. */
static size_t add_conversion(name_pattern_t *pattern, const char *at)
{
    const size_t modifiers = strspn(at, "EO_-0^#:");
    const char conversion = at[modifiers];
    if (conversion == '\0') {
        return modifiers;
    }
    const bool foreign = memchr(at, 'O', modifiers) != NULL || memchr(at, 'E', modifiers) != NULL;
    add(pattern, (element_t){.octets = conversion_octets(conversion, foreign), .repeated = true});
    return modifiers + 1;
}

static void add_base(name_pattern_t *pattern, const char *base)
{
    bool numbered = false;
    for (const char *at = base; *at != '\0'; at++) {
        if (*at == '%' && at[1] == '\0') {
            break; /* GLib leaves it out of the name */
        }
        if (*at == '%' && at[1] != '%') {
            at += add_conversion(pattern, at + 1);
            continue;
        }
        at += *at == '%';
        if (*at == '.' && !numbered) {
            numbered = true;
            add_number(pattern);
        }
        add_octet(pattern, *at);
    }
    if (!numbered) {
        add_number(pattern);
    }
}

name_pattern_t *name_pattern_new(const char *base, const char *suffix)
{
    name_pattern_t *pattern = g_new0(name_pattern_t, 1);
    pattern->elements = g_array_new(FALSE, FALSE, sizeof(element_t));
    add_base(pattern, base);
    for (; *suffix != '\0'; suffix++) {
        add_octet(pattern, *suffix);
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

static bool has_octet(const element_t *element, char octet)
{
    switch (element->octets) {
    case ONE_OCTET:
        return octet == element->octet;
    case DIGITS:
        return g_ascii_isdigit(octet);
    case SPACED_DIGITS:
        return g_ascii_isdigit(octet) || octet == ' ';
    case FOREIGN_DIGITS:
        return g_ascii_isdigit(octet) || octet == ' ' || ((unsigned char)octet & 0x80) != 0;
    case DATE_DIGITS:
        return g_ascii_isdigit(octet) || octet == '-';
    case TIME_DIGITS:
        return g_ascii_isdigit(octet) || octet == ':';
    case ANY_OCTETS:
    default:
        return true;
    }
}

/* Marks element @p at, and the elements that can follow without an octet, as reached. */
static void reach(const name_pattern_t *pattern, bool *reached, guint at)
{
    while (at < pattern->elements->len && g_array_index(pattern->elements, element_t, at).left_out) {
        reached[at] = true;
        at += 2;
    }
    reached[at] = true;
}

/* @p reached: elements that the next octet can belong to; the last one is the end. Each octet of the name
 * moves the whole set, so that no backtracking is needed. */
static void step(const name_pattern_t *pattern, const bool *reached, bool *next, char octet)
{
    for (guint i = 0; i < pattern->elements->len; i++) {
        const element_t *element = &g_array_index(pattern->elements, element_t, i);
        if (reached[i] && has_octet(element, octet)) {
            next[i] |= element->repeated;
            reach(pattern, next, i + 1);
        }
    }
}

bool name_pattern_matches(const name_pattern_t *pattern, const char *name)
{
    if (strlen(name) > NAME_PATTERN_NAME_MAX) {
        return false;
    }
    const size_t states = pattern->elements->len + 1;
    g_autofree bool *reached = g_new0(bool, states);
    g_autofree bool *next = g_new0(bool, states);
    reach(pattern, reached, 0);
    for (; *name != '\0'; name++) {
        step(pattern, reached, next, *name);
        memcpy(reached, next, states * sizeof *next);
        memset(next, 0, states * sizeof *next);
    }
    return reached[states - 1];
}
