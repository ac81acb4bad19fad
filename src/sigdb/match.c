/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First the winner is searched: once an entry fits, later entries of the database that cannot be better are
 * skipped. Then the candidates are counted (match_candidates.c).
 */
#include <string.h>

#include "sigdb/match_choice.h"

/* A tool needs an exact match: its signature consists of unusual values. */
static bool is_tool_by_half(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry,
                            const sigdb_comparison_t *fit)
{
    return fit->tier == SIGDB_TIER_FUZZY && !entry->ttl_rewritable && sigdb->public_labels[entry->label].tool;
}

/* The nearer of two fuzzy matches wins (entries of p0f's grammar have no distance), else the first. */
static bool is_better(const sigdb_choice_t *choice, uint32_t index, const sigdb_comparison_t *fit)
{
    if (fit->tier != choice->fit.tier) {
        return fit->tier < choice->fit.tier;
    }
    if (fit->tier == SIGDB_TIER_NONE) {
        return false;
    }
    return fit->distance != choice->fit.distance ? fit->distance < choice->fit.distance
                                                 : index < choice->entry;
}

static void note_visit(sigdb_choice_t *choice, sigdb_visited_t visit)
{
    if (choice->visit_count < SIGDB_VISITS_MAX) {
        choice->visits[choice->visit_count] = visit;
    }
    choice->visit_count++;
}

static void consider(void *context, uint32_t index, bool timestamps_nopped)
{
    sigdb_choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    sigdb_comparison_t fit;
    choice->uses_offers |= (entry->offered | entry->not_offered) != 0;
    const sigdb_tier_t best_it_can = entry->generic ? SIGDB_TIER_GENERIC : SIGDB_TIER_EXACT;
    if (index >= choice->entry && choice->fit.tier <= best_it_can) {
        note_visit(choice, (sigdb_visited_t){.entry = index, .timestamps_nopped = timestamps_nopped});
        return;
    }
    sigdb_compare(entry, timestamps_nopped, &choice->query, &fit);
    if (fit.tier == SIGDB_TIER_NONE) {
        return;
    }
    note_visit(choice, (sigdb_visited_t){index, timestamps_nopped, true, (uint8_t)fit.tier, fit.distance});
    if (!is_better(choice, index, &fit) || (entry->own && is_tool_by_half(choice->sigdb, entry, &fit))) {
        return;
    }
    choice->entry = index;
    choice->fit = fit;
}

/* Whether an entry fits the query. */
static bool look_up(sigdb_choice_t *choice)
{
    choice->visit_count = 0; /* elements of `visits` from visit_count on are not read */
    sigdb_index_visit(&choice->sigdb->index, choice->direction, choice->query.signature, consider, choice);
    return choice->fit.tier != SIGDB_TIER_NONE;
}

/* NOPs that an added option needs (positive) or replaces, the usual ones first. */
static const int nops_of_added[] = {0, 1, 2, 3, -1, -2, -3};

enum { NOPS_COUNT = sizeof nops_of_added / sizeof nops_of_added[0] };

/* Matches the signature without options that a path or a socket added. */
static bool look_up_without_added(sigdb_choice_t *choice, const synfix_signature_t *signature)
{
    const uint64_t *added = choice->sigdb->added_options;
    const unsigned count = sigdb_count_added(signature, added);
    const unsigned others = count > 1 ? NOPS_COUNT : 1;
    choice->query.own_only = true;
    for (unsigned i = 0; count > 0 && i < NOPS_COUNT * others; i++) {
        const int nops[SIGDB_ADDED_VARIED] = {nops_of_added[i / others], nops_of_added[i % others]};
        if (!sigdb_without_added(signature, added, nops, &choice->changed)) {
            continue;
        }
        choice->query.signature = &choice->changed;
        if (look_up(choice)) {
            return true;
        }
    }
    return false;
}

/* Matches the signature with the MSS values that a path may have clamped. */
static bool look_up_unclamped(sigdb_choice_t *choice, const synfix_signature_t *signature)
{
    choice->query.own_only = true;
    choice->query.mss_clamped = true;
    choice->query.signature = &choice->changed;
    if (signature->mss < SIGDB_MSS_CLAMPED_MIN) {
        return false;
    }
    for (const uint16_t *mss = sigdb_usual_mss; *mss != 0; mss++) {
        if (*mss <= signature->mss) {
            continue;
        }
        sigdb_with_mss(signature, *mss, &choice->changed);
        if (look_up(choice)) {
            return true;
        }
    }
    return false;
}

