/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First the winner: once something fits, what stands behind it in the database and could be no better is
 * passed over. Then the candidates: of what stands behind the winner only entries of no less quality are
 * compared.
 */
#include <string.h>

#include "sigdb/sigdb_internal.h"

enum { VISITS_MAX = 96 };

typedef struct visit {
    uint32_t entry;
    bool timestamps_nopped;
} visit_t;

/* A label that fits as well as the winner's, with the first of its entries. */
typedef struct candidate {
    uint32_t label;
    uint32_t entry;
} candidate_t;

typedef struct choice {
    const synfix_sigdb_t *sigdb;
    const synfix_signature_t *signature;
    synfix_direction_t direction;
    sigdb_comparison_t fit; /* of the winner */
    uint32_t entry;
    uint8_t quality;
    uint32_t visit_count; /* what the index knows; more than VISITS_MAX are asked for again */
    visit_t visits[VISITS_MAX];
    uint8_t count;
    candidate_t candidates[SYNFIX_CANDIDATES_MAX];
} choice_t;

static synfix_match_kind_t kind_of(sigdb_tier_t tier, const sigdb_entry_t *entry)
{
    if (tier == SIGDB_TIER_FUZZY) {
        return entry->generic ? SYNFIX_MATCH_FUZZY_GENERIC : SYNFIX_MATCH_FUZZY;
    }
    return entry->generic ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
}

static uint8_t quality_of(const sigdb_entry_t *entry, sigdb_tier_t tier)
{
    static const uint8_t defaults[] = {
        [SYNFIX_MATCH_NONE] = 0,   [SYNFIX_MATCH_EXACT] = 95,         [SYNFIX_MATCH_GENERIC] = 80,
        [SYNFIX_MATCH_FUZZY] = 60, [SYNFIX_MATCH_FUZZY_GENERIC] = 40,
    };
    if (entry->quality == 0) {
        return defaults[kind_of(tier, entry)];
    }
    return tier == SIGDB_TIER_FUZZY ? (uint8_t)(entry->quality * 3 / 4) : entry->quality;
}

static void consider(void *context, uint32_t index, bool timestamps_nopped)
{
    choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    sigdb_comparison_t fit;
    if (choice->visit_count < VISITS_MAX) {
        choice->visits[choice->visit_count] = (visit_t){index, timestamps_nopped};
    }
    choice->visit_count++;
    const sigdb_tier_t best_it_can = entry->generic ? SIGDB_TIER_GENERIC : SIGDB_TIER_EXACT;
    if (index > choice->entry && choice->fit.tier <= best_it_can) {
        return;
    }
    sigdb_compare(entry, timestamps_nopped, choice->signature, &fit);
    if (fit.tier > choice->fit.tier || fit.tier == SIGDB_TIER_NONE ||
        (fit.tier == choice->fit.tier && index > choice->entry)) {
        return;
    }
    choice->entry = index;
    choice->fit = fit;
}

static void add_candidate(choice_t *choice, uint32_t label, uint32_t entry)
{
    for (unsigned i = 0; i < choice->count; i++) {
        candidate_t *known = &choice->candidates[i];
        if (known->label != label) {
            continue;
        }
        known->entry = entry < known->entry ? entry : known->entry;
        return;
    }
    if (choice->count < SYNFIX_CANDIDATES_MAX) {
        choice->candidates[choice->count++] = (candidate_t){.label = label, .entry = entry};
    }
}

static void add_labels(choice_t *choice, const sigdb_entry_t *entry, uint32_t index)
{
    const sigdb_extra_t *extras = choice->sigdb->extras.items;
    add_candidate(choice, entry->label, index);
    for (unsigned i = 0; i < entry->extra_count; i++) {
        add_candidate(choice, extras[entry->extra_first + i].label, index);
    }
}

/* What stands before the winner was found not to fit as well. */
static void collect(void *context, uint32_t index, bool timestamps_nopped)
{
    choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    const sigdb_tier_t tier = choice->fit.tier;
    sigdb_comparison_t fit;
    if (index <= choice->entry || (entry->generic && tier == SIGDB_TIER_EXACT) ||
        quality_of(entry, tier) < choice->quality) {
        return;
    }
    sigdb_compare(entry, timestamps_nopped, choice->signature, &fit);
    if (fit.tier == tier) {
        add_labels(choice, entry, index);
    }
}

