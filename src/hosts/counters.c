/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Counters behind one address: IP IDs and source ports that grow in small steps. Some stacks count for each
 * destination: two tracks belong to two hosts if both have several destinations, or both have the same one.
 */
#include "hosts/host_evidence.h"

#define POINTS_MIN  4u
#define RETURNS_MIN 4u

static counter_track_t *track_to_replace(counter_track_t *tracks)
{
    counter_track_t *worst = tracks;
    for (counter_track_t *track = tracks; track < tracks + COUNTER_TRACKS; track++) {
        const bool kept = track->points >= POINTS_MIN;
        const bool worst_kept = worst->points >= POINTS_MIN;
        if (kept < worst_kept || (kept == worst_kept && track->used_s < worst->used_s)) {
            worst = track;
        }
    }
    return worst;
}

static void note_use(side_by_side_t *use, unsigned place)
{
    if (use->latest != 0 && use->latest != place) {
        count_up(&use->returns);
    }
    use->latest = (uint8_t)place;
}

void counter_add(counter_track_t *tracks, side_by_side_t *use, uint16_t value, uint32_t peer, uint16_t reach,
                 uint32_t now_s)
{
    for (unsigned i = 0; i < COUNTER_TRACKS; i++) {
        counter_track_t *track = &tracks[i];
        const uint16_t step = (uint16_t)(value - track->last);
        if (track->points == 0 || step == 0 || step > reach) {
            continue;
        }
        track->last = value;
        track->used_s = now_s;
        count_up(&track->points);
        track->several_peers = track->several_peers || track->peer != peer;
        if (track->points >= POINTS_MIN) {
            note_use(use, i + 1);
        }
        return;
    }
    *track_to_replace(tracks) = (counter_track_t){.peer = peer, .used_s = now_s, .last = value, .points = 1};
}

bool counters_count(const counter_track_t *tracks, const side_by_side_t *use)
{
    if (use->returns < RETURNS_MIN) {
        return false;
    }
    for (unsigned i = 0; i < COUNTER_TRACKS; i++) {
        for (unsigned k = i + 1; k < COUNTER_TRACKS; k++) {
            if (tracks[i].points >= POINTS_MIN && tracks[k].points >= POINTS_MIN &&
                ((tracks[i].several_peers && tracks[k].several_peers) ||
                 (!tracks[i].several_peers && !tracks[k].several_peers &&
                  tracks[i].peer == tracks[k].peer))) {
                return true;
            }
        }
    }
    return false;
}
