/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * First the winner is searched: once an entry fits, later entries of the database that cannot be better are
 * skipped. Then the candidates are counted: of the entries after the winner, those of at least the same
 * quality that fit as well.
 */
#include <string.h>

#include "sigdb/sigdb_internal.h"

enum { VISITS_MAX = 96 };

/* An entry that may be a candidate. */
typedef struct visit {
    uint32_t entry;
    bool timestamps_nopped;
    bool compared; /* else tier and distance are not set */
    uint8_t tier;
    uint8_t distance;
} visit_t;

/* A label that fits as well as the winner's, with the first of its entries. */
typedef struct candidate {
    uint32_t label;
    uint32_t entry;
} candidate_t;

typedef struct choice {
    const synfix_sigdb_t *sigdb;
    sigdb_query_t query;
    synfix_signature_t changed; /* the altered signature of the query; unused for the observed one */
    synfix_direction_t direction;
    bool uses_offers;
    sigdb_comparison_t fit; /* of the winner */
    uint32_t entry;
    uint8_t quality;
    uint32_t visit_count; /* beyond VISITS_MAX the index is searched again */
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

static uint8_t quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    static const uint8_t defaults[] = {
        [SYNFIX_MATCH_NONE] = 0,   [SYNFIX_MATCH_EXACT] = 95,         [SYNFIX_MATCH_GENERIC] = 80,
        [SYNFIX_MATCH_FUZZY] = 60, [SYNFIX_MATCH_FUZZY_GENERIC] = 40,
    };
    if (entry->quality == 0) {
        return defaults[kind_of(fit->tier, entry)];
    }
    return reduced(entry->quality, entry, fit);
}

static uint8_t family_quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit)
{
    return entry->family_quality == 0 ? quality_of(entry, fit) : reduced(entry->family_quality, entry, fit);
}

/* A tool needs an exact match: its signature is a set of peculiarities. */
static bool is_tool_by_half(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry,
                            const sigdb_comparison_t *fit)
{
    return fit->tier == SIGDB_TIER_FUZZY && !entry->ttl_rewritable && sigdb->public_labels[entry->label].tool;
}

/* The nearer of two fuzzy matches wins (entries of p0f's grammar have no distance), else the first. */
static bool is_better(const choice_t *choice, uint32_t index, const sigdb_comparison_t *fit)
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

static void note_visit(choice_t *choice, visit_t visit)
{
    if (choice->visit_count < VISITS_MAX) {
        choice->visits[choice->visit_count] = visit;
    }
    choice->visit_count++;
}

