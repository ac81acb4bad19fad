/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Signatures in the format of p0f v2, which prads and satori use too. */
#include <string.h>

#include "base/ascii.h"
#include "base/decimal.h"
#include "sigdb_tools/convert.h"
#include "signature/text_scanner.h"

/* Fields of a p0f v2 signature while it is parsed. */
typedef struct old_signature {
    char window[24];
    char mss[16];
    char scale[16];
    char layout[SYNFIX_LAYOUT_TEXT_SIZE];
    uint32_t ttl;
    uint32_t size; /* of the packet, 0 unknown */
    uint32_t options_size;
    bool df;
    bool payload;
    bool ends; /* with EOL */
    uint32_t quirks;
    bool zero_id;
} old_signature_t;

static void put_number(char *room, const char *start, uint32_t value)
{
    *append_decimal(append_text(room, start), value) = '\0';
}

static void read_window(text_scanner_t *scanner, old_signature_t *old)
{
    uint32_t value;
    const char *start = "";
    if (scanner_accept(scanner, "*")) {
        (void)append_text(old->window, "*");
        return;
    }
    if (scanner_accept(scanner, "S")) {
        start = "mss*";
    } else if (scanner_accept(scanner, "T")) {
        start = "mtu*";
    } else if (scanner_accept(scanner, "%")) {
        start = "%";
    }
    if (scanner_number(scanner, 65535, &value)) {
        put_number(old->window, start, value);
    }
}

/* A value after an option's letter: a number, `*` or (a multiple, which cannot be represented) `%N`. */
static void read_value(text_scanner_t *scanner, uint32_t most, char *room)
{
    uint32_t value;
    if (scanner_accept(scanner, "*")) {
        (void)strcpy(room, "*");
        return;
    }
    const bool modulus = scanner_accept(scanner, "%");
    if (scanner_number(scanner, most, &value)) {
        put_number(room, "", value);
    }
    if (modulus) {
        (void)strcpy(room, "*");
    }
}

static void add_option(text_scanner_t *scanner, old_signature_t *old, const char *name, uint32_t size)
{
    const size_t used = strlen(old->layout);
    if (used + strlen(name) + 6 > sizeof old->layout) {
        scanner_fail(scanner, "too many options");
        return;
    }
    char *at = append_text(old->layout + used, used > 0 ? "," : "");
    *append_text(at, name) = '\0';
    old->options_size += size;
}

static bool read_option(text_scanner_t *scanner, old_signature_t *old)
{
    uint32_t kind;
    char name[16];
    if (scanner_accept(scanner, "N")) {
        add_option(scanner, old, "nop", 1);
    } else if (scanner_accept(scanner, "M")) {
        add_option(scanner, old, "mss", 4);
        read_value(scanner, 65535, old->mss);
    } else if (scanner_accept(scanner, "W")) {
        add_option(scanner, old, "ws", 3);
        read_value(scanner, 255, old->scale);
    } else if (scanner_accept(scanner, "S")) {
        add_option(scanner, old, "sok", 2);
    } else if (scanner_accept(scanner, "T0")) {
        add_option(scanner, old, "ts", 10);
        old->quirks |= SYNFIX_QUIRK_TS1_ZERO;
    } else if (scanner_accept(scanner, "T")) {
        add_option(scanner, old, "ts", 10);
    } else if (scanner_accept(scanner, "E")) {
        old->options_size += old->ends ? 0 : 1; /* the bytes after the first EOL are padding */
        old->ends = true;
    } else if (scanner_accept(scanner, "?") && scanner_number(scanner, 255, &kind)) {
        put_number(name, "?", kind);
        add_option(scanner, old, name, 2);
    } else {
        return scanner_fail(scanner, "an option that the format cannot represent");
    }
    return scanner->reason == NULL;
}

static void read_options(text_scanner_t *scanner, old_signature_t *old)
{
    while (scanner->reason == NULL && scanner->at < scanner->end && *scanner->at != ':') {
        if (scanner_accept(scanner, ".") || scanner_accept(scanner, ",") || scanner_accept(scanner, " ")) {
            continue;
        }
        if (!read_option(scanner, old)) {
            return;
        }
    }
}

