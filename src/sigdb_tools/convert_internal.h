/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file convert_internal.h
 * The converter of whole files. Private to convert.c, convert_line.c and convert_label.c.
 */
#ifndef SIGDB_TOOLS_CONVERT_INTERNAL_H
#define SIGDB_TOOLS_CONVERT_INTERNAL_H

#include "sigdb_tools/convert.h"

enum { CONVERT_NAME_SIZE = 128, CONVERT_LABEL_SIZE = 320, CONVERT_CLASSES_SIZE = 512 };

struct sigdb_converter {
    const synfix_sigdb_t *known;
    const char *label;
    synfix_direction_t direction;
    bool p0f3;                          /* sections of p0f v3 have begun: their lines are copied unchanged */
    bool http;                          /* in a section that cannot be represented */
    char name[CONVERT_NAME_SIZE];       /* system of satori's current test elements; empty: none */
    char classes[CONVERT_CLASSES_SIZE]; /* classes of p0f v3's labels; empty: none */
    char *texts[2];                     /* by direction */
    size_t lengths[2];
    FILE *sections[2];
    char *as_it_is;
    size_t as_it_is_length;
    FILE *p0f3_lines;
    unsigned p0f3_count; /* `sig` lines of them */
    sigdb_converted_t counts;
};

/**
 * Copies up to @p size - 1 bytes without those of @p unwanted; bytes that are not printable become `?`.
 */
void convert_clean(const char *from, size_t length, char unwanted, char *to, size_t size);

/** Writes the label `TYPE:CLASS:NAME:FLAVOR` (CONVERT_LABEL_SIZE bytes). */
void convert_make_label(char type, const char *name, const char *flavor, char *label);

/** Label of `OS:details` after a p0f v2 signature; `@` and `-` mark groups and programs. */
void convert_label_p0f2(const char *rest, char *label);

/** Label of the word after a fingerprint in a list: `", os_hint_linux }`, `,Android`. False: there is none.
 */
bool convert_label_list(const char *rest, char *label);

#endif