static void consider(void *context, uint32_t index, bool timestamps_nopped)
{
    choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    sigdb_comparison_t fit;
    choice->uses_offers |= (entry->offered | entry->not_offered) != 0;
    const sigdb_tier_t best_it_can = entry->generic ? SIGDB_TIER_GENERIC : SIGDB_TIER_EXACT;
    if (index >= choice->entry && choice->fit.tier <= best_it_can) {
        note_visit(choice, (visit_t){.entry = index, .timestamps_nopped = timestamps_nopped});
        return;
    }
    sigdb_compare(entry, timestamps_nopped, &choice->query, &fit);
    if (fit.tier == SIGDB_TIER_NONE) {
        return;
    }
    note_visit(choice, (visit_t){index, timestamps_nopped, true, (uint8_t)fit.tier, fit.distance});
    if (!is_better(choice, index, &fit) || (entry->own && is_tool_by_half(choice->sigdb, entry, &fit))) {
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

/* Entries before the winner in the database were compared already and do not fit as well. */
static bool may_be_candidate(const choice_t *choice, const sigdb_entry_t *entry, uint32_t index)
{
    return index > choice->entry && !(entry->generic && choice->fit.tier == SIGDB_TIER_EXACT) &&
           quality_of(entry, &choice->fit) >= choice->quality;
}

static void collect(void *context, uint32_t index, bool timestamps_nopped)
{
    choice_t *choice = context;
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, index);
    sigdb_comparison_t fit;
    if (!may_be_candidate(choice, entry, index)) {
        return;
    }
    sigdb_compare(entry, timestamps_nopped, &choice->query, &fit);
    if (fit.tier == choice->fit.tier && fit.distance == choice->fit.distance) {
        add_labels(choice, entry, index);
    }
}

/* collect, for an entry that consider visited. */
static void collect_again(choice_t *choice, const visit_t *visit)
{
    const sigdb_entry_t *entry = sigdb_entry(choice->sigdb, visit->entry);
    if (!visit->compared) {
        collect(choice, visit->entry, visit->timestamps_nopped);
    } else if (visit->tier == choice->fit.tier && visit->distance == choice->fit.distance &&
               may_be_candidate(choice, entry, visit->entry)) {
        add_labels(choice, entry, visit->entry);
    }
}

/* The next entry after @p after in database order; NULL after the last one. */
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

/* Writes the labels other than the winner's into @p others, up to its capacity. Returns the number of labels
 * that fit, the winner's included.
 */
static size_t list_candidates(choice_t *choice, const synfix_label_t **others, size_t capacity)
{
    size_t written = 0;
    choice->count = 0;
    add_labels(choice, sigdb_entry(choice->sigdb, choice->entry), choice->entry);
    if (choice->visit_count > VISITS_MAX) {
        sigdb_index_visit(&choice->sigdb->index, choice->direction, choice->query.signature, collect, choice);
    }
    for (uint32_t i = 0; choice->visit_count <= VISITS_MAX && i < choice->visit_count; i++) {
        collect_again(choice, &choice->visits[i]);
    }
    for (const candidate_t *one = next_candidate(choice, &choice->candidates[0]);
         one != NULL && written < capacity; one = next_candidate(choice, one)) {
        others[written++] = &choice->sigdb->public_labels[one->label];
    }
    return choice->count;
}

/* Whether an entry fits the query. */
static bool look_up(choice_t *choice)
{
    choice->visit_count = 0; /* elements of `visits` from visit_count on are not read */
    sigdb_index_visit(&choice->sigdb->index, choice->direction, choice->query.signature, consider, choice);
    return choice->fit.tier != SIGDB_TIER_NONE;
}

/* NOPs that an added option needs (positive) or replaces, the usual ones first. */
static const int nops_of_added[] = {0, 1, 2, 3, -1, -2, -3};

enum { NOPS_COUNT = sizeof nops_of_added / sizeof nops_of_added[0] };

/* Matches the signature without options that a path or a socket added. */
static bool look_up_without_added(choice_t *choice, const synfix_signature_t *signature)
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
static bool look_up_unclamped(choice_t *choice, const synfix_signature_t *signature)
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
static bool choose(choice_t *choice, const synfix_sigdb_t *sigdb, synfix_direction_t direction,
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
    choice->quality = quality_of(entry, &choice->fit);
    return !is_tool_by_half(sigdb, entry, &choice->fit);
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
    match->family_quality = family_quality_of(entry, &choice->fit);
    match->level = SYNFIX_LEVEL_VERSION;
    match->fuzziness = choice->fit.distance;
    match->clock = entry->clock.policy;
    match->clock_rate_count = entry->clock.count;
    memcpy(match->clock_hertz, entry->clock.hertz, sizeof match->clock_hertz);
    match->candidate_count = (uint8_t)list_candidates(choice, match->others, SYNFIX_OTHERS_MAX);
    if (choice->fit.ttl_in_range) {
        match->initial_ttl = entry->ttl;
        match->distance = (uint8_t)(entry->ttl - choice->query.signature->ttl);
    }
}

static void match_with(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                       const synfix_signature_t *signature, uint8_t offers, synfix_match_t *match)
{
    choice_t choice;
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
    choice_t choice;
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
    choice_t choice;
    if (!choose(&choice, sigdb, direction, signature, 0)) {
        return 0;
    }
    if (capacity == 0) {
        return list_candidates(&choice, NULL, 0);
    }
    labels[0] = &sigdb->public_labels[sigdb_entry(sigdb, choice.entry)->label];
    return list_candidates(&choice, labels + 1, capacity - 1);
}
