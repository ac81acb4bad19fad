/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measured qualities. The quality of a label is its share of right answers. Few answers prove little, so the
 * common share of labels with few observations (the prior) is added to each label with the weight of
 * PRIOR_WEIGHT observations. Observations of one collection resemble each other: a collection counts as at
 * most COLLECTION_WEIGHT observations of one label.
 *
 * A quality is tested on a collection that it was not derived from: each collection is left out in turn.
 */
#include "sigdb_tools/sigdb_tools.h"

#include <stdlib.h>
#include <string.h>

#include "sigdb/sigdb_internal.h"

enum { PRIOR_WEIGHT = 2, COLLECTION_WEIGHT = 5, FEW = 5, SURE_FROM = 94 };

static const double prior_without_observations = 0.6;

/* One decided answer. */
typedef struct sigdb_calibrated {
    uint32_t group;
    uint32_t collection;
    uint8_t quality; /* of the family, as stated */
    bool right;
    bool class_right;
    double weight;
} row_t;

/* The answers that share a quality: one label, direction, quality of the entry and kind of match. */
typedef struct sigdb_answer_group {
    const synfix_label_t *label;
    uint32_t file;
    uint32_t line; /* of the first `sig` that answered */
    uint8_t direction;
    uint8_t kind;
    uint8_t quality; /* as stated */
} group_t;

typedef struct share {
    double right;
    double class_right;
    double all;
} share_t;

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

static bool same_group(const group_t *one, const group_t *other)
{
    return one->label == other->label && one->direction == other->direction && one->kind == other->kind &&
           one->quality == other->quality;
}

static bool find_group(sigdb_calibration_t *calibration, const group_t *wanted, uint32_t *index)
{
    for (*index = 0; *index < calibration->group_count; (*index)++) {
        group_t *known = &calibration->groups[*index];
        if (same_group(known, wanted)) {
            known->line = wanted->line < known->line ? wanted->line : known->line;
            return true;
        }
    }
    group_t *groups = grown(calibration->groups, calibration->group_count, sizeof *groups);
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
    const sigdb_verdict_t verdict = sigdb_judge(match->label, observed->name);
    /* For answers without a system, only right ones can be counted. */
    if (verdict == SIGDB_UNDECIDED || sigdb_is_undecided(match->label->name)) {
        return true;
    }
    const sigdb_entry_t *entry = sigdb_entry(sigdb, match->entry);
    const group_t group = {.label = match->label,
                           .file = entry->file,
                           .line = entry->line,
                           .direction = (uint8_t)observed->direction,
                           .kind = match->kind,
                           .quality = match->family_quality};
    row_t row = {.quality = match->family_quality,
                 .right = verdict == SIGDB_RIGHT,
                 .class_right = sigdb_class_is_right(match->label, observed->name),
                 .weight = observed->weight};
    if (!find_collection(calibration, observed->collection, &row.collection) ||
        !find_group(calibration, &group, &row.group)) {
        return false;
    }
    row_t *rows = grown(calibration->rows, calibration->row_count, sizeof *rows);
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

/* Shares of all pairs of group and collection; NULL: out of memory. */
static share_t *shares_of_pairs(const sigdb_calibration_t *calibration)
{
    share_t *pairs =
        calloc((size_t)calibration->group_count * calibration->collection_count + 1, sizeof *pairs);
    for (uint32_t i = 0; pairs != NULL && i < calibration->row_count; i++) {
        const row_t *row = &calibration->rows[i];
        share_t *pair = &pairs[(size_t)row->group * calibration->collection_count + row->collection];
        pair->all += row->weight;
        pair->right += row->right ? row->weight : 0;
        pair->class_right += row->class_right ? row->weight : 0;
    }
    return pairs;
}

/* Share of a group over all collections except @p without. */
static share_t share_of_group(const sigdb_calibration_t *calibration, const share_t *pairs, uint32_t group,
                              uint32_t without)
{
    share_t sum = {0, 0, 0};
    for (uint32_t i = 0; i < calibration->collection_count; i++) {
        const share_t *pair = &pairs[(size_t)group * calibration->collection_count + i];
        if (i == without || pair->all <= 0) {
            continue;
        }
        const double weight = pair->all > COLLECTION_WEIGHT ? COLLECTION_WEIGHT : pair->all;
        sum.all += weight;
        sum.right += weight * pair->right / pair->all;
        sum.class_right += weight * pair->class_right / pair->all;
    }
    return sum;
}

static bool is_exact_kind(const group_t *group)
{
    return group->kind == SYNFIX_MATCH_EXACT;
}

/* Prior of a group: the share of its direction and kind. */
static double prior_of(const sigdb_calibration_t *calibration, const share_t *pairs, const group_t *of,
                       uint32_t without)
{
    share_t few = {.right = prior_without_observations * PRIOR_WEIGHT, .all = PRIOR_WEIGHT};
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        const group_t *group = &calibration->groups[i];
        const share_t share = share_of_group(calibration, pairs, i, without);
        if (group->direction == of->direction && is_exact_kind(group) == is_exact_kind(of) &&
            share.all < FEW) {
            few.right += share.right;
            few.all += share.all;
        }
    }
    return few.right / few.all;
}

