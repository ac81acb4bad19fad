/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measured qualities. The quality of a label is its share of right answers, with a prior
 * (calibration_prior.c). Observations of one collection resemble each other: a collection counts as at most
 * COLLECTION_WEIGHT observations of one label.
 */
#include "sigdb_tools/calibration.h"

#include <stdlib.h>
#include <string.h>

#include "sigdb/sigdb_internal.h"

static void *grown(void *items, uint32_t count, size_t size)
{
    const bool full = (count & (count - 1)) == 0; /* 0, 1, 2, 4 ... */
    return full ? realloc(items, (count == 0 ? 1 : (size_t)count * 2) * size) : items;
}

static bool find_collection(sigdb_calibration_t *calibration, const char *name, uint32_t *index)
{
    for (*index = 0; *index < calibration->collection_count; (*index)++) {
        if (strcmp(calibration->collections[*index], name) == 0) {
            return true;
        }
    }
    char **collections = grown(calibration->collections, calibration->collection_count, sizeof *collections);
    if (collections == NULL) {
        return false;
    }
    calibration->collections = collections;
    collections[*index] = strdup(name);
    calibration->collection_count += collections[*index] != NULL;
    return collections[*index] != NULL;
}

static bool same_group(const calibration_group_t *one, const calibration_group_t *other)
{
    return one->label == other->label && one->direction == other->direction && one->kind == other->kind &&
           one->quality == other->quality;
}

static bool find_group(sigdb_calibration_t *calibration, const calibration_group_t *wanted, uint32_t *index)
{
    for (*index = 0; *index < calibration->group_count; (*index)++) {
        calibration_group_t *known = &calibration->groups[*index];
        if (same_group(known, wanted)) {
            known->line = wanted->line < known->line ? wanted->line : known->line;
            return true;
        }
    }
    calibration_group_t *groups = grown(calibration->groups, calibration->group_count, sizeof *groups);
    if (groups == NULL) {
        return false;
    }
    calibration->groups = groups;
    groups[calibration->group_count++] = *wanted;
    return true;
}

bool sigdb_calibration_add(sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb,
                           const sigdb_observed_t *observed, const synfix_match_t *match)
{
    const sigdb_outcome_t outcome = sigdb_label_outcome(match->label, observed->name);
    /* For answers without a system, only right ones can be counted. */
    if (outcome == SIGDB_UNDECIDED || sigdb_is_undecided(match->label->name)) {
        return true;
    }
    const sigdb_entry_t *entry = sigdb_entry(sigdb, match->entry);
    const calibration_group_t group = {.label = match->label,
                                       .file = entry->file,
                                       .line = entry->line,
                                       .direction = (uint8_t)observed->direction,
                                       .kind = match->kind,
                                       .quality = match->family_quality};
    calibration_row_t row = {.quality = match->family_quality,
                             .right = outcome == SIGDB_RIGHT,
                             .class_right = sigdb_class_is_right(match->label, observed->name),
                             .weight = observed->weight};
    if (!find_collection(calibration, observed->collection, &row.collection) ||
        !find_group(calibration, &group, &row.group)) {
        return false;
    }
    calibration_row_t *rows = grown(calibration->rows, calibration->row_count, sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    calibration->rows = rows;
    rows[calibration->row_count++] = row;
    return true;
}

void sigdb_calibration_free(sigdb_calibration_t *calibration)
{
    for (uint32_t i = 0; i < calibration->collection_count; i++) {
        free(calibration->collections[i]);
    }
    free(calibration->collections);
    free(calibration->groups);
    free(calibration->rows);
}

static void print_suggestions(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb,
                              const pairs_t *pairs, share_t *shares, unsigned direction, FILE *out)
{
#define KIND(identifier, number, text) [number] = (text),
    static const char *const kinds[] = {SYNFIX_MATCH_KINDS(KIND)};
#undef KIND
    const uint32_t *files = sigdb->files.items;
    calibration_shares(calibration, pairs, NULL, shares);
    const priors_t priors = calibration_priors(calibration, pairs, NULL, shares, direction);
    fprintf(out, "labels, with what all collections suggest (a label without observations: %u):\n",
            calibration_suggested(0, 0, &priors.of[PRIOR_EXACT], SIGDB_QUALITY_SURE - 1));
    fprintf(out, "%-14s %8s %8s %6s %6s %6s  %s\n", "match", "stated", "suggests", "class", "weight", "right",
            "label");
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        const calibration_group_t *group = &calibration->groups[i];
        const share_t *share = &shares[i];
        if (group->direction == direction) {
            const prior_t *prior = prior_of(&priors, group);
            const unsigned most = calibration_most(group, share);
            fprintf(out, "%-14s %8u %8u %6u %6.0f %5.0f%%  %s:%u: %s\n", kinds[group->kind], group->quality,
                    calibration_suggested(share->right, share->all, prior, most),
                    calibration_suggested(share->class_right, share->all, prior, most), share->all,
                    100 * share->right / share->all, sigdb_text(sigdb, files[group->file]), group->line,
                    group->label->text);
        }
    }
}

static bool any(const sigdb_calibration_t *calibration, unsigned direction)
{
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        if (calibration->groups[i].direction == direction) {
            return true;
        }
    }
    return false;
}

static bool print_direction(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb,
                            const pairs_t *pairs, share_t *shares, unsigned direction, FILE *out)
{
    static const char *const directions[] = {"SYN", "SYN+ACK"};
    band_t bands[CALIBRATION_BANDS];
    fprintf(out, "%s, %u collections: qualities as stated in the database:\n", directions[direction],
            calibration->collection_count);
    if (!calibration_stated(calibration, pairs, direction, TESTED_COLLECTIONS, bands)) {
        return false;
    }
    calibration_print_bands(bands, out);
    fprintf(out, "%s, qualities from the other collections, each collection left out in turn:\n",
            directions[direction]);
    if (!calibration_left_out(calibration, pairs, direction, bands)) {
        return false;
    }
    calibration_print_bands(bands, out);
    fprintf(out, "%s, qualities from half of the collections for the other half, mean of %d divisions:\n",
            directions[direction], CALIBRATION_DIVISIONS);
    if (!calibration_halves(calibration, pairs, direction, bands)) {
        return false;
    }
    calibration_print_bands(bands, out);
    fprintf(out, "%s, ", directions[direction]);
    print_suggestions(calibration, sigdb, pairs, shares, direction, out);
    return true;
}

bool sigdb_calibration_print(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb, FILE *out)
{
    share_t *shares = calloc((size_t)calibration->group_count + 1, sizeof *shares);
    pairs_t pairs;
    bool done = calibration_pairs(calibration, &pairs) && shares != NULL;
    for (unsigned direction = 0; done && direction < CALIBRATION_DIRECTIONS; direction++) {
        done = !any(calibration, direction) ||
               print_direction(calibration, sigdb, &pairs, shares, direction, out);
    }
    free(pairs.items);
    free(shares);
    return done;
}
