/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/signature.h>

#include "base/decimal.h"

static char *append_layout(char *at, const synfix_signature_t *signature)
{
    static const char *const names[SYNFIX_OPTION_TS + 1] = {
        [SYNFIX_OPTION_NOP] = "nop", [SYNFIX_OPTION_MSS] = "mss",   [SYNFIX_OPTION_WS] = "ws",
        [SYNFIX_OPTION_SOK] = "sok", [SYNFIX_OPTION_SACK] = "sack", [SYNFIX_OPTION_TS] = "ts",
    };
    for (unsigned i = 0; i < signature->layout_count && i < SYNFIX_OPTION_LAYOUT_MAX; i++) {
        const uint8_t kind = signature->layout[i];
        if (i > 0) {
            *at++ = ',';
        }
        if (kind == SYNFIX_OPTION_EOL) {
            at = append_text(at, "eol+");
            at = append_decimal(at, signature->eol_padding);
        } else if (kind <= SYNFIX_OPTION_TS && names[kind] != NULL) {
            at = append_text(at, names[kind]);
        } else {
            *at++ = '?';
            at = append_decimal(at, kind);
        }
    }
    return at;
}

static char *append_quirks(char *at, uint32_t quirks)
{
    static const char *const names[] = {
#define QUIRK_TEXT(identifier, bit, text) [bit] = text,
        SYNFIX_QUIRKS(QUIRK_TEXT)
#undef QUIRK_TEXT
    };
    quirks &= SYNFIX_QUIRK_ALL;
    for (const char *comma = ""; quirks != 0; quirks &= quirks - 1, comma = ",") {
        at = append_text(at, comma);
        at = append_text(at, names[__builtin_ctz(quirks)]);
    }
    return at;
}

static char *append_ttl(char *at, uint8_t ttl)
{
    const unsigned distance = synfix_initial_ttl_guess(ttl) - (unsigned)ttl;
    at = append_decimal(at, ttl);
    *at++ = '+';
    if (distance > SYNFIX_DISTANCE_MAX) {
        *at++ = '?';
    } else {
        at = append_decimal(at, distance);
    }
    return at;
}

static char *append_window(char *at, const synfix_signature_t *signature)
{
    switch (signature->window_kind) {
    case SYNFIX_WINDOW_MSS:
        return append_decimal(append_text(at, "mss*"), signature->window_multiple);
    case SYNFIX_WINDOW_MTU:
        return append_decimal(append_text(at, "mtu*"), signature->window_multiple);
    default:
        return append_decimal(at, signature->window);
    }
}

size_t synfix_signature_format(const synfix_signature_t *signature, char *text)
{
    char *at = append_decimal(text, signature->ip_version);
    *at++ = ':';
    at = append_ttl(at, signature->ttl);
    *at++ = ':';
    at = append_decimal(at, signature->ip_options_length);
    *at++ = ':';
    at = append_decimal(at, signature->mss);
    *at++ = ':';
    at = append_window(at, signature);
    *at++ = ',';
    at = append_decimal(at, signature->window_scale);
    *at++ = ':';
    at = append_layout(at, signature);
    *at++ = ':';
    at = append_quirks(at, signature->quirks);
    *at++ = ':';
    *at++ = signature->payload ? '+' : '0';
    *at = '\0';
    return (size_t)(at - text);
}

size_t synfix_layout_format(const synfix_signature_t *signature, char *text)
{
    char *end = append_layout(text, signature);
    *end = '\0';
    return (size_t)(end - text);
}

size_t synfix_quirks_format(uint32_t quirks, char *text)
{
    char *end = append_quirks(text, quirks);
    *end = '\0';
    return (size_t)(end - text);
}
