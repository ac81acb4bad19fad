/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Merges signatures into as few entries as possible: signatures that differ only in IP version, MSS, scale or
 * quirks become one entry. Distance and MSS depend on the path and match any value; the initial TTL is
 * guessed.
 */
#include "sigdb_tools/learn.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "sigdb/sigdb_internal.h"

/* A proposed entry. */
typedef struct learned_entry {
    synfix_signature_t like; /* the first signature; the fields below extend it */
    uint8_t direction;
    bool fits;        /* the window is the largest multiple of the MSS that is not above 65535 */
    bool versions[2]; /* 4 and 6 were seen */
    sigdb_set_t scale;
    uint32_t quirks;
    uint32_t soft_quirks;
    uint32_t packets;
    uint64_t first;
} learned_entry_t;

struct signature_learner {
    sigdb_array_t entries; /* learned_entry_t */
};

signature_learner_t *signature_learner_new(void)
{
    return calloc(1, sizeof(signature_learner_t));
}

void signature_learner_free(signature_learner_t *learner)
{
    if (learner != NULL) {
        free(learner->entries.items);
    }
    free(learner);
}

static bool window_fits(const synfix_signature_t *signature)
{
    const uint32_t mss = signature->mss;
    return mss != 0 && signature->window != 0 && signature->window == 65535 / mss * mss;
}

static bool same_window(const learned_entry_t *known, const synfix_signature_t *signature)
{
    if (known->fits || window_fits(signature)) {
        return known->fits && window_fits(signature);
    }
    if (known->like.window_kind != signature->window_kind) {
        return false;
    }
    return signature->window_kind == SYNFIX_WINDOW_PLAIN
               ? known->like.window == signature->window
               : known->like.window_multiple == signature->window_multiple;
}

static bool scale_has_room(const learned_entry_t *known, uint32_t scale)
{
    return sigdb_set_holds(&known->scale, scale) || known->scale.count < SIGDB_RANGES_MAX;
}

static bool is_like(const learned_entry_t *known, synfix_direction_t direction,
                    const synfix_signature_t *signature)
{
    const synfix_signature_t *like = &known->like;
    return known->direction == direction &&
           synfix_initial_ttl_guess(like->ttl) == synfix_initial_ttl_guess(signature->ttl) &&
           like->ip_options_length == signature->ip_options_length && like->payload == signature->payload &&
           (like->mss == 0) == (signature->mss == 0) && like->layout_count == signature->layout_count &&
           like->eol_padding == signature->eol_padding &&
           memcmp(like->layout, signature->layout, sizeof like->layout) == 0 &&
           same_window(known, signature) && scale_has_room(known, signature->window_scale);
}

/* Quirks that a packet of this version may have. */
static uint32_t relevant(bool version_4, bool version_6)
{
    const uint32_t only_4 =
        SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO | SYNFIX_QUIRK_ID_ZERO | SYNFIX_QUIRK_RESERVED;
    return (version_4 ? ~(uint32_t)SYNFIX_QUIRK_FLOW : 0) | (version_6 ? ~only_4 : 0);
}

static void merge(learned_entry_t *known, const synfix_signature_t *signature)
{
    const bool is_6 = signature->ip_version == 6;
    const uint32_t before = relevant(known->versions[0], known->versions[1]);
    const uint32_t differ = (known->quirks ^ signature->quirks) & before & relevant(!is_6, is_6);
    known->soft_quirks |= differ;
    known->quirks = (known->quirks | (signature->quirks & ~before)) & ~known->soft_quirks;
    known->versions[is_6] = true;
    if (!sigdb_set_holds(&known->scale, signature->window_scale) || known->scale.count == 0) {
        known->scale.ranges[known->scale.count++] =
            (sigdb_range_t){signature->window_scale, signature->window_scale};
    }
    known->packets++;
}

bool signature_learner_add(signature_learner_t *learner, synfix_direction_t direction,
                           const synfix_signature_t *signature, uint64_t number)
{
    learned_entry_t *entries = learner->entries.items;
    for (uint32_t i = 0; i < learner->entries.count; i++) {
        if (is_like(&entries[i], direction, signature)) {
            merge(&entries[i], signature);
            return true;
        }
    }
    learned_entry_t *added = sigdb_array_add(&learner->entries, sizeof *added, 1);
    if (added == NULL) {
        return false;
    }
    *added = (learned_entry_t){.like = *signature,
                               .direction = (uint8_t)direction,
                               .fits = window_fits(signature),
                               .quirks = signature->quirks,
                               .first = number};
    merge(added, signature);
    return true;
}

static char *put_window(const learned_entry_t *learnt, char *at)
{
    const synfix_signature_t *like = &learnt->like;
    if (learnt->fits) {
        return append_text(at, "fit65535");
    }
    if (like->window_kind == SYNFIX_WINDOW_PLAIN) {
        return append_decimal(at, like->window);
    }
    at = append_text(at, like->window_kind == SYNFIX_WINDOW_MSS ? "mss*" : "mtu*");
    return append_decimal(at, like->window_multiple);
}

static char *put_quirks(const learned_entry_t *learnt, char *at)
{
    at += synfix_quirks_format(learnt->quirks, at);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        if ((learnt->soft_quirks & bit) == 0) {
            continue;
        }
        if (at[-1] != ':') {
            *at++ = ',';
        }
        at += synfix_quirks_format(bit, at);
        *at++ = '?';
    }
    return at;
}

static void put_sig(const learned_entry_t *learnt, char *at)
{
    const synfix_signature_t *like = &learnt->like;
    at = append_text(at, !learnt->versions[1] ? "4:" : learnt->versions[0] ? "*:" : "6:");
    at = append_decimal(at, synfix_initial_ttl_guess(like->ttl));
    at = append_decimal(append_text(at, ":"), like->ip_options_length);
    at = append_text(at, like->mss == 0 ? ":0:" : ":*:");
    at = append_text(put_window(learnt, at), ",");
    for (unsigned i = 0; i < learnt->scale.count; i++) {
        at = append_decimal(append_text(at, i > 0 ? "|" : ""), learnt->scale.ranges[i].low);
    }
    *at++ = ':';
    at += synfix_layout_format(like, at);
    *at++ = ':';
    at = append_text(put_quirks(learnt, at), like->payload ? ":+" : ":0");
    *at = '\0';
}

/* A line of a database is printable ASCII; the name of a file may be anything. */
static void print_source(const char *source, FILE *out)
{
    for (; *source != '\0'; source++) {
        (void)fputc(*source < ' ' || *source > '~' ? '?' : *source, out);
    }
}

void signature_learner_print(const signature_learner_t *learner, const char *label, const char *source,
                             FILE *out)
{
    static const char *const sections[] = {"tcp:request", "tcp:response"};
    const learned_entry_t *entries = learner->entries.items;
    for (int direction = 0; direction < 2; direction++) {
        bool begun = false;
        for (uint32_t i = 0; i < learner->entries.count; i++) {
            char sig[SIGDB_LESSON_SIG_SIZE];
            if (entries[i].direction != direction) {
                continue;
            }
            if (!begun) {
                fprintf(out, "[%s]\n", sections[direction]);
            }
            begun = true;
            put_sig(&entries[i], sig);
            fprintf(out, "label = %s\nevidence = ", label);
            print_source(source, out);
            fprintf(out, ": %u packets, the first is number %llu\nsig = %s\n", entries[i].packets,
                    (unsigned long long)entries[i].first, sig);
        }
    }
}

uint32_t signature_learner_count(const signature_learner_t *learner)
{
    return learner->entries.count;
}
