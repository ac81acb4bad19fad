/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/sigdb_internal.h"

static bool next_range(text_scanner_t *scanner, bool extended, uint32_t most, sigdb_range_t *range)
{
    uint32_t low;
    uint32_t high;
    if (!scanner_number(scanner, most, &low)) {
        return false;
    }
    high = low;
    if (extended && scanner_accept(scanner, "-") && !scanner_number(scanner, most, &high)) {
        return false;
    }
    if (high < low) {
        return scanner_fail(scanner, "a range ends below its start");
    }
    *range = (sigdb_range_t){(uint16_t)low, (uint16_t)high};
    return true;
}

static bool parse_set(text_scanner_t *scanner, bool extended, uint32_t most, sigdb_set_t *set)
{
    set->count = 0;
    if (scanner_accept(scanner, "*")) {
        return true;
    }
    do {
        if (set->count == SIGDB_RANGES_MAX) {
            return scanner_fail(scanner, "too many alternatives");
        }
        if (!next_range(scanner, extended, most, &set->ranges[set->count++])) {
            return false;
        }
    } while (extended && scanner_accept(scanner, "|"));
    return true;
}

/* A rule of windows, and the numbers that it accepts. */
typedef struct window_rule {
    const char *word;
    uint8_t kind;
    bool extended; /* not in p0f's own syntax */
    uint16_t least;
    uint16_t most;
} window_rule_t;

static window_rule_t parse_window_rule(text_scanner_t *scanner, bool extended)
{
    static const window_rule_t rules[] = {
        {"mss*", SIGDB_WINDOW_MSS, false, 1, 1000},    {"mtu*", SIGDB_WINDOW_MTU, false, 1, 1000},
        {"%", SIGDB_WINDOW_MODULUS, false, 2, 65535},  {"fit", SIGDB_WINDOW_FIT, true, 1, 65535},
        {"reach", SIGDB_WINDOW_REACH, true, 1, 65535},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if ((extended || !rules[i].extended) && scanner_accept(scanner, rules[i].word)) {
            return rules[i];
        }
    }
    return (window_rule_t){.kind = SIGDB_WINDOW_PLAIN, .most = UINT16_MAX};
}

static bool parse_one_window(text_scanner_t *scanner, bool extended, sigdb_window_t *window)
{
    const window_rule_t rule = parse_window_rule(scanner, extended);
    sigdb_range_t range = {0, 0};
    if (!next_range(scanner, extended, rule.most, &range)) {
        return false;
    }
    if (range.low < rule.least) {
        return scanner_fail(scanner, "the number of the window rule is too small");
    }
    if (range.low != range.high && rule.kind >= SIGDB_WINDOW_MODULUS) {
        return scanner_fail(scanner, "this window rule takes no range");
    }
    window->kind = rule.kind;
    window->low = range.low;
    window->high = range.high;
    return true;
}

static bool parse_windows(text_scanner_t *scanner, bool extended, sigdb_entry_t *entry)
{
    entry->window_count = 0;
    if (scanner_accept(scanner, "*")) {
        return true;
    }
    do {
        if (entry->window_count == SIGDB_RANGES_MAX) {
            return scanner_fail(scanner, "too many alternatives");
        }
        if (!parse_one_window(scanner, extended, &entry->windows[entry->window_count++])) {
            return false;
        }
    } while (extended && scanner_accept(scanner, "|"));
    return true;
}

static void parse_ttl(text_scanner_t *scanner, bool extended, sigdb_entry_t *entry)
{
    uint32_t ttl;
    uint32_t distance = 0;
    scanner_number(scanner, 255, &ttl);
    if (scanner_accept(scanner, "+")) {
        scanner_number(scanner, 255, &distance);
    } else if (scanner_accept(scanner, "-")) {
        entry->random_ttl = true;
    } else if (extended && scanner_accept(scanner, "~")) {
        entry->ttl_rewritable = true;
    }
    ttl += distance;
    if (ttl < 1 || ttl > 255) {
        scanner_fail(scanner, "the initial TTL is 1 to 255");
    }
    entry->ttl = (uint8_t)ttl;
}

