/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Bands of qualities: which share of the answers with qualities of one ten is right. A quality is tested on a
 * collection that it was not derived from: each collection is left out in turn.
 */
#include <math.h>
#include <stdlib.h>

#include "sigdb_tools/calibration.h"

enum { SURE_FROM = 94 };

/* Users rely on answers from SIGDB_QUALITY_SURE on, so such a quality needs more evidence than a prior. */
unsigned calibration_suggested(double right, double all, const prior_t *prior)
{
    const double quality = 100 * share_with_prior(right, all, prior);
    const unsigned rounded = (unsigned)(quality + 0.5);
    if (rounded >= SIGDB_QUALITY_SURE && quality < SURE_FROM) {
        return SIGDB_QUALITY_SURE - 1;
    }
    return rounded > SIGDB_QUALITY_MAX ? SIGDB_QUALITY_MAX : rounded;
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

void calibration_stated(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                        band_t bands[CALIBRATION_BANDS])
{
    clear(bands);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const calibration_group_t *group = &calibration->groups[pairs->items[i].group];
        if (group->direction == direction) {
            add_to_band(bands, group->quality, &pairs->items[i].share);
        }
    }
}

void calibration_held_out(const sigdb_calibration_t *calibration, const pairs_t *pairs, share_t *shares,
                          unsigned direction, band_t bands[CALIBRATION_BANDS])
{
    clear(bands);
    for (uint32_t without = 0; without < calibration->collection_count; without++) {
        calibration_shares(calibration, pairs, without, shares);
        const priors_t priors = calibration_priors(calibration, pairs, without, shares);
        for (uint32_t i = 0; i < pairs->count; i++) {
            const pair_t *pair = &pairs->items[i];
            const calibration_group_t *group = &calibration->groups[pair->group];
            if (pair->collection == without && group->direction == direction) {
                const share_t *share = &shares[pair->group];
                add_to_band(bands, calibration_suggested(share->right, share->all, prior_of(&priors, group)),
                            &pair->share);
            }
        }
    }
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

bool sigdb_calibration_deviation(const sigdb_calibration_t *calibration, bool held_out, double *points)
{
    share_t *shares = calloc((size_t)calibration->group_count + 1, sizeof *shares);
    pairs_t pairs;
    band_t bands[CALIBRATION_BANDS];
    const bool done = calibration_pairs(calibration, &pairs) && shares != NULL;
    *points = SIGDB_NO_BAND;
    for (unsigned direction = 0; done && direction < CALIBRATION_DIRECTIONS; direction++) {
        if (held_out) {
            calibration_held_out(calibration, &pairs, shares, direction, bands);
        } else {
            calibration_stated(calibration, &pairs, direction, bands);
        }
        raise_to(points, bands);
    }
    free(pairs.items);
    free(shares);
    return done;
}