/* The next one behind @p after in the order of the database; NULL behind the last. */
static const candidate_t *next_candidate(const choice_t *choice, const candidate_t *after)
{
    const candidate_t *best = NULL;
    for (const candidate_t *one = choice->candidates; one < choice->candidates + choice->count; one++) {
        const bool behind = one->entry > after->entry || (one->entry == after->entry && one > after);
        if (behind && (best == NULL || one->entry < best->entry)) {
            best = one;
        }
    }
    return best;
}

/* The labels but for the winner's into @p others, as far as there is room; how many fit, with the winner's.
 */
static size_t list_candidates(choice_t *choice, const synfix_label_t **others, size_t capacity)
{
    size_t written = 0;
    choice->count = 0;
    add_labels(choice, sigdb_entry(choice->sigdb, choice->entry), choice->entry);
    if (choice->visit_count > VISITS_MAX) {
        sigdb_index_visit(&choice->sigdb->index, choice->direction, choice->signature, collect, choice);
    }
    for (uint32_t i = 0; choice->visit_count <= VISITS_MAX && i < choice->visit_count; i++) {
        collect(choice, choice->visits[i].entry, choice->visits[i].timestamps_nopped);
    }
    for (const candidate_t *one = next_candidate(choice, &choice->candidates[0]);
         one != NULL && written < capacity; one = next_candidate(choice, one)) {
        others[written++] = &choice->sigdb->public_labels[one->label];
    }
    return choice->count;
}

/* False when nothing fits. */
static bool choose(choice_t *choice, const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                   const synfix_signature_t *signature)
{
    choice->sigdb = sigdb;
    choice->signature = signature;
    choice->direction = direction;
    choice->fit = (sigdb_comparison_t){.tier = SIGDB_TIER_NONE};
    choice->entry = UINT32_MAX;
    choice->visit_count = 0; /* what is behind it is never looked at */
    if (sigdb->finished) {
        sigdb_index_visit(&sigdb->index, direction, signature, consider, choice);
    }
    if (choice->fit.tier == SIGDB_TIER_NONE) {
        return false;
    }
    /* A tool is recognised by all of its peculiarities or not at all. */
    const sigdb_entry_t *entry = sigdb_entry(sigdb, choice->entry);
    choice->quality = quality_of(entry, choice->fit.tier);
    return choice->fit.tier != SIGDB_TIER_FUZZY || entry->ttl_rewritable ||
           !sigdb->public_labels[entry->label].tool;
}

static void fill_match(choice_t *choice, synfix_match_t *match)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, choice->entry);
    match->label = &choice->sigdb->public_labels[entry->label];
    match->kind = (uint8_t)kind_of(choice->fit.tier, entry);
    match->tool = match->label->tool;
    match->entry = choice->entry;
    match->random_ttl = entry->random_ttl;
    match->quality = choice->quality;
    match->candidate_count = (uint8_t)list_candidates(choice, match->others, SYNFIX_OTHERS_MAX);
    if (choice->fit.ttl_in_range) {
        match->initial_ttl = entry->ttl;
        match->distance = (uint8_t)(entry->ttl - choice->signature->ttl);
    }
}

void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                        const synfix_signature_t *signature, synfix_match_t *match)
{
    choice_t choice;
    memset(match, 0, sizeof *match);
    match->initial_ttl = synfix_initial_ttl_guess(signature->ttl);
    match->distance = (uint8_t)(match->initial_ttl - signature->ttl);
    if (choose(&choice, sigdb, direction, signature)) {
        fill_match(&choice, match);
    }
    match->excess_distance = match->distance > SYNFIX_DISTANCE_MAX;
}

size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                               const synfix_signature_t *signature, const synfix_label_t **labels,
                               size_t capacity)
{
    choice_t choice;
    if (!choose(&choice, sigdb, direction, signature)) {
        return 0;
    }
    if (capacity == 0) {
        return list_candidates(&choice, NULL, 0);
    }
    labels[0] = &sigdb->public_labels[sigdb_entry(sigdb, choice.entry)->label];
    return list_candidates(&choice, labels + 1, capacity - 1);
}
