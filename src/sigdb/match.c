/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/model.h"

/* A label of the best tier so far, with the first of its entries and the best of their qualities. */
typedef struct candidate {
    uint32_t label;
    uint32_t entry;
    uint8_t quality;
} candidate_t;

typedef struct choice {
    const synfix_sigdb_t *sigdb;
    const synfix_signature_t *signature;
    sigdb_fit_t fit;
    uint32_t entry;
    uint8_t count;
    candidate_t candidates[SYNFIX_CANDIDATES_MAX];
} choice_t;

static uint8_t quality_of(const sigdb_entry_t *entry, synfix_match_kind_t kind)
{
    static const uint8_t defaults[] = {
        [SYNFIX_MATCH_NONE] = 0,   [SYNFIX_MATCH_EXACT] = 95,         [SYNFIX_MATCH_GENERIC] = 80,
        [SYNFIX_MATCH_FUZZY] = 60, [SYNFIX_MATCH_FUZZY_GENERIC] = 40,
    };
    if (entry->quality == 0)
        return defaults[kind];
    const bool fuzzy = kind == SYNFIX_MATCH_FUZZY || kind == SYNFIX_MATCH_FUZZY_GENERIC;
    return fuzzy ? (uint8_t)(entry->quality * 3 / 4) : entry->quality;
}

static synfix_match_kind_t kind_of(const choice_t *choice, sigdb_tier_t tier, uint32_t label)
{
    const bool generic = sigdb_label_at(choice->sigdb, label)->type == 'g';
    if (tier == SIGDB_TIER_FUZZY)
        return generic ? SYNFIX_MATCH_FUZZY_GENERIC : SYNFIX_MATCH_FUZZY;
    return generic ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
}

static void add_candidate(choice_t *choice, uint32_t label, uint32_t entry, uint8_t quality)
{
    for (unsigned i = 0; i < choice->count; i++) {
        candidate_t *known = &choice->candidates[i];
        if (known->label != label)
            continue;
        known->entry = entry < known->entry ? entry : known->entry;
        known->quality = quality > known->quality ? quality : known->quality;
        return;
    }
    if (choice->count < SYNFIX_CANDIDATES_MAX)
        choice->candidates[choice->count++] =
            (candidate_t){.label = label, .entry = entry, .quality = quality};
}

static void consider(void *context, uint32_t index, bool noped)
{
    choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    const sigdb_extra_t *extras = choice->sigdb->extras.items;
    const sigdb_fit_t fit = sigdb_fit(choice->sigdb, entry, noped, choice->signature);
    if (fit.tier > choice->fit.tier || fit.tier == SIGDB_TIER_NONE)
        return;
    if (fit.tier < choice->fit.tier) {
        choice->count = 0;
        choice->entry = UINT32_MAX;
    }
    if (index < choice->entry) {
        choice->entry = index;
        choice->fit = fit;
    }
    const uint8_t quality = quality_of(entry, kind_of(choice, fit.tier, entry->label));
    add_candidate(choice, entry->label, index, quality);
    for (unsigned i = 0; i < entry->extra_count; i++)
        add_candidate(choice, extras[entry->extra_first + i].label, index, quality);
}

/* The next label behind @p after in the order of the database that fits with no less than @p quality. */
static const candidate_t *next_candidate(const choice_t *choice, uint8_t quality, const candidate_t *after)
{
    const candidate_t *best = NULL;
    for (const candidate_t *one = choice->candidates; one < choice->candidates + choice->count; one++) {
        const bool behind =
            after == NULL || one->entry > after->entry || (one->entry == after->entry && one > after);
        if (behind && one->quality >= quality && (best == NULL || one->entry < best->entry))
            best = one;
    }
    return best;
}

/* The labels but for the winner's into @p others, as far as there is room; how many fit, with the winner's.
 */
static size_t list_candidates(const choice_t *choice, const synfix_label_t **others, size_t capacity)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, choice->entry);
    const uint8_t quality = quality_of(entry, kind_of(choice, choice->fit.tier, entry->label));
    size_t count = 1;
    for (const candidate_t *one = next_candidate(choice, quality, NULL); one != NULL;
         one = next_candidate(choice, quality, one)) {
        if (one->label == entry->label)
            continue;
        if (count <= capacity)
            others[count - 1] = &choice->sigdb->public_labels[one->label];
        count++;
    }
    return count;
}

static void fill_match(const choice_t *choice, synfix_match_t *match)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, choice->entry);
    match->label = &choice->sigdb->public_labels[entry->label];
    match->kind = (uint8_t)kind_of(choice, choice->fit.tier, entry->label);
    match->tool = match->label->tool;
    match->entry = choice->entry;
    match->random_ttl = entry->random_ttl;
    match->quality = quality_of(entry, match->kind);
    match->candidate_count = (uint8_t)list_candidates(choice, match->others, SYNFIX_OTHERS_MAX);
    if (choice->fit.ttl_in_range) {
        match->initial_ttl = entry->ttl;
        match->distance = (uint8_t)(entry->ttl - choice->signature->ttl);
    }
}

/* What is behind the candidates in use is never looked at. */
static void begin(choice_t *choice, const synfix_sigdb_t *sigdb, const synfix_signature_t *signature)
{
    choice->sigdb = sigdb;
    choice->signature = signature;
    choice->fit = (sigdb_fit_t){.tier = SIGDB_TIER_NONE};
    choice->entry = UINT32_MAX;
    choice->count = 0;
}

/* False when nothing fits. */
static bool choose(choice_t *choice, synfix_direction_t direction)
{
    const synfix_sigdb_t *sigdb = choice->sigdb;
    if (sigdb->finished)
        sigdb_index_visit(&sigdb->index, direction, choice->signature, consider, choice);
    if (choice->fit.tier == SIGDB_TIER_NONE)
        return false;
    /* A tool is recognised by all of its peculiarities or not at all. */
    const sigdb_entry_t *entry = sigdb_entry(sigdb, choice->entry);
    return choice->fit.tier != SIGDB_TIER_FUZZY || entry->soft_ttl ||
           !sigdb->public_labels[entry->label].tool;
}

void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                        const synfix_signature_t *signature, synfix_match_t *match)
{
    choice_t choice;
    begin(&choice, sigdb, signature);
    memset(match, 0, sizeof *match);
    match->initial_ttl = synfix_initial_ttl_guess(signature->ttl);
    match->distance = (uint8_t)(match->initial_ttl - signature->ttl);
    if (choose(&choice, direction))
        fill_match(&choice, match);
    match->excess_distance = match->distance > SYNFIX_DISTANCE_MAX;
}

size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                               const synfix_signature_t *signature, const synfix_label_t **labels,
                               size_t capacity)
{
    choice_t choice;
    begin(&choice, sigdb, signature);
    if (!choose(&choice, direction))
        return 0;
    if (capacity == 0)
        return list_candidates(&choice, NULL, 0);
    labels[0] = &sigdb->public_labels[sigdb_entry(sigdb, choice.entry)->label];
    return list_candidates(&choice, labels + 1, capacity - 1);
}
