/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The verdict of a row: of its own labels and habits, and of the same host in the other role. */
#include "hosts/host_row.h"
#include "verdict/host_path.h"
#include "verdict/host_verdict.h"

typedef struct conclusion {
    host_verdict_t verdict;
    const host_label_t *label; /* NULL: nothing is known */
    bool speaks_for_host;
} conclusion_t;

static host_vote_t vote_of(const host_label_count_t *count)
{
    host_vote_t vote = {
        .family = count->label->family_number,
        .count = count->count,
        .quality = count->quality,
        .version_quality = count->version_quality,
        .clock = host_label_clock(count->label),
        .generic = count->label->generic,
        .tool = count->label->tool,
    };
    host_vote_set_class(&vote, count->label->os_class, count->label->family);
    return vote;
}

/* The habits of a shared address are those of several hosts. */
static conclusion_t conclude_alone(const host_row_t *row)
{
    host_vote_t votes[HOST_LABELS_MAX];
    for (size_t i = 0; i < row->label_count; i++) {
        votes[i] = vote_of(&row->labels[i]);
    }
    conclusion_t alone = {
        .verdict = host_verdict_of(votes, row->label_count, host_row_shared(row) ? NULL : &row->habits),
    };
    if (alone.verdict.quality > 0) {
        alone.label = row->labels[alone.verdict.vote].label;
        alone.speaks_for_host = host_verdict_speaks_for_host(&alone.verdict, &votes[alone.verdict.vote]);
    }
    return alone;
}

/* The distance of a random initial TTL is not known. */
static host_path_t path_of(const host_row_t *row)
{
    return (host_path_t){.initial_ttl = row->random_ttl ? 0 : row->initial_ttl, .distance = row->distance};
}

static conclusion_t join(conclusion_t own, conclusion_t other, double one_system)
{
    const bool same = own.label != NULL && own.label->family_number == other.label->family_number;
    if (own.label == NULL || (same && own.label->generic && !other.label->generic)) {
        const host_verdict_t joined = host_verdict_join(own.verdict, other.verdict, one_system, true);
        return (conclusion_t){.verdict = joined, .label = other.label};
    }
    own.verdict = host_verdict_join(own.verdict, other.verdict, one_system, same);
    return own;
}

/* The whole label, or its family if the clock of the host contradicts the version. */
static const host_label_t *supported_label(const conclusion_t *stated, host_labels_t *labels)
{
    const host_label_t *label = stated->label;
    if (label == NULL || !host_verdict_family_only(&stated->verdict) || label->flavor[0] == '\0') {
        return label;
    }
    const synfix_label_t family = {
        .type = 'g', .os_class = label->os_class, .name = label->family, .flavor = "", .text = label->family};
    const uint32_t number = host_labels_add(labels, &family);
    return number != HOST_LABEL_UNKNOWN ? host_labels_at(labels, number) : label;
}

void host_row_conclude(host_row_t *row, const host_row_t *other, host_labels_t *labels)
{
    row->tool = false;
    for (size_t i = 0; i < row->label_count; i++) {
        row->tool = row->tool || row->labels[i].label->tool;
    }
    conclusion_t stated = conclude_alone(row);
    if (other != NULL && !host_row_shared(row) && !host_row_shared(other)) {
        const conclusion_t theirs = conclude_alone(other);
        const double one_system = host_path_one_system(path_of(row), path_of(other));
        const bool speaks = theirs.speaks_for_host && one_system >= HOST_ONE_SYSTEM_LEAST;
        stated = speaks ? join(stated, theirs, one_system) : stated;
    }
    row->quality = stated.verdict.quality;
    row->version_quality = stated.verdict.version_quality;
    row->label = supported_label(&stated, labels);
    if (row->label == NULL) {
        row->label = host_labels_at(labels, HOST_LABEL_UNKNOWN);
    }
}
