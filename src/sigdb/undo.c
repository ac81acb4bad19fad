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

/* Number of NOPs from @p at on, at most @p most. */
static unsigned count_nops(const synfix_signature_t *signature, unsigned at, unsigned most)
{
    unsigned count = 0;
    while (count < most && at + count < signature->layout_count &&
           signature->layout[at + count] == SYNFIX_OPTION_NOP) {
        count++;
    }
    return count;
}

bool sigdb_without_added(const synfix_signature_t *signature, const uint64_t added[4], unsigned nops,
                         synfix_signature_t *changed)
{
    bool found = false;
    *changed = *signature;
    memset(changed->layout, 0, sizeof changed->layout);
    changed->layout_count = 0;
    for (unsigned at = 0; at < signature->layout_count; at++) {
        const uint8_t kind = signature->layout[at];
        if (!is_added(added, kind)) {
            changed->layout[changed->layout_count++] = kind;
            continue;
        }
        found = true;
        const bool leading =
            changed->layout_count > 0 && count_nops(changed, 0, nops) == changed->layout_count;
        if (leading && changed->layout_count == nops) {
            changed->layout_count = 0;
        } else if (count_nops(signature, at + 1, nops) == nops) {
            at += nops;
        } else {
            return false;
        }
        /* the padding aligned the added option: stacks align their own options by NOPs before them */
        if (at + 2 == signature->layout_count && signature->layout[at + 1] == SYNFIX_OPTION_EOL) {
            changed->eol_padding = 0;
            break;
        }
    }
    memset(changed->layout + changed->layout_count, 0, sizeof changed->layout - changed->layout_count);
    return found;
}
