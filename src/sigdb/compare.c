/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/sigdb_internal.h"

/* A stack that rounds the window of its SYN+ACK to segments counts the timestamp option, if present, in each
 * segment. */
static bool fits_with_timestamps(const sigdb_window_t *window, const synfix_signature_t *signature)
{
    enum { TIMESTAMPS_SIZE = 12 };
    return signature->mss > TIMESTAMPS_SIZE && signature->window_kind == SYNFIX_WINDOW_MSS &&
           signature->window_multiple == window->low / (signature->mss - TIMESTAMPS_SIZE) &&
           memchr(signature->layout, SYNFIX_OPTION_TS, signature->layout_count) != NULL;
}

static inline bool is_between(uint32_t value, const sigdb_window_t *window)
{
    return value >= window->low && value <= window->high;
}

static bool window_holds(const sigdb_window_t *window, const synfix_signature_t *signature)
{
    const uint32_t value = signature->window;
    const uint32_t mss = signature->mss;
    switch (window->kind) {
    case SIGDB_WINDOW_PLAIN:
        return is_between(value, window);
    case SIGDB_WINDOW_MSS:
    case SIGDB_WINDOW_MTU:
        return signature->window_kind ==
                   (window->kind == SIGDB_WINDOW_MSS ? SYNFIX_WINDOW_MSS : SYNFIX_WINDOW_MTU) &&
               is_between(signature->window_multiple, window);
    case SIGDB_WINDOW_MODULUS:
        return value % window->low == 0;
    case SIGDB_WINDOW_FIT:
        return (mss != 0 && value != 0 && value == window->low / mss * mss) ||
               fits_with_timestamps(window, signature);
    case SIGDB_WINDOW_REACH:
        return mss != 0 && value == (window->low + mss - 1) / mss * mss;
    default:
        return false;
    }
}

static bool windows_hold(const sigdb_entry_t *entry, const synfix_signature_t *signature)
{
    const sigdb_window_t *window = entry->windows;
    for (unsigned i = 0; i < entry->window_count; i++, window++) {
        if (window->kind == SIGDB_WINDOW_PLAIN ? is_between(signature->window, window)
                                               : window_holds(window, signature)) {
            return true;
        }
    }
    return entry->window_count == 0;
}

static bool layout_equals(const sigdb_entry_t *entry, bool timestamps_nopped,
                          const synfix_signature_t *signature)
{
    text_layout_t replaced;
    const text_layout_t *layout = &entry->layout;
    if (timestamps_nopped) {
        if (!sigdb_layout_nopped(layout, &replaced)) {
            return false;
        }
        layout = &replaced;
    }
    return layout->count == signature->layout_count && layout->eol_padding == signature->eol_padding &&
           memcmp(layout->kinds, signature->layout, sizeof layout->kinds) == 0;
}

static sigdb_mismatch_t compare(const sigdb_entry_t *entry, bool timestamps_nopped,
                                const synfix_signature_t *signature)
{
    if (!layout_equals(entry, timestamps_nopped, signature)) {
        return SIGDB_MISMATCH_LAYOUT;
    }
    if (entry->olen != signature->ip_options_length) {
        return SIGDB_MISMATCH_IP_OPTIONS_LENGTH;
    }
    if (entry->version != 0 && entry->version != signature->ip_version) {
        return SIGDB_MISMATCH_VERSION;
    }
    if (!sigdb_set_holds(&entry->mss, signature->mss)) {
        return SIGDB_MISMATCH_MSS;
    }
    if (!windows_hold(entry, signature)) {
        return SIGDB_MISMATCH_WINDOW;
    }
    if (!sigdb_set_holds(&entry->scale, signature->window_scale)) {
        return SIGDB_MISMATCH_SCALE;
    }
    if (entry->payload != 2 && entry->payload != signature->payload) {
        return SIGDB_MISMATCH_PAYLOAD;
    }
    return SIGDB_MISMATCH_NOTHING;
}

enum quirk_fit { QUIRKS_EQUAL, QUIRKS_FUZZY, QUIRKS_DIFFER };

enum {
    QUIRKS_OF_6 = SYNFIX_QUIRK_FLOW,
    QUIRKS_OF_4 = SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO | SYNFIX_QUIRK_ID_ZERO | SYNFIX_QUIRK_RESERVED,
    QUIRKS_OF_TIMESTAMPS = SYNFIX_QUIRK_TS1_ZERO | SYNFIX_QUIRK_TS2_NONZERO,
    QUIRKS_MAY_MISS = SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO, /* a fuzzy match lacks them */
    QUIRKS_MAY_COME = SYNFIX_QUIRK_ID_ZERO | SYNFIX_QUIRK_ECN,   /* or has them in addition */
};

