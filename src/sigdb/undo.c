/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reverts changes of a path: a clamped MSS, and options that a path or a socket added. */
#include <string.h>

#include "sigdb/sigdb_internal.h"

/* MSS of Ethernet and jumbo frames, with IPv4 and IPv6, and of the MTUs of cloud networks. */
const uint16_t sigdb_usual_mss[] = {1460, 1440, 8961, 8960, 8941, 8940, 8460, 0};

void sigdb_with_mss(const synfix_signature_t *signature, uint16_t mss, synfix_signature_t *changed)
{
    enum { TIMESTAMPS_SIZE = 12 };
    const uint16_t units[] = {mss, (uint16_t)(mss - TIMESTAMPS_SIZE)};
    *changed = *signature;
    changed->mss = mss;
    changed->window_kind = SYNFIX_WINDOW_PLAIN;
    changed->window_multiple = 0;
    for (size_t i = 0; i < 2 && signature->window != 0; i++) {
        if (changed->window_kind == SYNFIX_WINDOW_PLAIN && signature->window % units[i] == 0) {
            changed->window_kind = SYNFIX_WINDOW_MSS;
            changed->window_multiple = (uint16_t)(signature->window / units[i]);
        }
    }
}

static bool is_added(const uint64_t added[4], uint8_t kind)
{
    return (added[kind / 64] >> kind % 64 & 1) != 0;
}

unsigned sigdb_count_added(const synfix_signature_t *signature, const uint64_t added[4])
{
    unsigned count = 0;
    for (unsigned at = 0; at < signature->layout_count; at++) {
        count += is_added(added, signature->layout[at]);
    }
    return count;
}

static bool append(synfix_signature_t *changed, uint8_t kind, unsigned count)
{
    if (changed->layout_count + count > SYNFIX_OPTION_LAYOUT_MAX) {
        return false;
    }
    memset(changed->layout + changed->layout_count, kind, count);
    changed->layout_count = (uint8_t)(changed->layout_count + count);
    return true;
}

/* Number of NOPs from @p at on. */
static unsigned nops_from(const synfix_signature_t *signature, unsigned at)
{
    unsigned end = at;
    while (end < signature->layout_count && signature->layout[end] == SYNFIX_OPTION_NOP) {
        end++;
    }
    return end - at;
}

/* Number of NOPs at the end. */
static unsigned nops_at_end(const synfix_signature_t *signature)
{
    unsigned count = 0;
    while (count < signature->layout_count &&
           signature->layout[signature->layout_count - 1 - count] == SYNFIX_OPTION_NOP) {
        count++;
    }
    return count;
}

/* Removes the added option at @p at and @p nops of its NOPs, or inserts -@p nops in its place. Returns the
 * number of removed options of @p signature after it; -1: there are fewer NOPs. */
static int leave_out(const synfix_signature_t *signature, unsigned at, int nops, synfix_signature_t *changed)
{
    if (nops < 0) {
        return append(changed, SYNFIX_OPTION_NOP, (unsigned)-nops) ? 0 : -1;
    }
    if (nops_from(signature, at + 1) >= (unsigned)nops) {
        return nops;
    }
    if (nops_at_end(changed) < (unsigned)nops) {
        return -1;
    }
    changed->layout_count = (uint8_t)(changed->layout_count - nops);
    return 0;
}

/* Size in bytes of an option that stacks send in a SYN; 0: unknown. */
static unsigned size_of(uint8_t kind)
{
    static const uint8_t sizes[] = {[SYNFIX_OPTION_NOP] = 1,
                                    [SYNFIX_OPTION_MSS] = 4,
                                    [SYNFIX_OPTION_WS] = 3,
                                    [SYNFIX_OPTION_SOK] = 2,
                                    [SYNFIX_OPTION_TS] = 10};
    return kind < sizeof sizes ? sizes[kind] : 0;
}

/* The end of the options: as many bytes as fill the last word, since the added option moved the end. */
static void align_end(synfix_signature_t *changed)
{
    enum { WORD = 4 };
    unsigned size = 0;
    changed->eol_padding = 0;
    for (unsigned at = 0; at < changed->layout_count; at++) {
        if (size_of(changed->layout[at]) == 0) {
            return;
        }
        size += size_of(changed->layout[at]);
    }
    const unsigned missing = (WORD - size % WORD) % WORD;
    if (missing > 0 && append(changed, SYNFIX_OPTION_EOL, 1)) {
        changed->eol_padding = (uint8_t)(missing - 1);
    }
}

bool sigdb_without_added(const synfix_signature_t *signature, const uint64_t added[4],
                         const int nops[SIGDB_ADDED_VARIED], synfix_signature_t *changed)
{
    unsigned found = 0;
    *changed = *signature;
    changed->layout_count = 0;
    for (unsigned at = 0; at < signature->layout_count; at++) {
        const uint8_t kind = signature->layout[at];
        if (is_added(added, kind)) {
            const unsigned which = found < SIGDB_ADDED_VARIED ? found : SIGDB_ADDED_VARIED - 1;
            const int left_out = leave_out(signature, at, nops[which], changed);
            if (left_out < 0) {
                return false;
            }
            found++;
            at += (unsigned)left_out;
        } else if (kind != SYNFIX_OPTION_EOL && !append(changed, kind, 1)) {
            return false;
        }
    }
    align_end(changed);
    memset(changed->layout + changed->layout_count, 0, sizeof changed->layout - changed->layout_count);
    return found > 0;
}