/* Users rely on answers from SIGDB_QUALITY_SURE on, so such a quality needs more evidence than a prior. */
static unsigned suggested(double right, double all, double prior)
{
    const double quality = 100 * (right + PRIOR_WEIGHT * prior) / (all + PRIOR_WEIGHT);
    if (quality >= SIGDB_QUALITY_SURE && quality < SURE_FROM) {
        return SIGDB_QUALITY_SURE - 1;
    }
    return quality > SIGDB_QUALITY_MAX ? SIGDB_QUALITY_MAX : (unsigned)(quality + 0.5);
}

static void print_bands(const sigdb_band_t bands[SIGDB_BANDS], FILE *out)
{
    fprintf(out, "%-12s %14s %14s %14s\n", "quality", "observations", "family right", "mean quality");
    for (int i = SIGDB_BANDS - 1; i >= 0; i--) {
        if (bands[i].weight > 0) {
            fprintf(out, "%3d to %-5d %14.0f %13.1f%% %14.1f\n", i * 10,
                    i == SIGDB_BANDS - 1 ? 100 : i * 10 + 9, bands[i].weight,
                    100 * bands[i].family_right / bands[i].weight, bands[i].quality / bands[i].weight);
        }
    }
}

static void add_to_band(sigdb_band_t bands[SIGDB_BANDS], unsigned quality, const row_t *row)
{
    sigdb_band_t *band = &bands[quality >= 100 ? SIGDB_BANDS - 1 : quality / 10];
    band->weight += row->weight;
    band->family_right += row->right ? row->weight : 0;
    band->quality += row->weight * quality;
}

static void print_stated(const sigdb_calibration_t *calibration, unsigned direction, FILE *out)
{
    sigdb_band_t bands[SIGDB_BANDS] = {{0}};
    for (uint32_t i = 0; i < calibration->row_count; i++) {
        const row_t *row = &calibration->rows[i];
        if (calibration->groups[row->group].direction == direction) {
            add_to_band(bands, row->quality, row);
        }
    }
    fprintf(out, "qualities as stated in the database:\n");
    print_bands(bands, out);
}

/* Assigns each collection in turn the qualities that the others suggest. */
static void print_held_out(const sigdb_calibration_t *calibration, const share_t *pairs, unsigned direction,
                           FILE *out)
{
    sigdb_band_t bands[SIGDB_BANDS] = {{0}};
    for (uint32_t without = 0; without < calibration->collection_count; without++) {
        for (uint32_t i = 0; i < calibration->row_count; i++) {
            const row_t *row = &calibration->rows[i];
            const group_t *group = &calibration->groups[row->group];
            if (row->collection == without && group->direction == direction) {
                const double prior = prior_of(calibration, pairs, group, without);
                const share_t share = share_of_group(calibration, pairs, row->group, without);
                add_to_band(bands, suggested(share.right, share.all, prior), row);
            }
        }
    }
    fprintf(out, "qualities from the other collections, each collection left out in turn:\n");
    print_bands(bands, out);
}

static void print_suggestions(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb,
                              const share_t *pairs, unsigned direction, FILE *out)
{
#define KIND(identifier, number, text) [number] = (text),
    static const char *const kinds[] = {SYNFIX_MATCH_KINDS(KIND)};
#undef KIND
    const uint32_t *files = sigdb->files.items;
    const group_t unseen = {.direction = (uint8_t)direction, .kind = SYNFIX_MATCH_EXACT};
    fprintf(out, "labels, with what all collections suggest (a label without observations: %.0f):\n",
            100 * prior_of(calibration, pairs, &unseen, UINT32_MAX));
    fprintf(out, "%-14s %8s %8s %6s %6s %6s  %s\n", "match", "stated", "suggests", "class", "weight", "right",
            "label");
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        const group_t *group = &calibration->groups[i];
        const share_t share = share_of_group(calibration, pairs, i, UINT32_MAX);
        if (group->direction == direction) {
            const double prior = prior_of(calibration, pairs, group, UINT32_MAX);
            fprintf(out, "%-14s %8u %8u %6u %6.0f %5.0f%%  %s:%u: %s\n", kinds[group->kind], group->quality,
                    suggested(share.right, share.all, prior), suggested(share.class_right, share.all, prior),
                    share.all, 100 * share.right / share.all, sigdb_text(sigdb, files[group->file]),
                    group->line, group->label->text);
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

bool sigdb_calibration_print(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb, FILE *out)
{
    static const char *const directions[] = {"SYN", "SYN+ACK"};
    share_t *pairs = shares_of_pairs(calibration);
    for (unsigned direction = 0; pairs != NULL && direction < 2; direction++) {
        if (!any(calibration, direction)) {
            continue;
        }
        fprintf(out, "%s, %u collections: ", directions[direction], calibration->collection_count);
        print_stated(calibration, direction, out);
        fprintf(out, "%s, ", directions[direction]);
        print_held_out(calibration, pairs, direction, out);
        fprintf(out, "%s, ", directions[direction]);
        print_suggestions(calibration, sigdb, pairs, direction, out);
    }
    const bool done = pairs != NULL;
    free(pairs);
    return done;
}