/* False: no entry fits. */
static bool choose(sigdb_choice_t *choice, const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                   const synfix_signature_t *signature, uint8_t offers)
{
    choice->sigdb = sigdb;
    choice->query = (sigdb_query_t){.signature = signature, .offers = offers};
    choice->direction = direction;
    choice->uses_offers = false;
    choice->fit = (sigdb_comparison_t){.tier = SIGDB_TIER_NONE};
    choice->entry = UINT32_MAX;
    if (!sigdb->finished) {
        return false;
    }
    if (!look_up(choice) && !(sigdb->has_own && (look_up_without_added(choice, signature) ||
                                                 look_up_unclamped(choice, signature)))) {
        return false;
    }
    const sigdb_entry_t *entry = sigdb_entry(sigdb, choice->entry);
    choice->quality = sigdb_quality_of(entry, &choice->fit);
    return !is_tool_by_half(sigdb, entry, &choice->fit);
}

static void fill_match(sigdb_choice_t *choice, synfix_match_t *match)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, choice->entry);
    match->label = &choice->sigdb->public_labels[entry->label];
    match->kind = (uint8_t)sigdb_kind_of(choice->fit.tier, entry);
    match->tool = match->label->tool;
    match->entry = choice->entry;
    match->random_ttl = entry->random_ttl;
    match->quality = choice->quality;
    match->family_quality = sigdb_family_quality_of(entry, &choice->fit);
    match->level = SYNFIX_LEVEL_VERSION;
    match->fuzziness = choice->fit.distance;
    match->clock = entry->clock.policy;
    match->clock_rate_count = entry->clock.count;
    memcpy(match->clock_hertz, entry->clock.hertz, sizeof match->clock_hertz);
    match->candidate_count = (uint8_t)sigdb_list_candidates(choice, match->others, SYNFIX_OTHERS_MAX);
    if (choice->fit.ttl_in_range) {
        match->initial_ttl = entry->ttl;
        match->distance = (uint8_t)(entry->ttl - choice->query.signature->ttl);
    }
}

static void match_with(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                       const synfix_signature_t *signature, uint8_t offers, synfix_match_t *match)
{
    sigdb_choice_t choice;
    memset(match, 0, sizeof *match);
    match->initial_ttl = synfix_initial_ttl_guess(signature->ttl);
    match->distance = (uint8_t)(match->initial_ttl - signature->ttl);
    if (choose(&choice, sigdb, direction, signature, offers)) {
        fill_match(&choice, match);
    }
    sigdb_limit(sigdb, match);
    match->uses_offers = choice.uses_offers;
    match->excess_distance = match->distance > SYNFIX_DISTANCE_MAX;
}

void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                        const synfix_signature_t *signature, synfix_match_t *match)
{
    match_with(sigdb, direction, signature, 0, match);
}

void synfix_sigdb_match_answer(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature,
                               uint8_t offers, synfix_match_t *match)
{
    match_with(sigdb, SYNFIX_DIRECTION_RESPONSE, signature, offers, match);
}

void sigdb_chosen_query(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                        const synfix_signature_t *signature, uint8_t offers, sigdb_query_t *query,
                        synfix_signature_t *changed)
{
    sigdb_choice_t choice;
    const bool found = choose(&choice, sigdb, direction, signature, offers);
    *query = (sigdb_query_t){.signature = signature, .offers = offers};
    if (!found || choice.query.signature == signature) {
        return;
    }
    *query = choice.query;
    *changed = choice.changed;
    query->signature = changed;
}

size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                               const synfix_signature_t *signature, const synfix_label_t **labels,
                               size_t capacity)
{
    sigdb_choice_t choice;
    if (!choose(&choice, sigdb, direction, signature, 0)) {
        return 0;
    }
    if (capacity == 0) {
        return sigdb_list_candidates(&choice, NULL, 0);
    }
    labels[0] = &sigdb->public_labels[sigdb_entry(sigdb, choice.entry)->label];
    return sigdb_list_candidates(&choice, labels + 1, capacity - 1);
}