static void parse_quirks(text_scanner_t *scanner, bool extended, sigdb_entry_t *entry)
{
    if (scanner->at < scanner->end && *scanner->at == ':') {
        return;
    }
    do {
        uint32_t quirk;
        if (!scanner_quirk(scanner, &quirk)) {
            return;
        }
        if ((entry->quirks | entry->soft_quirks) & quirk) {
            scanner_fail(scanner, "quirk named twice");
            return;
        }
        if (extended && scanner_accept(scanner, "?")) {
            entry->soft_quirks |= quirk;
        } else {
            entry->quirks |= quirk;
        }
    } while (scanner_accept(scanner, ","));
}

/* An entry with quirks of the other IP version would match no packet. */
static void check_quirks(text_scanner_t *scanner, const sigdb_entry_t *entry)
{
    const uint32_t only_4 =
        SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO | SYNFIX_QUIRK_ID_ZERO | SYNFIX_QUIRK_RESERVED;
    if (entry->version == 4 && (entry->quirks & SYNFIX_QUIRK_FLOW)) {
        scanner_fail(scanner, "an IPv4 entry cannot have flow");
    }
    if (entry->version == 6 && (entry->quirks & only_4)) {
        scanner_fail(scanner, "an IPv6 entry cannot have df, id+, id- or 0+");
    }
}

static void parse_version(text_scanner_t *scanner, sigdb_entry_t *entry)
{
    if (scanner_accept(scanner, "4")) {
        entry->version = 4;
    } else if (scanner_accept(scanner, "6")) {
        entry->version = 6;
    } else {
        scanner_expect(scanner, "*", "the IP version is 4, 6 or *");
    }
}

static void parse_payload(text_scanner_t *scanner, sigdb_entry_t *entry)
{
    if (scanner_accept(scanner, "*")) {
        entry->payload = 2;
    } else if (scanner_accept(scanner, "+")) {
        entry->payload = 1;
    } else {
        scanner_expect(scanner, "0", "the payload class is 0, + or *");
    }
    if (scanner->at != scanner->end) {
        scanner_fail(scanner, "something follows the payload class");
    }
}

const char *sigdb_entry_parse(const char *text, size_t length, bool extended, sigdb_entry_t *entry)
{
    static const char colon[] = "a colon is missing, or unexpected text stands before the colon";
    text_scanner_t scanner;
    uint32_t olen;
    scanner_start(&scanner, text, length);
    parse_version(&scanner, entry);
    scanner_expect(&scanner, ":", colon);
    parse_ttl(&scanner, extended, entry);
    scanner_expect(&scanner, ":", colon);
    scanner_number(&scanner, 255, &olen);
    entry->olen = (uint16_t)olen;
    scanner_expect(&scanner, ":", colon);
    parse_set(&scanner, extended, 65535, &entry->mss);
    scanner_expect(&scanner, ":", colon);
    parse_windows(&scanner, extended, entry);
    scanner_expect(&scanner, ",", "the window and the scale are separated by a comma");
    parse_set(&scanner, extended, 255, &entry->scale);
    scanner_expect(&scanner, ":", colon);
    scanner_layout(&scanner, &entry->layout);
    scanner_expect(&scanner, ":", colon);
    parse_quirks(&scanner, extended, entry);
    scanner_expect(&scanner, ":", colon);
    parse_payload(&scanner, entry);
    check_quirks(&scanner, entry);
    return scanner.reason;
}

bool sigdb_layout_nopped(const text_layout_t *layout, text_layout_t *timestamps_nopped)
{
    enum { TIMESTAMPS_SIZE = 10 };
    bool found = false;
    memset(timestamps_nopped, 0, sizeof *timestamps_nopped);
    timestamps_nopped->eol_padding = layout->eol_padding;
    for (unsigned i = 0; i < layout->count; i++) {
        const bool replaced = layout->kinds[i] == SYNFIX_OPTION_TS;
        const unsigned copies = replaced ? TIMESTAMPS_SIZE : 1;
        if (timestamps_nopped->count + copies > SYNFIX_OPTION_LAYOUT_MAX) {
            return false;
        }
        memset(timestamps_nopped->kinds + timestamps_nopped->count,
               replaced ? SYNFIX_OPTION_NOP : layout->kinds[i], copies);
        timestamps_nopped->count = (uint8_t)(timestamps_nopped->count + copies);
        found = found || replaced;
    }
    return found;
}
