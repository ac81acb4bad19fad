/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "sigdb/sigdb_internal.h"
#include "sigdb_tools/sigdb_tools.h"

static const char *const mismatch_texts[] = {
    [SIGDB_MISMATCH_NOTHING] = "all fields",
    [SIGDB_MISMATCH_LAYOUT] = "option layout",
    [SIGDB_MISMATCH_IP_OPTIONS_LENGTH] = "IP options length",
    [SIGDB_MISMATCH_VERSION] = "IP version",
    [SIGDB_MISMATCH_MSS] = "MSS",
    [SIGDB_MISMATCH_WINDOW] = "window",
    [SIGDB_MISMATCH_SCALE] = "window scale",
    [SIGDB_MISMATCH_PAYLOAD] = "payload class",
    [SIGDB_MISMATCH_QUIRKS] = "quirks",
    [SIGDB_MISMATCH_TTL] = "TTL",
    [SIGDB_MISMATCH_REQUEST] = "what the SYN offered",
    [SIGDB_MISMATCH_DISTANCE] = "distance",
    [SIGDB_MISMATCH_GRAMMAR] = "grammar of its file",
};

#define KIND_TEXT(identifier, number, text) [number] = (text),
static const char *const kind_texts[] = {SYNFIX_MATCH_KINDS(KIND_TEXT)};
#undef KIND_TEXT

static void print_endpoint(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry, FILE *out)
{
    const uint32_t *files = sigdb->files.items;
    fprintf(out, "%s:%u: %s [%s]", sigdb_text(sigdb, files[entry->file]), entry->line,
            sigdb->public_labels[entry->label].text, sigdb_text(sigdb, entry->text));
}

static const char *const part_texts[SIGDB_PARTS] = {
    [SIGDB_PART_TTL] = "TTL", [SIGDB_PART_DF] = "DF",     [SIGDB_PART_ID] = "IP ID",
    [SIGDB_PART_ECN] = "ECN", [SIGDB_PART_NOPS] = "NOPs", [SIGDB_PART_MSS] = "clamped MSS",
};

/* Entries of p0f's grammar have no distance. */
static void print_distance(const sigdb_comparison_t *fit, FILE *out)
{
    const char *separator = "";
    if (fit->distance == 0) {
        return;
    }
    fprintf(out, ", distance %u (", fit->distance);
    for (unsigned i = 0; i < SIGDB_PARTS; i++) {
        if (fit->parts[i] == 0) {
            continue;
        }
        fprintf(out, "%s%s %u", separator, part_texts[i], fit->parts[i]);
        separator = ", ";
    }
    fputc(')', out);
}

static void print_fit(const sigdb_comparison_t *fit, bool timestamps_nopped, FILE *out)
{
    if (fit->tier == SIGDB_TIER_NONE) {
        fprintf(out, " fails on: %s", mismatch_texts[fit->mismatch]);
    } else if (fit->tier == SIGDB_TIER_FUZZY) {
        fprintf(out, " fits except for: %s",
                timestamps_nopped ? "timestamps overwritten by NOPs" : mismatch_texts[fit->mismatch]);
    } else {
        fputs(fit->tier == SIGDB_TIER_GENERIC ? " fits, generic" : " fits exactly", out);
    }
    if (fit->tier == SIGDB_TIER_FUZZY || fit->mismatch == SIGDB_MISMATCH_DISTANCE) {
        print_distance(fit, out);
    }
    fputc('\n', out);
}

static void explain_entry(const synfix_sigdb_t *sigdb, const sigdb_entry_t *entry, bool timestamps_nopped,
                          const sigdb_query_t *query, FILE *out)
{
    sigdb_comparison_t fit;
    sigdb_compare(entry, timestamps_nopped, query, &fit);
    if (fit.mismatch == SIGDB_MISMATCH_LAYOUT || fit.mismatch == SIGDB_MISMATCH_IP_OPTIONS_LENGTH) {
        return;
    }
    fputs("  ", out);
    print_endpoint(sigdb, entry, out);
    print_fit(&fit, timestamps_nopped, out);
}

