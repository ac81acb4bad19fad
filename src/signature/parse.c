/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/signature.h>

#include "signature/text_scanner.h"

static void parse_address_part(text_scanner_t *scanner, synfix_signature_t *signature)
{
    uint32_t number;
    if (text_accept(scanner, "4")) {
        signature->ip_version = 4;
    } else if (text_accept(scanner, "6")) {
        signature->ip_version = 6;
    } else {
        text_fail(scanner, "the IP version is 4 or 6");
    }
    text_expect(scanner, ":", "a colon is missing after the version");
    text_number(scanner, 255, &number);
    signature->ttl = (uint8_t)number;
    /* The distance follows from the TTL, so labelled lists omit it. */
    if (text_accept(scanner, "+") && !text_accept(scanner, "?")) {
        text_number(scanner, 255, &number);
    }
    text_expect(scanner, ":", "a colon is missing after the TTL");
    text_number(scanner, 65535, &number);
    signature->ip_options_length = (uint16_t)number;
    text_expect(scanner, ":", "a colon is missing after olen");
}

static void remake_window(synfix_signature_t *signature)
{
    uint32_t unit = signature->mss;
    if (signature->window_kind == SYNFIX_WINDOW_MTU) {
        unit += signature->ip_version == 6 ? 60 : 40;
    }
    const uint64_t window = (uint64_t)unit * signature->window_multiple;
    signature->window = window <= 65535 ? (uint16_t)window : 0;
}

static void parse_window(text_scanner_t *scanner, synfix_signature_t *signature)
{
    uint32_t number;
    if (text_accept(scanner, "mss*")) {
        signature->window_kind = SYNFIX_WINDOW_MSS;
    } else if (text_accept(scanner, "mtu*")) {
        signature->window_kind = SYNFIX_WINDOW_MTU;
    }
    text_number(scanner, 65535, &number);
    if (signature->window_kind == SYNFIX_WINDOW_PLAIN) {
        signature->window = (uint16_t)number;
    } else {
        if (number == 0) {
            text_fail(scanner, "a multiple is at least 1");
        }
        signature->window_multiple = (uint16_t)number;
        remake_window(signature);
    }
    text_expect(scanner, ",", "a comma is missing after the window");
    text_number(scanner, 255, &number);
    signature->window_scale = (uint8_t)number;
    text_expect(scanner, ":", "a colon is missing after the window scale");
}

static void parse_options(text_scanner_t *scanner, synfix_signature_t *signature)
{
    text_layout_t layout;
    text_layout(scanner, &layout);
    signature->layout_count = layout.count;
    signature->eol_padding = layout.eol_padding;
    memcpy(signature->layout, layout.kinds, sizeof signature->layout);
    text_expect(scanner, ":", "a colon is missing after the layout");
    text_quirks(scanner, &signature->quirks);
    text_expect(scanner, ":", "a colon is missing after the quirks");
    if (text_accept(scanner, "+")) {
        signature->payload = 1;
    } else {
        text_expect(scanner, "0", "the payload class is 0 or +");
    }
    if (scanner->at != scanner->end) {
        text_fail(scanner, "something follows the payload class");
    }
}

synfix_status_t synfix_signature_parse(const char *text, size_t length, synfix_signature_t *signature,
                                       synfix_error_t *error)
{
    text_scanner_t scanner;
    uint32_t number;
    memset(signature, 0, sizeof *signature);
    text_start(&scanner, text, length);
    parse_address_part(&scanner, signature);
    text_number(&scanner, 65535, &number);
    signature->mss = (uint16_t)number;
    text_expect(&scanner, ":", "a colon is missing after the MSS");
    parse_window(&scanner, signature);
    parse_options(&scanner, signature);
    if (scanner.reason != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "column %zu: %s", (size_t)(scanner.at - scanner.start) + 1,
                           scanner.reason);
    }
    return SYNFIX_OK;
}
