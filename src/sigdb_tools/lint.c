/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/sigdb_internal.h"
#include "sigdb_tools/sigdb_tools.h"

static bool set_covers(const sigdb_set_t *wide, const sigdb_set_t *narrow)
{
    if (wide->count == 0) {
        return true;
    }
    for (unsigned i = 0; i < narrow->count; i++) {
        bool inside = false;
        for (unsigned k = 0; k < wide->count; k++) {
            inside = inside || (narrow->ranges[i].low >= wide->ranges[k].low &&
                                narrow->ranges[i].high <= wide->ranges[k].high);
        }
        if (!inside) {
            return false;
        }
    }
    return narrow->count > 0;
}

static bool windows_cover(const sigdb_entry_t *wide, const sigdb_entry_t *narrow)
{
    if (wide->window_count == 0) {
        return true;
    }
    for (unsigned i = 0; i < narrow->window_count; i++) {
        const sigdb_window_t *inner = &narrow->windows[i];
        bool inside = false;
        for (unsigned k = 0; k < wide->window_count; k++) {
            const sigdb_window_t *outer = &wide->windows[k];
            inside = inside ||
                     (inner->kind == outer->kind && inner->low >= outer->low && inner->high <= outer->high);
        }
        if (!inside) {
            return false;
        }
    }
    return narrow->window_count > 0;
}

static bool ttl_covers(const sigdb_entry_t *wide, const sigdb_entry_t *narrow)
{
    if (wide->random_ttl) {
        return wide->ttl >= narrow->ttl;
    }
    return !narrow->random_ttl && wide->ttl == narrow->ttl && wide->ttl_rewritable == narrow->ttl_rewritable;
}

/* Whether @p wide accepts each SYN that @p narrow accepts. */
static bool request_covers(const sigdb_entry_t *wide, const sigdb_entry_t *narrow)
{
    return (wide->offered & ~narrow->offered) == 0 && (wide->not_offered & ~narrow->not_offered) == 0;
}

/* Whether each signature that fits @p narrow fits @p wide equally well. */
static bool covers(const sigdb_entry_t *wide, const sigdb_entry_t *narrow)
{
    return request_covers(wide, narrow) && wide->direction == narrow->direction &&
           wide->olen == narrow->olen && memcmp(&wide->layout, &narrow->layout, sizeof wide->layout) == 0 &&
           (wide->version == 0 || wide->version == narrow->version) &&
           (wide->payload == 2 || wide->payload == narrow->payload) && ttl_covers(wide, narrow) &&
           (narrow->soft_quirks & ~wide->soft_quirks) == 0 &&
           ((wide->quirks ^ narrow->quirks) & ~wide->soft_quirks) == 0 &&
           set_covers(&wide->mss, &narrow->mss) && set_covers(&wide->scale, &narrow->scale) &&
           windows_cover(wide, narrow);
}

/* Without the option its value is 0. */
static bool layout_allows(const text_layout_t *layout, uint8_t kind, const sigdb_set_t *values)
{
    return memchr(layout->kinds, kind, layout->count) != NULL || sigdb_set_holds(values, 0);
}

static void report(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry, const sigdb_entry_t *other,
                   const char *what, FILE *out)
{
    const uint32_t *files = sigdb->files.items;
    fprintf(out, "%s:%u: %s %s:%u (%s)\n", sigdb_text(sigdb, files[entry->file]), entry->line, what,
            sigdb_text(sigdb, files[other->file]), other->line, sigdb->public_labels[other->label].text);
}

/* Reports an earlier entry that always wins over @p entry; returns whether there is one. */
static bool lint_entry(const synfix_sigdb_t *sigdb, uint32_t index, FILE *out)
{
    const sigdb_entry_t *entry = sigdb_entry(sigdb, index);
    const char type = sigdb->public_labels[entry->label].type;
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        const sigdb_entry_t *other = sigdb_entry(sigdb, i);
        const char other_type = sigdb->public_labels[other->label].type;
        /* A specific entry wins over a generic one in any order. */
        const bool earlier = other_type == type ? i < index : other_type == 's';
        if (i == index || !earlier || !covers(other, entry)) {
            continue;
        }
        if (!covers(entry, other)) {
            report(sigdb, entry, other, "never reached, after the wider entry at", out);
        } else if (entry->label == other->label) {
            report(sigdb, entry, other, "the same as the entry at", out);
        } else {
            report(sigdb, entry, other, "contradicts the same entry with another label at", out);
        }
        return true;
    }
    return false;
}

/* Entries with fields that have no effect, or that contradict each other. */
static bool lint_alone(const synfix_sigdb_t *sigdb, uint32_t index, FILE *out)
{
    const sigdb_entry_t *entry = sigdb_entry(sigdb, index);
    const uint32_t *files = sigdb->files.items;
    const char *what = NULL;
    if (entry->ttl_rewritable && !sigdb->public_labels[entry->label].tool) {
        what = "~ after the TTL has an effect for tools only";
    } else if (!layout_allows(&entry->layout, SYNFIX_OPTION_MSS, &entry->mss)) {
        what = "unreachable: an MSS, but no mss in the layout";
    } else if (!layout_allows(&entry->layout, SYNFIX_OPTION_WS, &entry->scale)) {
        what = "unreachable: a scale, but no ws in the layout";
    } else if (entry->window_count == 1 && entry->windows[0].kind == SIGDB_WINDOW_MSS &&
               sigdb_set_holds(&entry->mss, 0) && entry->mss.count > 0) {
        what = "unreachable: a window by the MSS, but no MSS";
    }
    if (what != NULL) {
        fprintf(out, "%s:%u: %s (%s)\n", sigdb_text(sigdb, files[entry->file]), entry->line, what,
                sigdb->public_labels[entry->label].text);
    }
    return what != NULL;
}

static unsigned lint_mtus(const synfix_sigdb_t *sigdb, FILE *out)
{
    const sigdb_mtu_t *mtus = sigdb->mtus.items;
    const uint32_t *files = sigdb->files.items;
    unsigned count = 0;
    for (uint32_t i = 1; i < sigdb->mtus.count; i++) {
        if (mtus[i].mtu != mtus[i - 1].mtu) {
            continue;
        }
        fprintf(out, "%s:%u: never chosen, after the same MTU at %s:%u (%s)\n",
                sigdb_text(sigdb, files[mtus[i].file]), mtus[i].line,
                sigdb_text(sigdb, files[mtus[i - 1].file]), mtus[i - 1].line,
                sigdb_text(sigdb, mtus[i - 1].text));
        count++;
    }
    return count;
}

unsigned sigdb_lint(const synfix_sigdb_t *sigdb, FILE *out)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        count += lint_alone(sigdb, i, out) || lint_entry(sigdb, i, out);
    }
    return count + lint_mtus(sigdb, out);
}
