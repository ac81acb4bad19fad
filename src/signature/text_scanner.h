/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_scanner.h
 * Scanner for the elements that signatures and database entries share. Texts are slices without a
 * terminator. On failure the scanner holds a constant reason and the position.
 */
#ifndef SIGNATURE_TEXT_SCANNER_H
#define SIGNATURE_TEXT_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/signature.h>

/** Bounded cursor. After the first failure, all functions return false and consume nothing. */
typedef struct text_scanner {
    const char *start;
    const char *at;
    const char *end;
    const char *reason; /* NULL: no failure so far */
} text_scanner_t;

typedef struct text_layout {
    uint8_t kinds[SYNFIX_OPTION_LAYOUT_MAX];
    uint8_t count;
    uint8_t eol_padding;
} text_layout_t;

/** Begins at the first of @p length bytes, which outlive the scanner. */
void scanner_start(text_scanner_t *scanner, const char *text, size_t length);

/** Stores @p reason unless a reason is stored already. Always returns false. */
bool scanner_fail(text_scanner_t *scanner, const char *reason);

/** True, and consumes @p word, if @p word comes next. */
bool scanner_accept(text_scanner_t *scanner, const char *word);

/** Consumes @p word, or fails. */
bool scanner_expect(text_scanner_t *scanner, const char *word, const char *reason);

/** Parses a decimal number of at most @p most. */
bool scanner_number(text_scanner_t *scanner, uint32_t most, uint32_t *value);

/** Parses an option layout (`mss,nop,eol+1,?30`) up to the next colon or the end. */
bool scanner_layout(text_scanner_t *scanner, text_layout_t *layout);

/** Parses the name of one quirk. */
bool scanner_quirk(text_scanner_t *scanner, uint32_t *quirk);

/** Parses quirks (`df,id+`) up to the next colon or the end. A repeated quirk is an error. */
bool scanner_quirks(text_scanner_t *scanner, uint32_t *quirks);

#endif
