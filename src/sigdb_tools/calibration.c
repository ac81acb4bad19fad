/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb_tools/sigdb_tools.h"

#include <strings.h>

bool sigdb_calibration_add(sigdb_calibration_t *calibration, const sigdb_observed_t *observed,
                           const synfix_match_t *match, bool learn)
{
    if (!learn) {
        return sigdb_confusion_add(&calibration->told[observed->direction], observed->name, match,
                                   observed->exact, observed->weight);
    }
    if (match->label == NULL || sigdb_is_undecided(match->label->name)) {
        return true;
    }
    sigdb_band_t *band = &calibration->learnt[observed->direction][match->quality];
    const bool right = strcasecmp(sigdb_family(match->label->name), sigdb_family(observed->name)) == 0;
    band->weight += observed->weight;
    band->family_right += right ? observed->weight : 0;
    return right;
}

/* One right and one wrong answer are added: a few observations that are all right prove little. */
static unsigned suggested(const sigdb_band_t *band)
{
    const unsigned share = (unsigned)(100 * (band->family_right + 1) / (band->weight + 2));
    return share > SIGDB_QUALITY_MAX ? SIGDB_QUALITY_MAX : share;
}

static void print_learnt(const sigdb_band_t *bands, FILE *out)
{
    fprintf(out, "%-12s %14s %14s %14s\n", "quality", "observations", "family right", "suggests");
    for (int quality = 100; quality > 0; quality--) {
        const sigdb_band_t *band = &bands[quality];
        if (band->weight > 0) {
            fprintf(out, "%-12d %14.0f %13.1f%% %14u\n", quality, band->weight,
                    100 * band->family_right / band->weight, suggested(band));
        }
    }
}

void sigdb_calibration_print(const sigdb_calibration_t *calibration, FILE *out)
{
    static const char *const directions[] = {"SYN", "SYN+ACK"};
    for (int i = 0; i < 2; i++) {
        if (calibration->told[i].total == 0) {
            continue;
        }
        fprintf(out, "%s, half of the collections to set qualities from:\n", directions[i]);
        print_learnt(calibration->learnt[i], out);
        fprintf(out, "%s, the other half, %.0f observations, %.1f%% undecided:\n", directions[i],
                calibration->told[i].total, sigdb_confusion_figure(&calibration->told[i], "undecided"));
        sigdb_confusion_print_bands(&calibration->told[i], out);
    }
}