static void print_choice(const synfix_sigdb_t *sigdb, const synfix_match_t *match, FILE *out)
{
    if (match->label == NULL) {
        fprintf(out, "chosen: nothing; distance guessed %u\n", match->distance);
        return;
    }
    const sigdb_entry_t *entry = sigdb_entry(sigdb, match->entry);
    fputs("chosen: ", out);
    print_endpoint(sigdb, entry, out);
    fprintf(out, "\n  %s, quality %u (family %u), candidates %u, initial TTL %u, distance %s%u\n",
            kind_texts[match->kind], match->quality, match->family_quality, match->candidate_count,
            match->initial_ttl, match->random_ttl ? "<= " : "", match->distance);
    if (match->level < SYNFIX_LEVEL_VERSION) {
        fprintf(out, "  answer: %s, limited by --min-quality\n", match->label->text);
    }
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        fprintf(out, "  as well: %s\n", match->others[i]->text);
    }
    fputs(match->fuzziness > 0 ? "  why: the nearest, of these the first in the order of the database\n"
                               : "  why: the first of the best kind in the order of the database\n",
          out);
    if (entry->evidence != 0) {
        fprintf(out, "  evidence: %s (%s)\n", sigdb_text(sigdb, entry->evidence),
                sigdb_text(sigdb, entry->date));
    }
}

/* No entry fits the observed signature: prints the altered one that was matched. */
static void print_query(const sigdb_query_t *query, FILE *out)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_signature_format(query->signature, text);
    fprintf(out, "%s: %s\n",
            query->mss_clamped ? "before its MSS was clamped"
                               : "without options that a path or a socket adds",
            text);
}

void sigdb_explain(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                   const synfix_signature_t *signature, uint8_t offers, FILE *out)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_match_t match;
    synfix_signature_t changed;
    sigdb_query_t query;
    synfix_signature_format(signature, text);
    fprintf(out, "signature: %s (%s)\n", text, direction == SYNFIX_DIRECTION_REQUEST ? "SYN" : "SYN+ACK");
    sigdb_chosen_query(sigdb, direction, signature, offers, &query, &changed);
    if (query.own_only) {
        print_query(&query, out);
    }
    fputs("entries with this layout and these IP options:\n", out);
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
        if (entry->direction != direction) {
            continue;
        }
        explain_entry(sigdb, entry, false, &query, out);
        if (entry->timestamps_nopped) {
            explain_entry(sigdb, entry, true, &query, out);
        }
    }
    if (direction == SYNFIX_DIRECTION_RESPONSE) {
        synfix_sigdb_match_answer(sigdb, signature, offers, &match);
    } else {
        synfix_sigdb_match(sigdb, direction, signature, &match);
    }
    print_choice(sigdb, &match, out);
}

/* The entries of one line, one for each of its layouts, are adjacent. */
static bool begins_line(const synfix_sigdb_t *sigdb, uint32_t index)
{
    const sigdb_entry_t *entry = sigdb_entry(sigdb, index);
    return index == 0 || entry[-1].line != entry->line || entry[-1].file != entry->file;
}

void sigdb_show(const synfix_sigdb_t *sigdb, bool all, FILE *out)
{
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    fprintf(out, "%s %s: %u request entries, %u response entries, %u MTUs, %u labels\n", info.name,
            info.version, info.request_entries, info.response_entries, info.mtu_entries, info.label_count);
    for (uint32_t i = 0; i < info.label_count; i++) {
        const synfix_label_t *label = synfix_sigdb_label(sigdb, i);
        unsigned counts[2] = {0, 0};
        for (uint32_t k = 0; k < sigdb->entries.count; k++) {
            if (sigdb_entry(sigdb, k)->label == i && begins_line(sigdb, k)) {
                counts[sigdb_entry(sigdb, k)->direction]++;
            }
        }
        fprintf(out, "%08x %c %-5s %3u %3u %s\n", label->id, label->type, label->os_class, counts[0],
                counts[1], label->text);
    }
    for (uint32_t i = 0; all && i < sigdb->entries.count; i++) {
        print_endpoint(sigdb, sigdb_entry(sigdb, i), out);
        fputc('\n', out);
    }
}
