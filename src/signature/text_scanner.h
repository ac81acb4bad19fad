/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_scanner.h
 * The parts that the text of an observed signature and that of a database entry have in common. Texts are
 * slices, not terminated. A parser that fails leaves a constant reason and the place in the scanner.
 */
#ifndef SIGNATURE_TEXT_SCANNER_H
#define SIGNATURE_TEXT_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/signature.h>

/** Bounded cursor; after the first failure nothing more is read. */
typedef struct text_scanner {
    const char *start;
    const char *at;
    const char *end;
    const char *reason; /* NULL as long as nothing failed */
} text_scanner_t;

typedef struct text_layout {
    uint8_t kinds[SYNFIX_OPTION_LAYOUT_MAX];
    uint8_t count;
    uint8_t eol_padding;
} text_layout_t;

void text_start(text_scanner_t *scanner, const char *text, size_t length);

/** Remembers @p reason unless there is one already; always false. */
bool text_fail(text_scanner_t *scanner, const char *reason);

/** Whether @p word comes next; it is passed over then. */
bool text_accept(text_scanner_t *scanner, const char *word);

/** Passes over @p word or fails. */
bool text_expect(text_scanner_t *scanner, const char *word, const char *reason);

/** A decimal number up to @p most. */
bool text_number(text_scanner_t *scanner, uint32_t most, uint32_t *value);

/** `mss,nop,eol+1,?30` up to the next colon or the end. */
bool text_layout(text_scanner_t *scanner, text_layout_t *layout);

/** One quirk's name at the front. */
bool text_quirk(text_scanner_t *scanner, uint32_t *quirk);

/** `df,id+` up to the next colon or the end; a quirk that is named twice is refused. */
bool text_quirks(text_scanner_t *scanner, uint32_t *quirks);

#endif
