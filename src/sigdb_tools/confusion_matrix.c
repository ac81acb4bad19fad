/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "base/ascii.h"
#include "sigdb/sigdb_internal.h"
#include "sigdb_tools/sigdb_tools.h"

static const char undecided[] = "undecided";

bool sigdb_is_exact(const synfix_sigdb_t *sigdb, const synfix_match_t *match)
{
    if (match->kind != SYNFIX_MATCH_EXACT || !sigdb_names_one_family(match->label->name)) {
        return false;
    }
    const sigdb_entry_t *entry = sigdb_entry(sigdb, match->entry);
    return entry->window_count != 0 && !entry->ttl_rewritable && !(entry->soft_quirks & SYNFIX_QUIRK_DF);
}

static const char *answer_of(const synfix_label_t *label)
{
    return sigdb_names_one_family(label->name) ? sigdb_family(label->name) : label->name;
}

static unsigned family_index(sigdb_confusion_t *confusion, const char *family)
{
    for (unsigned i = 0; i < confusion->family_count; i++) {
        if (ascii_begin_equal(confusion->families[i], family, sizeof confusion->families[i] - 1)) {
            return i;
        }
    }
    if (confusion->family_count == SIGDB_FAMILIES_MAX) {
        return SIGDB_FAMILIES_MAX - 1;
    }
    char *room = confusion->families[confusion->family_count];
    (void)snprintf(room, sizeof confusion->families[0], "%s", family);
    return confusion->family_count++;
}

static void add_pair(sigdb_confusion_t *confusion, const char *is, const synfix_label_t *answer,
                     double weight)
{
    unsigned at = 0;
    while (at < confusion->pair_count &&
           (confusion->pairs[at].answer != answer ||
            strncmp(confusion->pairs[at].is, is, sizeof confusion->pairs[at].is - 1) != 0)) {
        at++;
    }
    if (at == SIGDB_PAIRS_MAX) {
        at--;
    }
    if (at == confusion->pair_count) {
        (void)snprintf(confusion->pairs[at].is, sizeof confusion->pairs[at].is, "%s", is);
        confusion->pairs[at].answer = answer;
        confusion->pair_count++;
    }
    confusion->pairs[at].weight += weight;
}

static void count_embedded(sigdb_confusion_t *confusion, const char *name, const synfix_label_t *label,
                           double weight)
{
    if (!sigdb_is_embedded(name)) {
        return;
    }
    confusion->embedded += weight;
    confusion->embedded_as_desktop += label != NULL && sigdb_is_desktop(label) ? weight : 0;
}

bool sigdb_confusion_add(sigdb_confusion_t *confusion, const char *name, const synfix_match_t *match,
                         bool exact, double weight)
{
    const sigdb_outcome_t outcome = sigdb_label_outcome(match->label, name);
    const bool none = outcome == SIGDB_UNDECIDED;
    const bool right = outcome == SIGDB_RIGHT;
    const char *answer = none ? undecided : answer_of(match->label);
    const char *truth = sigdb_family(name);
    confusion->total += weight;
    count_embedded(confusion, name, match->label, weight);
    add_pair(confusion, name, match->label, weight);
    const unsigned is = family_index(confusion, truth);
    const unsigned answered = family_index(confusion, answer);
    confusion->cells[is][answered] += weight;
    confusion->wrong[is][answered] = confusion->wrong[is][answered] || outcome == SIGDB_WRONG;
    if (none) {
        confusion->undecided += weight;
        return true;
    }
    if (match->quality >= SIGDB_QUALITY_SURE) {
        confusion->sure += weight;
        confusion->sure_wrong += right ? 0 : weight;
    }
    if (!right) {
        return false;
    }
    confusion->family_right += weight;
    if (exact) {
        confusion->exact += weight;
    }
    return true;
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

double sigdb_confusion_figure(const sigdb_confusion_t *confusion, const char *name)
{
    const double decided = confusion->total - confusion->undecided;
    if (strcmp(name, "family_right") == 0) {
        return percent(confusion->family_right, decided);
    }
    if (strcmp(name, "right") == 0) {
        return percent(confusion->family_right, confusion->total);
    }
    if (strcmp(name, "exact") == 0) {
        return percent(confusion->exact, confusion->total);
    }
    if (strcmp(name, "undecided") == 0) {
        return percent(confusion->undecided, confusion->total);
    }
    if (strcmp(name, "wrong") == 0) {
        return percent(decided - confusion->family_right, confusion->total);
    }
    if (strcmp(name, "sure_wrong") == 0) {
        return percent(confusion->sure_wrong, confusion->sure);
    }
    if (strcmp(name, "desktop") == 0) {
        return percent(confusion->embedded_as_desktop, confusion->embedded);
    }
    return strcmp(name, "n") == 0 ? confusion->total : -1;
}

static void print_pairs(const sigdb_confusion_t *confusion, FILE *out)
{
    fprintf(out, "\n%-23s %14s label\n", "is", "observations");
    for (unsigned i = 0; i < confusion->pair_count; i++) {
        const sigdb_pair_t *pair = &confusion->pairs[i];
        fprintf(out, "%-23s %14.0f %s\n", pair->is, pair->weight,
                pair->answer == NULL ? undecided : pair->answer->text);
    }
}

void sigdb_confusion_print(const sigdb_confusion_t *confusion, FILE *out)
{
    fprintf(out, "%-23s %-23s %14s\n", "is", "answer", "observations");
    for (unsigned is = 0; is < confusion->family_count; is++) {
        for (unsigned answer = 0; answer < confusion->family_count; answer++) {
            if (confusion->cells[is][answer] > 0) {
                fprintf(out, "%-23s %-23s %14.0f%s\n", confusion->families[is], confusion->families[answer],
                        confusion->cells[is][answer], confusion->wrong[is][answer] ? "  wrong" : "");
            }
        }
    }
    print_pairs(confusion, out);
    fprintf(out, "right=%.2f of all\n", sigdb_confusion_figure(confusion, "right"));
    fprintf(out, "sure_wrong=%.2f of %.0f with quality %d or more; desktop=%.2f of %.0f embedded systems\n",
            sigdb_confusion_figure(confusion, "sure_wrong"), confusion->sure, SIGDB_QUALITY_SURE,
            sigdb_confusion_figure(confusion, "desktop"), confusion->embedded);
    fprintf(out, "family_right=%.2f exact=%.2f undecided=%.2f wrong=%.2f n=%.0f\n",
            sigdb_confusion_figure(confusion, "family_right"), sigdb_confusion_figure(confusion, "exact"),
            sigdb_confusion_figure(confusion, "undecided"), sigdb_confusion_figure(confusion, "wrong"),
            confusion->total);
}
