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

void counter_track_add(counter_track_t *tracks, side_by_side_t *use, uint16_t value, uint32_t peer,
                       uint16_t reach, uint32_t now_s)
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
            side_used(use, i);
        }
        return;
    }
    counter_track_t *fresh = track_to_replace(tracks);
    *fresh = (counter_track_t){.peer = peer, .used_s = now_s, .last = value, .points = 1};
    side_cleared(use, (unsigned)(fresh - tracks));
}

static bool are_comparable(const counter_track_t *one, const counter_track_t *other)
{
    return one->several_peers == other->several_peers && (one->several_peers || one->peer == other->peer);
}

bool counter_tracks_alternate(const counter_track_t *tracks, const side_by_side_t *use)
{
    for (unsigned i = 0; i < COUNTER_TRACKS && use->most >= RETURNS_MIN; i++) {
        for (unsigned k = i + 1; k < COUNTER_TRACKS; k++) {
            if (side_alternations(use, i, k) >= RETURNS_MIN && are_comparable(&tracks[i], &tracks[k])) {
                return true;
            }
        }
    }
    return false;
}
