/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb/index_windows.h"

static const sigdb_window_t any_window = {.kind = SIGDB_WINDOW_ANY, .high = UINT16_MAX};

/* The least and the greatest MSS of an entry, at least 1: a divisor. */
static sigdb_range_t mss_bounds(const sigdb_entry_t *entry)
{
    sigdb_range_t bounds = {UINT16_MAX, 1};
    for (unsigned i = 0; i < entry->mss.count; i++) {
        const sigdb_range_t *range = &entry->mss.ranges[i];
        bounds.low = range->low < bounds.low ? range->low : bounds.low;
        bounds.high = range->high > bounds.high ? range->high : bounds.high;
    }
    return entry->mss.count == 0 ? (sigdb_range_t){1, UINT16_MAX} : bounds;
}

static uint16_t limited(uint32_t value)
{
    return (uint16_t)(value < UINT16_MAX ? value : UINT16_MAX);
}

/* Of a window of the kind FIT: the multiple of an MSS that counts the timestamps (compare.c). */
static sigdb_window_t fit_with_timestamps(uint16_t low, sigdb_range_t mss)
{
    enum { TIMESTAMPS_SIZE = 12 };
    const uint32_t most =
        mss.low > TIMESTAMPS_SIZE ? low / (mss.low - (uint32_t)TIMESTAMPS_SIZE) : UINT16_MAX;
    return (sigdb_window_t){SIGDB_WINDOW_MSS, low / mss.high, limited(most)};
}

/* Returns the number of ranges. */
static unsigned ranges_of(const sigdb_window_t *window, sigdb_range_t mss, sigdb_window_t ranges[2])
{
    const uint16_t low = window->low;
    switch (window->kind) {
    case SIGDB_WINDOW_FIT:
        ranges[0] =
            (sigdb_window_t){SIGDB_WINDOW_PLAIN, low > mss.high ? (uint16_t)(low - mss.high) : 0, low};
        ranges[1] = fit_with_timestamps(low, mss);
        return 2;
    case SIGDB_WINDOW_REACH:
        ranges[0] = (sigdb_window_t){SIGDB_WINDOW_PLAIN, low, limited((uint32_t)low + mss.high)};
        return 1;
    default:
        ranges[0] = window->kind < SIGDB_WINDOW_ANY ? *window : any_window;
        return 1;
    }
}

index_windows_t index_windows(const sigdb_entry_t *entry)
{
    const sigdb_range_t mss = mss_bounds(entry);
    index_windows_t windows = {.count = 0};
    for (unsigned i = 0; i < entry->window_count; i++) {
        windows.count += ranges_of(&entry->windows[i], mss, &windows.ranges[windows.count]);
    }
    if (windows.count == 0) {
        windows.ranges[windows.count++] = any_window;
    }
    return windows;
}