/* `P` means that bytes follow the EOL, which the length of the padding also states; they may be 0. */
static void read_quirks(text_scanner_t *scanner, old_signature_t *old)
{
    static const struct {
        const char *letter;
        uint32_t quirk;
    } letters[] = {
        {"P", 0},
        {"U", SYNFIX_QUIRK_URG_NONZERO},
        {"A", SYNFIX_QUIRK_ACK_NONZERO},
        {"T", SYNFIX_QUIRK_TS2_NONZERO},
        {"F", SYNFIX_QUIRK_PUSH},
        {"!", SYNFIX_QUIRK_BAD},
    };
    while (scanner->reason == NULL && scanner->at < scanner->end && ascii_is_letter(*scanner->at)) {
        bool known = false;
        for (size_t i = 0; i < sizeof letters / sizeof letters[0] && !known; i++) {
            known = scanner_accept(scanner, letters[i].letter);
            old->quirks |= known ? letters[i].quirk : 0;
        }
        if (known) {
            continue;
        }
        if (scanner_accept(scanner, "Z")) {
            old->zero_id = true;
        } else if (scanner_accept(scanner, "D")) {
            old->payload = true;
        } else {
            scanner_fail(scanner, "a quirk that the format cannot represent");
        }
    }
    (void)scanner_accept(scanner, ".");
}

static uint32_t all_quirks(const old_signature_t *old, synfix_direction_t direction)
{
    /* a SYN+ACK always has an acknowledgement number and a timestamp echo */
    const uint32_t natural = SYNFIX_QUIRK_ACK_NONZERO | SYNFIX_QUIRK_TS2_NONZERO;
    const uint32_t of_timestamps = SYNFIX_QUIRK_TS1_ZERO | SYNFIX_QUIRK_TS2_NONZERO;
    uint32_t quirks = direction == SYNFIX_DIRECTION_RESPONSE ? old->quirks & ~natural : old->quirks;
    if (strstr(old->layout, "ts") == NULL) {
        quirks &= ~of_timestamps; /* satori writes them for packets without the option too */
    }
    if (old->df) {
        return quirks | SYNFIX_QUIRK_DF | (old->zero_id ? 0 : SYNFIX_QUIRK_ID_NONZERO);
    }
    return quirks | (old->zero_id ? SYNFIX_QUIRK_ID_ZERO : 0);
}

static const char *write_sig(const old_signature_t *old, synfix_direction_t direction, char *sig)
{
    char *at = append_decimal(append_text(sig, "4:"), old->ttl);
    at = append_text(append_text(at, ":0:"), old->mss);
    at = append_text(append_text(at, ":"), old->window);
    at = append_text(append_text(at, ","), old->scale);
    at = append_text(append_text(at, ":"), old->layout);
    if (old->ends) {
        if (old->size < 40 + old->options_size) {
            return "the padding after EOL is unknown";
        }
        at = append_text(at, old->layout[0] != '\0' ? ",eol+" : "eol+");
        at = append_decimal(at, old->size - 40 - old->options_size);
    }
    *at++ = ':';
    at += synfix_quirks_format(all_quirks(old, direction), at);
    at = append_text(at, old->payload ? ":+" : ":0");
    *at = '\0';
    return NULL;
}

const char *sigdb_convert_p0f2(const char *text, size_t length, synfix_direction_t direction, char *sig,
                               size_t *used)
{
    static const char colon[] = "not window:ttl:df:size:options:quirks";
    text_scanner_t scanner;
    old_signature_t old = {.mss = "0", .scale = "0"};
    uint32_t df = 1;
    scanner_start(&scanner, text, length);
    read_window(&scanner, &old);
    scanner_expect(&scanner, ":", colon);
    scanner_number(&scanner, 255, &old.ttl);
    scanner_expect(&scanner, ":", colon);
    if (!scanner_accept(&scanner, "*")) {
        scanner_number(&scanner, 1, &df);
    }
    scanner_expect(&scanner, ":", colon);
    if (!scanner_accept(&scanner, "*")) {
        scanner_number(&scanner, 255, &old.size);
    }
    scanner_expect(&scanner, ":", colon);
    read_options(&scanner, &old);
    scanner_expect(&scanner, ":", colon);
    read_quirks(&scanner, &old);
    old.df = df != 0;
    *used = (size_t)(scanner.at - scanner.start);
    if (scanner.reason != NULL) {
        return scanner.reason;
    }
    if (old.ttl == 0) {
        return "a TTL of 0";
    }
    return write_sig(&old, direction, sig);
}
