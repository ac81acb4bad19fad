/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/model.h"

#define CANDIDATES_MAX SYNFIX_CANDIDATES_MAX

typedef struct choice {
    const synfix_sigdb_t *sigdb;
    const synfix_signature_t *signature;
    sigdb_fit_t fit;
    uint32_t entry;
    uint8_t label_count; /* different labels of the best tier */
    uint32_t labels[CANDIDATES_MAX];
} choice_t;

static void add_candidate(choice_t *choice, uint32_t label)
{
    for (unsigned i = 0; i < choice->label_count; i++) {
        if (choice->labels[i] == label)
            return;
    }
    if (choice->label_count < CANDIDATES_MAX)
        choice->labels[choice->label_count++] = label;
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
        choice->label_count = 0;
        choice->entry = UINT32_MAX;
    }
    if (index < choice->entry) {
        choice->entry = index;
        choice->fit = fit;
    }
    add_candidate(choice, entry->label);
    for (unsigned i = 0; i < entry->extra_count; i++)
        add_candidate(choice, extras[entry->extra_first + i].label);
}

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

static void fill_match(const choice_t *choice, synfix_match_t *match)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, choice->entry);
    match->label = &choice->sigdb->public_labels[entry->label];
    const bool generic = match->label->type == 'g';
    if (choice->fit.tier == SIGDB_TIER_FUZZY)
        match->kind = generic ? SYNFIX_MATCH_FUZZY_GENERIC : SYNFIX_MATCH_FUZZY;
    else
        match->kind = generic ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
    match->tool = match->label->tool;
    match->entry = choice->entry;
    match->candidate_count = choice->label_count;
    match->random_ttl = entry->random_ttl;
    match->quality = quality_of(entry, match->kind);
    if (choice->fit.ttl_in_range) {
        match->initial_ttl = entry->ttl;
        match->distance = (uint8_t)(entry->ttl - choice->signature->ttl);
    }
}

/* False when nothing fits. */
static bool choose(choice_t *choice, synfix_direction_t direction)
{
    const synfix_sigdb_t *sigdb = choice->sigdb;
    choice->fit.tier = SIGDB_TIER_NONE;
    choice->entry = UINT32_MAX;
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
    choice_t choice = {.sigdb = sigdb, .signature = signature};
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
    choice_t choice = {.sigdb = sigdb, .signature = signature};
    if (!choose(&choice, direction))
        return 0;
    const uint32_t winner = sigdb_entry(sigdb, choice.entry)->label;
    size_t written = 0;
    if (capacity > 0)
        labels[written++] = &sigdb->public_labels[winner];
    for (unsigned i = 0; i < choice.label_count && written < capacity; i++)
        if (choice.labels[i] != winner)
            labels[written++] = &sigdb->public_labels[choice.labels[i]];
    return choice.label_count;
}
