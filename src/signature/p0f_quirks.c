/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <limits.h>
#include <synfix/signature.h>

/* The only bit of the acknowledgement number that p0f tests (missing byte-order conversion). */
#define P0F_ACK_BIT 0x01000000u

/* p0f's loop ends one byte before the end of the padding. */
static bool padding_before_the_last(const synfix_headers_t *headers, unsigned padding)
{
    const uint8_t *end = headers->options + headers->options_length;
    for (unsigned left = padding; left > 1; left--) {
        if (end[-(int)left] != 0) {
            return true;
        }
    }
    return false;
}

void synfix_signature_as_p0f(const synfix_headers_t *headers, synfix_signature_t *signature)
{
    if ((headers->acknowledgement & P0F_ACK_BIT) == 0) {
        signature->quirks &= ~(uint32_t)SYNFIX_QUIRK_ACK_NONZERO;
    }
    if ((signature->quirks & SYNFIX_QUIRK_EOL_NONZERO) != 0 &&
        !padding_before_the_last(headers, signature->eol_padding)) {
        signature->quirks &= ~(uint32_t)SYNFIX_QUIRK_EOL_NONZERO;
    }
    if (signature->window_multiple > INT16_MAX) {
        signature->window_kind = SYNFIX_WINDOW_PLAIN;
        signature->window_multiple = 0;
    }
}
