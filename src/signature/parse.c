/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/signature.h>

#include "signature/text_scanner.h"

static void parse_address_part(text_scanner_t *scanner, synfix_signature_t *signature)
{
    uint32_t number;
    if (scanner_accept(scanner, "4")) {
        signature->ip_version = 4;
    } else if (scanner_accept(scanner, "6")) {
        signature->ip_version = 6;
    } else {
        scanner_fail(scanner, "the IP version is 4 or 6");
    }
    scanner_expect(scanner, ":", "a colon is missing after the version");
    scanner_number(scanner, 255, &number);
    signature->ttl = (uint8_t)number;
    /* The distance follows from the TTL, so labelled lists omit it. */
    if (scanner_accept(scanner, "+") && !scanner_accept(scanner, "?")) {
        scanner_number(scanner, 255, &number);
    }
    scanner_expect(scanner, ":", "a colon is missing after the TTL");
    scanner_number(scanner, 65535, &number);
    signature->ip_options_length = (uint16_t)number;
    scanner_expect(scanner, ":", "a colon is missing after olen");
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
    if (scanner_accept(scanner, "mss*")) {
        signature->window_kind = SYNFIX_WINDOW_MSS;
    } else if (scanner_accept(scanner, "mtu*")) {
        signature->window_kind = SYNFIX_WINDOW_MTU;
    }
    scanner_number(scanner, 65535, &number);
    if (signature->window_kind == SYNFIX_WINDOW_PLAIN) {
        signature->window = (uint16_t)number;
    } else {
        if (number == 0) {
            scanner_fail(scanner, "a multiple is at least 1");
        }
        signature->window_multiple = (uint16_t)number;
        remake_window(signature);
    }
    scanner_expect(scanner, ",", "a comma is missing after the window");
    scanner_number(scanner, 255, &number);
    signature->window_scale = (uint8_t)number;
    scanner_expect(scanner, ":", "a colon is missing after the window scale");
}

static void parse_options(text_scanner_t *scanner, synfix_signature_t *signature)
{
    text_layout_t layout;
    scanner_layout(scanner, &layout);
    signature->layout_count = layout.count;
    signature->eol_padding = layout.eol_padding;
    memcpy(signature->layout, layout.kinds, sizeof signature->layout);
    scanner_expect(scanner, ":", "a colon is missing after the layout");
    scanner_quirks(scanner, &signature->quirks);
    scanner_expect(scanner, ":", "a colon is missing after the quirks");
    if (scanner_accept(scanner, "+")) {
        signature->payload = 1;
    } else {
        scanner_expect(scanner, "0", "the payload class is 0 or +");
    }
    if (scanner->at != scanner->end) {
        scanner_fail(scanner, "something follows the payload class");
    }
}

synfix_status_t synfix_signature_parse(const char *text, size_t length, synfix_signature_t *signature,
                                       synfix_error_t *error)
{
    text_scanner_t scanner;
    uint32_t number;
    memset(signature, 0, sizeof *signature);
    scanner_start(&scanner, text, length);
    parse_address_part(&scanner, signature);
    scanner_number(&scanner, 65535, &number);
    signature->mss = (uint16_t)number;
    scanner_expect(&scanner, ":", "a colon is missing after the MSS");
    parse_window(&scanner, signature);
    parse_options(&scanner, signature);
    if (scanner.reason != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "column %zu: %s", (size_t)(scanner.at - scanner.start) + 1,
                           scanner.reason);
    }
    return SYNFIX_OK;
}