static enum quirk_fit compare_quirks(const sigdb_entry_t *entry, bool timestamps_nopped,
                                     const synfix_signature_t *signature, uint32_t *difference)
{
    uint32_t wanted = entry->quirks;
    if (entry->version == 0) {
        wanted &= ~(uint32_t)(signature->ip_version == 4 ? QUIRKS_OF_6 : QUIRKS_OF_4);
    }
    if (timestamps_nopped) {
        wanted &= ~(uint32_t)QUIRKS_OF_TIMESTAMPS;
    }
    *difference = (wanted ^ signature->quirks) & ~entry->soft_quirks;
    if (*difference == 0) {
        return QUIRKS_EQUAL;
    }
    if ((*difference & wanted & ~(uint32_t)QUIRKS_MAY_MISS) != 0 ||
        (*difference & signature->quirks & ~(uint32_t)QUIRKS_MAY_COME) != 0) {
        return QUIRKS_DIFFER;
    }
    return QUIRKS_FUZZY;
}

void sigdb_excluding_quirks(const sigdb_entry_t *entry, bool timestamps_nopped, uint32_t *required,
                            uint32_t *refused)
{
    uint32_t wanted = entry->quirks;
    if (timestamps_nopped) {
        wanted &= ~(uint32_t)QUIRKS_OF_TIMESTAMPS;
    }
    *refused = ~(wanted | entry->soft_quirks | QUIRKS_MAY_COME);
    if (entry->version == 0) {
        wanted &= ~(uint32_t)(QUIRKS_OF_4 | QUIRKS_OF_6);
    }
    *required = wanted & ~(entry->soft_quirks | QUIRKS_MAY_MISS);
}

/* Conditions on the options of the request, if the request was seen. */
static bool request_fits(const sigdb_entry_t *entry, uint8_t offers)
{
    return (offers & SYNFIX_OFFER_SEEN) == 0 ||
           ((entry->offered & ~offers) == 0 && (entry->not_offered & offers) == 0);
}

static sigdb_mismatch_t compare_query(const sigdb_entry_t *entry, bool timestamps_nopped,
                                      const sigdb_query_t *query)
{
    if (query->own_only && !entry->own) {
        return SIGDB_MISMATCH_GRAMMAR;
    }
    const sigdb_mismatch_t mismatch = compare(entry, timestamps_nopped, query->signature);
    if (mismatch == SIGDB_MISMATCH_NOTHING && !request_fits(entry, query->offers)) {
        return SIGDB_MISMATCH_REQUEST;
    }
    return mismatch;
}

static void set_ttl_in_range(const sigdb_entry_t *entry, const synfix_signature_t *signature,
                             sigdb_comparison_t *fit)
{
    fit->ttl_in_range = signature->ttl <= entry->ttl &&
                        (entry->random_ttl || entry->ttl - signature->ttl <= SYNFIX_DISTANCE_MAX);
    if (!fit->ttl_in_range) {
        fit->mismatch = SIGDB_MISMATCH_TTL;
    }
}

void sigdb_compare(const sigdb_entry_t *entry, bool timestamps_nopped, const sigdb_query_t *query,
                   sigdb_comparison_t *fit)
{
    uint32_t difference;
    fit->tier = SIGDB_TIER_NONE;
    fit->ttl_in_range = false;
    fit->distance = 0;
    fit->mismatch = compare_query(entry, timestamps_nopped, query);
    if (fit->mismatch != SIGDB_MISMATCH_NOTHING) {
        return;
    }
    const enum quirk_fit quirks = compare_quirks(entry, timestamps_nopped, query->signature, &difference);
    if (quirks != QUIRKS_EQUAL) {
        fit->mismatch = SIGDB_MISMATCH_QUIRKS;
    }
    if (quirks == QUIRKS_DIFFER) {
        return;
    }
    set_ttl_in_range(entry, query->signature, fit);
    if (entry->random_ttl && !fit->ttl_in_range) {
        return;
    }
    if (quirks == QUIRKS_EQUAL && fit->ttl_in_range && !timestamps_nopped && !query->mss_clamped) {
        fit->tier = entry->generic ? SIGDB_TIER_GENERIC : SIGDB_TIER_EXACT;
    } else if (!entry->own) {
        fit->tier = SIGDB_TIER_FUZZY;
    } else {
        sigdb_distance(entry, timestamps_nopped, query, difference, fit);
    }
}
