/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Bands of qualities: which share of the answers with qualities of one ten is right. A quality is tested on a
 * collection that it was not derived from: each collection is left out in turn.
 */
#include <math.h>
#include <stdlib.h>

#include "base/hash_mix.h"
#include "sigdb_tools/calibration.h"

enum { SURE_FROM = 94 };

/* Standard deviations: in 99 of 100 samples, the upper limit is above the share of the population. */
#define UPPER_LIMIT 2.326

/* Upper limit of a share of which @p all observations are known (Wilson). */
static double upper_limit(double right, double all)
{
    if (all <= 0) {
        return 1;
    }
    const double square = UPPER_LIMIT * UPPER_LIMIT / all;
    const double share = right / all;
    const double spread = sqrt(square * (share * (1 - share) + square / 4));
    return (share + square / 2 + spread) / (1 + square);
}

/* A prior does not outweigh the answers of the label itself. Users rely on answers from SIGDB_QUALITY_SURE
 * on, so such a quality needs a larger share. */
unsigned calibration_suggested(double right, double all, const prior_t *prior, unsigned most)
{
    const double quality = 100 * fmin(share_with_prior(right, all, prior), upper_limit(right, all));
    unsigned rounded = (unsigned)(quality + 0.5);
    if (rounded >= SIGDB_QUALITY_SURE && (quality < SURE_FROM || 100 * right < SURE_FROM * all)) {
        rounded = SIGDB_QUALITY_SURE - 1;
    }
    return rounded > most ? most : rounded;
}

static double band_share(const band_t *band)
{
    return 100 * band->family_right / band->weight;
}

static double band_quality(const band_t *band)
{
    return band->quality / band->weight;
}

void calibration_print_bands(const band_t bands[CALIBRATION_BANDS], FILE *out)
{
    fprintf(out, "%-12s %14s %14s %14s\n", "quality", "observations", "family right", "mean quality");
    for (int i = CALIBRATION_BANDS - 1; i >= 0; i--) {
        if (bands[i].weight > 0) {
            fprintf(out, "%3d to %-5d %14.0f %13.1f%% %14.1f\n", i * 10,
                    i == CALIBRATION_BANDS - 1 ? 100 : i * 10 + 9, bands[i].weight, band_share(&bands[i]),
                    band_quality(&bands[i]));
        }
    }
}

static void clear(band_t bands[CALIBRATION_BANDS])
{
    for (int i = 0; i < CALIBRATION_BANDS; i++) {
        bands[i] = (band_t){0, 0, 0};
    }
}

/* As in a quality, one label of one collection counts as COLLECTION_WEIGHT at most. */
static void add_to_band(band_t bands[CALIBRATION_BANDS], unsigned quality, const share_t *share)
{
    band_t *band = &bands[quality >= 100 ? CALIBRATION_BANDS - 1 : quality / 10];
    band->weight += share->all;
    band->family_right += share->right;
    band->quality += share->all * quality;
}

bool calibration_stated(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                        uint32_t least, band_t bands[CALIBRATION_BANDS])
{
    share_t *shares = calloc((size_t)calibration->group_count + 1, sizeof *shares);
    clear(bands);
    if (shares == NULL) {
        return false;
    }
    calibration_shares(calibration, pairs, NULL, shares);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const calibration_group_t *group = &calibration->groups[pairs->items[i].group];
        if (group->direction == direction && shares[pairs->items[i].group].collections >= least) {
            add_to_band(bands, group->quality, &pairs->items[i].share);
        }
    }
    free(shares);
    return true;
}

