/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The index finds what looking at every entry finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sigdb/sigdb_internal.h"

static const char *const layouts[] = {"mss,sok,ts,nop,ws", "mss,nop,ws", "mss", "", "mss,sok,eol+1"};
static const char *const windows[] = {"mss*4", "mtu*4",  "*",        "%100",
                                      "5840",  "1-9000", "fit65535", "mss*4|5840"};
static const char *const values[] = {"*", "0", "7", "1460", "0-9", "7|1460"};
static const char *const quirks[] = {"df,id+", "df", "id-", "df?,id+?,ecn?", ""};

static uint32_t next_random(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 33) % below;
}

#define PICK(array, state) (array)[next_random(state, sizeof(array) / sizeof((array)[0]))]

static synfix_sigdb_t *make_database(uint64_t *state)
{
    char *text = NULL;
    size_t length = 0;
    synfix_error_t error = {.text = ""};
    FILE *out = open_memstream(&text, &length);
    fputs("; synfix-fp 1\nclasses = unix\n[tcp:request]\n", out);
    for (unsigned i = 0; i < 400; i++) {
        static const char *const types[] = {"s:unix", "g:unix", "s:!"};
        static const char *const scales[] = {"*", "0", "7", "0-9", "7|9"};
        fprintf(out, "label = %s:L%u:\nsys = @unix\nnoped = yes\nquality = %u\n", PICK(types, state),
                next_random(state, 50), 80 + next_random(state, 3));
        fprintf(out, "sig = %s:%s:0:%s:%s,%s:%s:%s:*\n", next_random(state, 2) ? "*" : "4",
                next_random(state, 2) ? "64" : "128-", PICK(values, state), PICK(windows, state),
                PICK(scales, state), PICK(layouts, state), PICK(quirks, state));
    }
    assert_int_equal(fclose(out), 0);
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load_text(sigdb, "made", text, length, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    free(text);
    return sigdb;
}

static void make_signature(uint64_t *state, synfix_signature_t *signature)
{
    static const char *const seen_windows[] = {"mss*4", "mtu*4", "5840", "65535", "200", "mss*44"};
    static const char *const seen_quirks[] = {"df,id+", "df", "id-", "df,id+,ecn", ""};
    static const char *const seen_layouts[] = {"mss,sok,ts,nop,ws", "mss,nop,ws", "mss", "",
                                               "mss,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ws"};
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    const int length =
        snprintf(text, sizeof text, "4:%u:0:%s:%s,%s:%s:%s:0", next_random(state, 256),
                 next_random(state, 2) ? "1460" : "7", PICK(seen_windows, state),
                 next_random(state, 2) ? "7" : "0", PICK(seen_layouts, state), PICK(seen_quirks, state));
    assert_int_equal(synfix_signature_parse(text, (size_t)length, signature, NULL), SYNFIX_OK);
}

/* The first entry of the best kind, by looking at all; UINT32_MAX without one. */
static uint32_t look_at_all(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature)
{
    uint32_t best = UINT32_MAX;
    sigdb_tier_t tier = SIGDB_TIER_NONE;
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        for (int timestamps_nopped = 0; timestamps_nopped < 2; timestamps_nopped++) {
            sigdb_comparison_t fit;
            sigdb_compare(sigdb_entry(sigdb, i), timestamps_nopped, signature, &fit);
            if (fit.tier < tier) {
                tier = fit.tier;
                best = i;
            }
        }
    }
    if (tier == SIGDB_TIER_FUZZY && sigdb->public_labels[sigdb_entry(sigdb, best)->label].tool) {
        return UINT32_MAX;
    }
    return best;
}

/* Different labels of entries of the winner's kind of match and no less quality, by looking at all. */
static unsigned count_all(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature,
                          const synfix_match_t *match)
{
    static const uint8_t tiers[] = {SIGDB_TIER_NONE, SIGDB_TIER_EXACT, SIGDB_TIER_GENERIC, SIGDB_TIER_FUZZY,
                                    SIGDB_TIER_FUZZY};
    bool seen[200] = {false};
    unsigned count = 0;
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
        for (int timestamps_nopped = 0; timestamps_nopped < 2; timestamps_nopped++) {
            sigdb_comparison_t fit;
            sigdb_compare(entry, timestamps_nopped, signature, &fit);
            const unsigned quality = fit.tier == SIGDB_TIER_FUZZY ? entry->quality * 3u / 4 : entry->quality;
            if (fit.tier != tiers[match->kind] || quality < match->quality || seen[entry->label]) {
                continue;
            }
            seen[entry->label] = true;
            count++;
        }
    }
    return count;
}

static void finds_what_a_scan_finds(void **state)
{
    (void)state;
    uint64_t random = 5;
    unsigned matched = 0;
    unsigned most = 0;
    for (unsigned round = 0; round < 10; round++) {
        synfix_sigdb_t *sigdb = make_database(&random);
        for (unsigned i = 0; i < 1000; i++) {
            synfix_signature_t signature;
            synfix_match_t match;
            make_signature(&random, &signature);
            synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &match);
            assert_int_equal(match.label == NULL ? UINT32_MAX : match.entry, look_at_all(sigdb, &signature));
            matched += match.label != NULL;
            if (match.label != NULL) {
                const synfix_label_t *labels[SYNFIX_CANDIDATES_MAX] = {NULL};
                const unsigned count = count_all(sigdb, &signature, &match);
                assert_int_equal(match.candidate_count,
                                 count > SYNFIX_CANDIDATES_MAX ? SYNFIX_CANDIDATES_MAX : count);
                assert_int_equal(synfix_sigdb_candidates(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, labels,
                                                         SYNFIX_CANDIDATES_MAX),
                                 match.candidate_count);
                assert_ptr_equal(labels[0], match.label);
                if (match.candidate_count > 1) {
                    assert_ptr_equal(labels[1], match.others[0]);
                }
                most = match.candidate_count > most ? match.candidate_count : most;
            }
            synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_RESPONSE, &signature, &match);
            assert_null(match.label);
        }
        synfix_sigdb_unref(sigdb);
    }
    assert_in_range(matched, 1000, 9999);
    assert_in_range(most, 3, SYNFIX_CANDIDATES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_a_scan_finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
