/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/enrichers/label_votes.h"
#include "base/hash_mix.h"
#include "verdict/host_path.h"
#include <string.h>

void label_text_copy(char text[LABEL_TEXT_SIZE], const char *label)
{
    const size_t length = strnlen(label, LABEL_TEXT_SIZE - 1);
    memcpy(text, label, length);
    text[length] = '\0';
}

/* Labels of one family have one number. */
static uint32_t family_number(const synfix_label_t *label)
{
    uint64_t hash = label->tool;
    for (const char *at = label->name; *at != '\0'; at++) {
        hash = hash_mix(hash, (uint8_t)*at);
    }
    return (uint32_t)hash | 1u;
}

/* The vote of a label, or the one that makes room for it: a free one, or the one with the fewest
 * observations. */
static label_vote_t *vote_of(label_vote_t *votes, uint32_t label_id)
{
    label_vote_t *rarest = votes;
    for (label_vote_t *one = votes; one < votes + LABEL_VOTES; one++) {
        if (one->vote.count != 0 && one->label_id == label_id) {
            return one;
        }
        rarest = one->vote.count < rarest->vote.count ? one : rarest;
    }
    *rarest = (label_vote_t){.label_id = label_id};
    return rarest;
}

static void note_label(label_vote_t *known, const synfix_match_t *match)
{
    const size_t family = strnlen(match->label->name, LABEL_TEXT_SIZE - 1);
    const bool begins = strncmp(match->label->text, match->label->name, family) == 0;
    label_text_copy(known->text, match->label->text);
    known->family_length = (uint8_t)(begins ? family : 0);
    known->vote.family = family_number(match->label);
    known->vote.generic = match->label->type == 'g';
    known->vote.tool = match->label->tool;
    known->vote.clock = host_clock_pack(match);
    host_vote_set_class(&known->vote, match->label->os_class, match->label->name);
}

void label_votes_add(label_vote_t votes[LABEL_VOTES], const synfix_match_t *match)
{
    if (match->label == NULL) {
        return;
    }
    label_vote_t *known = vote_of(votes, match->label->id);
    host_vote_t *vote = &known->vote;
    const uint8_t quality = match->family_quality != 0 ? match->family_quality : match->quality;
    if (vote->count == 0) {
        note_label(known, match);
    }
    vote->count++;
    vote->quality = quality > vote->quality ? quality : vote->quality;
    vote->version_quality = match->quality > vote->version_quality ? match->quality : vote->version_quality;
}

label_conclusion_t label_votes_conclude(const label_vote_t votes[LABEL_VOTES],
                                        const host_behaviour_t *behaviour, bool server)
{
    host_vote_t counted[LABEL_VOTES];
    const host_habits_t habits = host_habits_of(behaviour, server);
    for (size_t i = 0; i < LABEL_VOTES; i++) {
        counted[i] = votes[i].vote;
    }
    const host_verdict_t verdict = host_verdict_of(counted, LABEL_VOTES, &habits);
    return (label_conclusion_t){verdict, verdict.quality > 0 ? &votes[verdict.vote] : NULL};
}

label_conclusion_t label_conclusion_join(label_conclusion_t own, label_conclusion_t other, double one_system)
{
    if (other.stated == NULL || one_system < HOST_ONE_SYSTEM_LEAST ||
        !host_verdict_speaks_for_host(&other.verdict, &other.stated->vote)) {
        return own;
    }
    const bool same = own.stated == NULL || own.stated->vote.family == other.stated->vote.family;
    own.verdict = host_verdict_join(own.verdict, other.verdict, one_system, same);
    own.stated = own.stated == NULL ? other.stated : own.stated;
    return own;
}