/* Adds the answers of the collections that are left out, with the qualities that the others suggest. */
static void add_left_out(const sigdb_calibration_t *calibration, const pairs_t *pairs,
                         const left_out_t *left_out, share_t *shares, unsigned direction,
                         band_t bands[CALIBRATION_BANDS])
{
    calibration_shares(calibration, pairs, left_out, shares);
    const priors_t priors = calibration_priors(calibration, pairs, left_out, shares, direction);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const pair_t *pair = &pairs->items[i];
        const calibration_group_t *group = &calibration->groups[pair->group];
        const share_t *share = &shares[pair->group];
        if (left_out[pair->collection] && group->direction == direction && share->collections > 0) {
            add_to_band(bands,
                        calibration_suggested(share->right, share->all, prior_of(&priors, group),
                                              calibration_most(group, share)),
                        &pair->share);
        }
    }
}

/* Memory for the shares of all groups, and for the collections that are left out. */
typedef struct room {
    share_t *shares;
    left_out_t *left_out;
} room_t;

static bool room_new(const sigdb_calibration_t *calibration, room_t *room)
{
    *room = (room_t){.shares = calloc((size_t)calibration->group_count + 1, sizeof *room->shares),
                     .left_out = calloc((size_t)calibration->collection_count + 1, sizeof *room->left_out)};
    return room->shares != NULL && room->left_out != NULL;
}

static void room_free(room_t *room)
{
    free(room->shares);
    free(room->left_out);
}

bool calibration_left_out(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                          band_t bands[CALIBRATION_BANDS])
{
    room_t room;
    const bool done = room_new(calibration, &room);
    clear(bands);
    for (uint32_t without = 0; done && without < calibration->collection_count; without++) {
        room.left_out[without] = true;
        add_left_out(calibration, pairs, room.left_out, room.shares, direction, bands);
        room.left_out[without] = false;
    }
    room_free(&room);
    return done;
}

/* Whether a collection belongs to the half that a division leaves out first. */
static bool in_first_half(const char *name, unsigned division)
{
    uint64_t hash = division;
    for (; *name != '\0'; name++) {
        hash = hash_mix(hash, (unsigned char)*name);
    }
    return (hash & 1) != 0;
}

bool calibration_halves(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                        band_t bands[CALIBRATION_BANDS])
{
    room_t room;
    const bool done = room_new(calibration, &room);
    clear(bands);
    for (unsigned run = 0; done && run < 2 * CALIBRATION_DIVISIONS; run++) {
        for (uint32_t i = 0; i < calibration->collection_count; i++) {
            room.left_out[i] = in_first_half(calibration->collections[i], run / 2) == (run % 2 == 0);
        }
        add_left_out(calibration, pairs, room.left_out, room.shares, direction, bands);
    }
    for (int i = 0; i < CALIBRATION_BANDS; i++) {
        bands[i].weight /= CALIBRATION_DIVISIONS;
        bands[i].family_right /= CALIBRATION_DIVISIONS;
        bands[i].quality /= CALIBRATION_DIVISIONS;
    }
    room_free(&room);
    return done;
}

/* Replaces @p most by the largest difference of the bands, if that is larger. */
static void raise_to(double *most, const band_t bands[CALIBRATION_BANDS])
{
    for (int i = 0; i < CALIBRATION_BANDS; i++) {
        if (bands[i].weight >= SIGDB_BAND_LEAST) {
            *most = fmax(*most, fabs(band_share(&bands[i]) - band_quality(&bands[i])));
        }
    }
}

bool sigdb_calibration_deviation(const sigdb_calibration_t *calibration, bool left_out, double *points)
{
    pairs_t pairs;
    band_t bands[CALIBRATION_BANDS];
    bool done = calibration_pairs(calibration, &pairs);
    *points = SIGDB_NO_BAND;
    for (unsigned direction = 0; done && direction < CALIBRATION_DIRECTIONS; direction++) {
        done = calibration_stated(calibration, &pairs, direction, left_out ? TESTED_COLLECTIONS : 1, bands);
        raise_to(points, bands);
        if (left_out && done) {
            done = calibration_left_out(calibration, &pairs, direction, bands);
            raise_to(points, bands);
        }
    }
    free(pairs.items);
    return done;
}
