/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counts the candidates: of the entries after the winner, those of at least the same quality that fit as
 * well. */
#include "sigdb/match_choice.h"

static void add_candidate(sigdb_choice_t *choice, uint32_t label, uint32_t entry)
{
    for (unsigned i = 0; i < choice->count; i++) {
        sigdb_candidate_t *known = &choice->candidates[i];
        if (known->label != label) {
            continue;
        }
        known->entry = entry < known->entry ? entry : known->entry;
        return;
    }
    if (choice->count < SYNFIX_CANDIDATES_MAX) {
        choice->candidates[choice->count++] = (sigdb_candidate_t){.label = label, .entry = entry};
    }
}

static void add_labels(sigdb_choice_t *choice, const sigdb_entry_t *entry, uint32_t index)
{
    const sigdb_extra_t *extras = choice->sigdb->extras.items;
    add_candidate(choice, entry->label, index);
    for (unsigned i = 0; i < entry->extra_count; i++) {
        add_candidate(choice, extras[entry->extra_first + i].label, index);
    }
}

/* Entries before the winner in the database were compared already and do not fit as well. */
static bool may_be_candidate(const sigdb_choice_t *choice, const sigdb_entry_t *entry, uint32_t index)
{
    return index > choice->entry && !(entry->generic && choice->fit.tier == SIGDB_TIER_EXACT) &&
           sigdb_quality_of(entry, &choice->fit) >= choice->quality;
}

static void collect(void *context, uint32_t index, bool timestamps_nopped)
{
    sigdb_choice_t *choice = context;
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
static void collect_again(sigdb_choice_t *choice, const sigdb_visited_t *visit)
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
static const sigdb_candidate_t *next_candidate(const sigdb_choice_t *choice, const sigdb_candidate_t *after)
{
    const sigdb_candidate_t *best = NULL;
    for (const sigdb_candidate_t *one = choice->candidates; one < choice->candidates + choice->count; one++) {
        const bool behind = one->entry > after->entry || (one->entry == after->entry && one > after);
        if (behind && (best == NULL || one->entry < best->entry)) {
            best = one;
        }
    }
    return best;
}

size_t sigdb_list_candidates(sigdb_choice_t *choice, const synfix_label_t **others, size_t capacity)
{
    size_t written = 0;
    choice->count = 0;
    add_labels(choice, sigdb_entry(choice->sigdb, choice->entry), choice->entry);
    if (choice->visit_count > SIGDB_VISITS_MAX) {
        sigdb_index_visit(&choice->sigdb->index, choice->direction, choice->query.signature, collect, choice);
    }
    for (uint32_t i = 0; choice->visit_count <= SIGDB_VISITS_MAX && i < choice->visit_count; i++) {
        collect_again(choice, &choice->visits[i]);
    }
    for (const sigdb_candidate_t *one = next_candidate(choice, &choice->candidates[0]);
         one != NULL && written < capacity; one = next_candidate(choice, one)) {
        others[written++] = &choice->sigdb->public_labels[one->label];
    }
    return choice->count;
}
