/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Distance between an observation and an entry of synfix's grammar. It counts the changes that networks make:
 * routers lower the TTL and mark ECN, gateways replace TTL, DF and ID, middleboxes overwrite timestamps and
 * clamp the MSS. Networks alter no other field, so no other field has a distance.
 */
#include <string.h>

#include "sigdb/sigdb_internal.h"

static uint8_t ttl_cost(const sigdb_entry_t *entry, const synfix_signature_t *signature,
                        const sigdb_comparison_t *fit)
{
    if (fit->ttl_in_range) {
        return 0;
    }
    const bool same = synfix_initial_ttl_guess(signature->ttl) == synfix_initial_ttl_guess(entry->ttl);
    return same ? SIGDB_COST_TTL : SIGDB_COST_TTL_CLASS;
}

static void set_parts(const sigdb_entry_t *entry, bool timestamps_nopped, const sigdb_query_t *query,
                      uint32_t difference, sigdb_comparison_t *fit)
{
    const uint32_t id = SYNFIX_QUIRK_ID_NONZERO | SYNFIX_QUIRK_ID_ZERO;
    const bool df = (difference & SYNFIX_QUIRK_DF) != 0;
    memset(fit->parts, 0, sizeof fit->parts);
    fit->parts[SIGDB_PART_TTL] = ttl_cost(entry, query->signature, fit);
    fit->parts[SIGDB_PART_DF] = df ? SIGDB_COST_DF : 0;
    /* a packet without DF has no `id+`: one change, not two */
    fit->parts[SIGDB_PART_ID] = (difference & id) != 0 && !df ? SIGDB_COST_ID : 0;
    fit->parts[SIGDB_PART_ECN] = (difference & SYNFIX_QUIRK_ECN) != 0 ? SIGDB_COST_ECN : 0;
    fit->parts[SIGDB_PART_NOPS] = timestamps_nopped ? SIGDB_COST_NOPS : 0;
    fit->parts[SIGDB_PART_MSS] = query->mss_clamped ? SIGDB_COST_MSS : 0;
}

/* No path moves a TTL to another class, and a layout of one option is too unspecific without the TTL. */
static bool ttl_rules_out(const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    const uint8_t cost = fit->parts[SIGDB_PART_TTL];
    return !entry->ttl_rewritable && (cost == SIGDB_COST_TTL_CLASS || (cost > 0 && entry->layout.count < 2));
}

void sigdb_distance(const sigdb_entry_t *entry, bool timestamps_nopped, const sigdb_query_t *query,
                    uint32_t difference, sigdb_comparison_t *fit)
{
    set_parts(entry, timestamps_nopped, query, difference, fit);
    for (unsigned i = 0; i < SIGDB_PARTS; i++) {
        fit->distance = (uint8_t)(fit->distance + fit->parts[i]);
    }
    if (ttl_rules_out(entry, fit)) {
        fit->mismatch = SIGDB_MISMATCH_TTL;
    } else if (entry->never_fuzzy || fit->distance > SIGDB_DISTANCE_MAX) {
        fit->mismatch = SIGDB_MISMATCH_DISTANCE;
    } else {
        fit->tier = SIGDB_TIER_FUZZY;
    }
}
