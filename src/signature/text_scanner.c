/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "signature/text_scanner.h"
#include "base/ascii.h"

#include <string.h>

void scanner_start(text_scanner_t *scanner, const char *text, size_t length)
{
    *scanner = (text_scanner_t){.start = text, .at = text, .end = text + length};
}

bool scanner_fail(text_scanner_t *scanner, const char *reason)
{
    if (scanner->reason == NULL) {
        scanner->reason = reason;
    }
    return false;
}

bool scanner_accept(text_scanner_t *scanner, const char *word)
{
    if (scanner->reason != NULL || scanner->at == scanner->end || *scanner->at != *word) {
        return false; /* most words differ in their first letter */
    }
    const size_t length = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0) {
        return false;
    }
    scanner->at += length;
    return true;
}

bool scanner_expect(text_scanner_t *scanner, const char *word, const char *reason)
{
    return scanner_accept(scanner, word) || scanner_fail(scanner, reason);
}

static bool is_digit(const text_scanner_t *scanner)
{
    return scanner->at < scanner->end && ascii_is_digit(*scanner->at);
}

bool scanner_number(text_scanner_t *scanner, uint32_t most, uint32_t *value)
{
    *value = 0;
    if (scanner->reason != NULL) {
        return false;
    }
    if (!is_digit(scanner)) {
        return scanner_fail(scanner, "a number is missing");
    }
    uint64_t sum = 0;
    while (is_digit(scanner)) {
        sum = sum * 10 + (uint64_t)(*scanner->at++ - '0');
        if (sum > most) {
            return scanner_fail(scanner, "a number is too large");
        }
    }
    *value = (uint32_t)sum;
    return true;
}

static bool at_field_end(const text_scanner_t *scanner)
{
    return scanner->at == scanner->end || *scanner->at == ':';
}

/* An option that has a name. */
static bool named_option(text_scanner_t *scanner, uint8_t *kind)
{
    static const struct {
        const char *text;
        uint8_t kind;
    } names[] = {
        {"mss", SYNFIX_OPTION_MSS}, {"nop", SYNFIX_OPTION_NOP},   {"ws", SYNFIX_OPTION_WS},
        {"sok", SYNFIX_OPTION_SOK}, {"sack", SYNFIX_OPTION_SACK}, {"ts", SYNFIX_OPTION_TS},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (scanner_accept(scanner, names[i].text)) {
            *kind = names[i].kind;
            return true;
        }
    }
    return false;
}

/* The number after `?`. */
static bool numbered_option(text_scanner_t *scanner, uint8_t *kind)
{
    uint32_t number;
    if (!scanner_number(scanner, UINT8_MAX, &number)) {
        return false;
    }
    if (number <= SYNFIX_OPTION_SACK || number == SYNFIX_OPTION_TS) {
        return scanner_fail(scanner, "this option has its own name");
    }
    *kind = (uint8_t)number;
    return true;
}

/* The number after `eol+`. */
static bool end_of_options(text_scanner_t *scanner, text_layout_t *layout, uint8_t *kind)
{
    uint32_t padding;
    *kind = SYNFIX_OPTION_EOL;
    if (!scanner_number(scanner, UINT8_MAX, &padding)) {
        return false;
    }
    layout->eol_padding = (uint8_t)padding;
    return true;
}

static bool next_option(text_scanner_t *scanner, text_layout_t *layout)
{
    uint8_t *kind = &layout->kinds[layout->count];
    const bool found =
        named_option(scanner, kind) ||
        (scanner_accept(scanner, "eol+") ? end_of_options(scanner, layout, kind)
         : scanner_accept(scanner, "?")  ? numbered_option(scanner, kind)
                                         : scanner_fail(scanner, "unknown option in the layout"));
    if (found) {
        layout->count++;
    }
    return found;
}

bool scanner_layout(text_scanner_t *scanner, text_layout_t *layout)
{
    memset(layout, 0, sizeof *layout);
    if (at_field_end(scanner)) {
        return scanner->reason == NULL;
    }
    do {
        if (layout->count == SYNFIX_OPTION_LAYOUT_MAX) {
            return scanner_fail(scanner, "more than 24 options");
        }
        if (layout->count > 0 && layout->kinds[layout->count - 1] == SYNFIX_OPTION_EOL) {
            return scanner_fail(scanner, "nothing may follow eol");
        }
        if (!next_option(scanner, layout)) {
            return false;
        }
    } while (scanner_accept(scanner, ","));
    return at_field_end(scanner) || scanner_fail(scanner, "unknown option in the layout");
}

bool scanner_quirk(text_scanner_t *scanner, uint32_t *quirk)
{
    static const struct {
        const char *text;
        uint32_t bit;
    } names[] = {
#define QUIRK_NAME(identifier, bit, text) {text, SYNFIX_QUIRK_##identifier},
        SYNFIX_QUIRKS(QUIRK_NAME)
#undef QUIRK_NAME
    };
    *quirk = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (scanner_accept(scanner, names[i].text)) {
            *quirk = names[i].bit;
            return true;
        }
    }
    return scanner_fail(scanner, "unknown quirk");
}

bool scanner_quirks(text_scanner_t *scanner, uint32_t *quirks)
{
    *quirks = 0;
    if (at_field_end(scanner)) {
        return scanner->reason == NULL;
    }
    do {
        uint32_t quirk;
        if (!scanner_quirk(scanner, &quirk)) {
            return false;
        }
        if (*quirks & quirk) {
            return scanner_fail(scanner, "quirk named twice");
        }
        *quirks |= quirk;
    } while (scanner_accept(scanner, ","));
    return at_field_end(scanner) || scanner_fail(scanner, "unknown quirk");
}
