/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * nDPI's TCP fingerprints: `flags_ttl_window_hash`, where the hash is the first 48 bits of the SHA-256 of the
 * options in hexadecimal, values included but for timestamps. The hash is not invertible, so the layouts of
 * the database are tried with common MSS and scales.
 */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/sha256.h"
#include "sigdb/sigdb_internal.h"
#include "sigdb_tools/convert.h"

enum { HASH_SIZE = 6, SCALE_MAX = 14 };

typedef struct hashed {
    uint32_t flags;
    uint32_t ttl;
    uint32_t window;
    uint8_t hash[HASH_SIZE];
} hashed_t;

static const uint16_t usual_mss[] = {
    1460, 1440, 1452, 1400, 1380, 1360, 1420, 1410, 1412, 1414, 1416, 1418, 1424, 1428,  1430,
    1432, 1436, 1442, 1448, 1450, 1456, 1464, 1340, 1350, 1300, 1310, 1320, 1330, 1370,  1390,
    1240, 1250, 1260, 1280, 1220, 1200, 1160, 536,  0,    8960, 8961, 8940, 9960, 65495, 65475,
};

static void read_hashed(text_scanner_t *scanner, hashed_t *hashed)
{
    static const char form[] = "not flags_ttl_window_hash";
    static const char digits[] = "0123456789abcdef";
    scanner_number(scanner, 4095, &hashed->flags);
    scanner_expect(scanner, "_", form);
    scanner_number(scanner, 255, &hashed->ttl);
    scanner_expect(scanner, "_", form);
    scanner_number(scanner, 65535, &hashed->window);
    scanner_expect(scanner, "_", form);
    if (scanner->reason != NULL) {
        return;
    }
    for (unsigned i = 0; i < 2 * HASH_SIZE; i++, scanner->at++) {
        const char *digit =
            scanner->at < scanner->end ? memchr(digits, *scanner->at, sizeof digits - 1) : NULL;
        if (digit == NULL) {
            scanner_fail(scanner, form);
            return;
        }
        hashed->hash[i / 2] = (uint8_t)(hashed->hash[i / 2] << 4 | (digit - digits));
    }
}

/* False: the value of the option is unknown. */
static bool options_text(const text_layout_t *layout, uint32_t mss, uint32_t scale, char *text)
{
    for (unsigned i = 0; i < layout->count; i++) {
        const unsigned kind = layout->kinds[i];
        if (kind > SYNFIX_OPTION_SOK && kind != SYNFIX_OPTION_TS) {
            return false;
        }
        text += sprintf(text, "%02x", kind);
        if (kind == SYNFIX_OPTION_MSS) {
            text += sprintf(text, "%04x", mss);
        } else if (kind == SYNFIX_OPTION_WS) {
            text += sprintf(text, "%02x", scale);
        }
    }
    return true;
}

static bool hash_is(const char *text, const uint8_t *wanted)
{
    uint8_t digest[32];
    sha256(text, strlen(text), digest);
    return memcmp(digest, wanted, HASH_SIZE) == 0;
}

static bool layout_has(const text_layout_t *layout, uint8_t kind)
{
    return memchr(layout->kinds, kind, layout->count) != NULL;
}

static bool try_layout(const text_layout_t *layout, const hashed_t *hashed, uint32_t *mss, uint32_t *scale)
{
    char text[2 * SYNFIX_OPTION_LAYOUT_MAX * 3 + 1] = "";
    const size_t mss_count =
        layout_has(layout, SYNFIX_OPTION_MSS) ? sizeof usual_mss / sizeof usual_mss[0] : 1;
    const unsigned scale_most = layout_has(layout, SYNFIX_OPTION_WS) ? SCALE_MAX : 0;
    for (size_t i = 0; i < mss_count; i++) {
        for (*scale = 0; *scale <= scale_most; (*scale)++) {
            *mss = mss_count > 1 ? usual_mss[i] : 0;
            if (!options_text(layout, *mss, *scale, text)) {
                return false;
            }
            if (hash_is(text, hashed->hash)) {
                return true;
            }
        }
    }
    return false;
}

static bool same_as_before(const synfix_sigdb_t *known, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (memcmp(&sigdb_entry(known, i)->layout, &sigdb_entry(known, index)->layout,
                   sizeof(text_layout_t)) == 0) {
            return true;
        }
    }
    return false;
}

static void write_sig(const hashed_t *hashed, const text_layout_t *layout, uint32_t mss, uint32_t scale,
                      char *sig)
{
    synfix_signature_t signature = {.layout_count = layout->count, .eol_padding = layout->eol_padding};
    char layout_text[SYNFIX_LAYOUT_TEXT_SIZE];
    memcpy(signature.layout, layout->kinds, sizeof signature.layout);
    synfix_layout_format(&signature, layout_text);
    (void)snprintf(sig, SIGDB_CONVERTED_SIZE, "*:%u:0:%u:%u,%u:%s:df?,id+?,id-?,flow?%s:0", hashed->ttl, mss,
                   hashed->window, scale, layout_text, hashed->flags == 2 ? "" : ",ecn");
}

const char *sigdb_convert_ndpi(const synfix_sigdb_t *known, const char *text, size_t length, char *sig,
                               size_t *used)
{
    enum { SYN = 2, SYN_WITH_ECN = 0xc2 };
    text_scanner_t scanner;
    hashed_t hashed = {0};
    uint32_t mss;
    uint32_t scale;
    scanner_start(&scanner, text, length);
    read_hashed(&scanner, &hashed);
    *used = (size_t)(scanner.at - scanner.start);
    if (scanner.reason != NULL) {
        return scanner.reason;
    }
    if (hashed.flags != SYN && hashed.flags != SYN_WITH_ECN) {
        return "flags that are no SYN";
    }
    if (hashed.ttl == 0) {
        return "a TTL of 0";
    }
    for (uint32_t i = 0; i < known->entries.count; i++) {
        const text_layout_t *layout = &sigdb_entry(known, i)->layout;
        if (same_as_before(known, i) || !try_layout(layout, &hashed, &mss, &scale)) {
            continue;
        }
        write_sig(&hashed, layout, mss, scale, sig);
        return NULL;
    }
    return "a hash of options that none of the known layouts gives";
}
