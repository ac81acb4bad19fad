/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* MuonFP's fingerprints: `window:kinds:mss:scale`, kinds by number, up to the first EOL. */
#include <stdio.h>

#include "base/ascii.h"
#include "sigdb_tools/convert.h"
#include "signature/text_scanner.h"

/* Length of an option in a SYN; 0: variable. */
static unsigned option_size(uint32_t kind)
{
    static const uint8_t sizes[] = {1, 1, 4, 3, 2, 0, 0, 0, 10};
    return kind < sizeof sizes ? sizes[kind] : 0;
}

/* The format omits the padding after EOL: assume that it extends to the next multiple of four, as stacks pad.
 */
static void read_kinds(text_scanner_t *scanner, synfix_signature_t *signature)
{
    unsigned size = 0;
    bool known_sizes = true;
    uint32_t kind = SYNFIX_OPTION_NOP;
    while (scanner->reason == NULL && scanner->at < scanner->end && *scanner->at != ':') {
        if (signature->layout_count == SYNFIX_OPTION_LAYOUT_MAX) {
            scanner_fail(scanner, "too many options");
            return;
        }
        if (kind == SYNFIX_OPTION_EOL) {
            scanner_fail(scanner, "an option after EOL");
            return;
        }
        if (!scanner_number(scanner, 255, &kind)) {
            return;
        }
        signature->layout[signature->layout_count++] = (uint8_t)kind;
        known_sizes = known_sizes && option_size(kind) != 0;
        size += option_size(kind);
        (void)scanner_accept(scanner, "-");
    }
    if (kind == SYNFIX_OPTION_EOL && !known_sizes) {
        scanner_fail(scanner, "the padding after EOL is unknown");
    }
    signature->eol_padding = kind == SYNFIX_OPTION_EOL ? (uint8_t)((4 - size % 4) % 4) : 0;
}

const char *sigdb_convert_muon(const char *text, size_t length, char *sig, size_t *used)
{
    static const char form[] = "not window:kinds:mss:scale";
    text_scanner_t scanner;
    synfix_signature_t signature = {.ip_version = 4};
    uint32_t window;
    uint32_t mss = 0;
    uint32_t scale = 0;
    char layout[SYNFIX_LAYOUT_TEXT_SIZE];
    scanner_start(&scanner, text, length);
    scanner_number(&scanner, 65535, &window);
    scanner_expect(&scanner, ":", form);
    read_kinds(&scanner, &signature);
    scanner_expect(&scanner, ":", form);
    if (scanner.at < scanner.end && *scanner.at != ':') {
        scanner_number(&scanner, 65535, &mss);
    }
    scanner_expect(&scanner, ":", form);
    if (scanner.at < scanner.end && ascii_is_digit(*scanner.at)) {
        scanner_number(&scanner, 255, &scale);
    }
    *used = (size_t)(scanner.at - scanner.start);
    if (scanner.reason != NULL) {
        return scanner.reason;
    }
    synfix_layout_format(&signature, layout);
    (void)snprintf(sig, SIGDB_CONVERTED_SIZE, "*:255-:0:%u:%u,%u:%s:df?,id+?,id-?,ecn?,flow?:0", mss, window,
                   scale, layout);
    return NULL;
}
