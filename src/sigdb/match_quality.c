/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Qualities of matches: those of the database, or of the kind of match where the database states none. */
#include "sigdb/match_choice.h"

synfix_match_kind_t sigdb_kind_of(sigdb_tier_t tier, const sigdb_entry_t *entry)
{
    if (tier == SIGDB_TIER_FUZZY) {
        return entry->generic ? SYNFIX_MATCH_FUZZY_GENERIC : SYNFIX_MATCH_FUZZY;
    }
    return entry->generic ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
}

static uint8_t reduced(uint8_t quality, const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    if (fit->tier != SIGDB_TIER_FUZZY) {
        return quality;
    }
    if (!entry->own) {
        return (uint8_t)(quality * 3 / 4);
    }
    return (uint8_t)(quality * (100 - SIGDB_PERCENT_OF_DISTANCE * fit->distance) / 100);
}

uint8_t sigdb_quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    static const uint8_t defaults[] = {
        [SYNFIX_MATCH_NONE] = 0,   [SYNFIX_MATCH_EXACT] = 95,         [SYNFIX_MATCH_GENERIC] = 80,
        [SYNFIX_MATCH_FUZZY] = 60, [SYNFIX_MATCH_FUZZY_GENERIC] = 40,
    };
    if (entry->quality == 0) {
        return defaults[sigdb_kind_of(fit->tier, entry)];
    }
    return reduced(entry->quality, entry, fit);
}

uint8_t sigdb_family_quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    return entry->family_quality == 0 ? sigdb_quality_of(entry, fit)
                                      : reduced(entry->family_quality, entry, fit);
}
