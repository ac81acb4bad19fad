/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reduces a match to a higher level of the label's path if the quality of the label is too low. */
#include <string.h>

#include "sigdb/sigdb_internal.h"

/* Labels below the shorter label are not candidates any more. */
static void drop_covered(synfix_match_t *match, bool generation)
{
    size_t kept = 0;
    for (size_t i = 0; i < SYNFIX_OTHERS_MAX; i++) {
        const synfix_label_t *other = match->others[i];
        match->others[i] = NULL;
        if (other == NULL) {
            continue;
        }
        const bool covered = strcmp(other->name, match->label->name) == 0 &&
                             (!generation || strcmp(other->flavor, match->label->flavor) == 0);
        if (covered) {
            match->candidate_count--;
        } else {
            match->others[kept++] = other;
        }
    }
}

static void set_level(const synfix_sigdb_t *sigdb, synfix_level_t level, uint32_t label, uint8_t quality,
                      synfix_match_t *match)
{
    match->label = &sigdb->public_labels[label];
    match->level = (uint8_t)level;
    match->quality = quality;
    drop_covered(match, level == SYNFIX_LEVEL_GENERATION);
}

/* Removes the label: its quality is too low at each level. */
static void clear_match(synfix_match_t *match)
{
    match->label = NULL;
    match->kind = SYNFIX_MATCH_NONE;
    match->level = SYNFIX_LEVEL_NONE;
    match->quality = match->family_quality = 0;
    match->candidate_count = 0;
    match->tool = match->random_ttl = false;
    match->fuzziness = 0;
    memset(match->others, 0, sizeof match->others);
}

/* A fuzzy match lowers all qualities of its entry alike. */
static uint8_t scaled(uint8_t quality, const sigdb_entry_t *entry, const synfix_match_t *match)
{
    const uint8_t full = entry->quality == 0 ? match->quality : entry->quality;
    return full == 0 ? 0 : (uint8_t)((unsigned)quality * match->quality / full);
}

/* Replaces the label by the most specific level above it with sufficient quality. */
static void limit_level(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry, synfix_match_t *match)
{
    const sigdb_label_t *label = sigdb_label_at(sigdb, entry->label);
    const uint8_t generation = scaled(entry->generation_quality, entry, match);
    const uint8_t os_class = scaled(entry->class_quality, entry, match);
    if (entry->generation != 0 && generation >= sigdb->min_quality) {
        set_level(sigdb, SYNFIX_LEVEL_GENERATION, entry->generation - 1, generation, match);
    } else if (match->family_quality >= sigdb->min_quality) {
        set_level(sigdb, SYNFIX_LEVEL_FAMILY, label->family, match->family_quality, match);
    } else if (os_class >= sigdb->min_quality) {
        set_level(sigdb, SYNFIX_LEVEL_CLASS, label->class_only, os_class, match);
    } else {
        clear_match(match);
    }
}

void sigdb_limit(const synfix_sigdb_t *sigdb, synfix_match_t *match)
{
    if (match->label == NULL || match->quality >= sigdb->min_quality) {
        return;
    }
    if (match->tool) { /* the system below a tool is unknown */
        clear_match(match);
    } else {
        limit_level(sigdb, sigdb_entry(sigdb, match->entry), match);
    }
}
