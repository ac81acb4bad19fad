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
#include "support/sigdb_text.h"

static const char *const layouts[] = {"mss,sok,ts,nop,ws", "mss,nop,ws", "mss", "", "mss,sok,eol+1"};
static const char *const windows[] = {"mss*4",
                                      "mtu*4",
                                      "*",
                                      "%100",
                                      "5840",
                                      "1-9000",
                                      "fit65535",
                                      "mss*4|5840",
                                      "fit65535|mss*10|1000-2000",
                                      "reach16384",
                                      "fit43690|reach5000|%7",
                                      "mss*1-40|reach40000"};
static const char *const values[] = {"*", "0", "7", "1460", "0-9", "7|1460", "1200-1460"};
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
    FILE *out = open_memstream(&text, &length);
    fputs("; synfix-fp 1\nclasses = unix\n[tcp:request]\n", out);
    for (unsigned i = 0; i < 400; i++) {
        static const char *const types[] = {"s:unix", "g:unix", "s:!"};
        static const char *const scales[] = {"*", "0", "7", "0-9", "7|9"};
        fprintf(out, "label = %s:L%u:\nsys = @unix\ntimestamps_nopped = yes\nquality = %u\n",
                PICK(types, state), next_random(state, 50), 80 + next_random(state, 3));
        fprintf(out, "sig = %s:%s:0:%s:%s,%s:%s:%s:*\n", next_random(state, 2) ? "*" : "4",
                next_random(state, 2) ? "64" : "128-", PICK(values, state), PICK(windows, state),
                PICK(scales, state), PICK(layouts, state), PICK(quirks, state));
    }
    assert_int_equal(fclose(out), 0);
    synfix_sigdb_t *sigdb = sigdb_of(text);
    free(text);
    return sigdb;
}

static void make_signature(uint64_t *state, synfix_signature_t *signature)
{
    static const char *const seen_windows[] = {"mss*4",  "mtu*4",  "5840",  "65535", "200",   "mss*44",
                                               "mss*45", "mss*30", "64240", "42340", "17520", "40880"};
    static const char *const seen_quirks[] = {"df,id+", "df", "id-", "df,id+,ecn", ""};
    static const char *const seen_layouts[] = {"mss,sok,ts,nop,ws", "mss,nop,ws", "mss", "",
                                               "mss,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ws"};
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    const int length =
        snprintf(text, sizeof text, "4:%u:0:%s:%s,%s:%s:%s:0", next_random(state, 256),
                 (const char *[]){"1460", "7", "1400"}[next_random(state, 3)], PICK(seen_windows, state),
                 next_random(state, 2) ? "7" : "0", PICK(seen_layouts, state), PICK(seen_quirks, state));
    assert_int_equal(synfix_signature_parse(text, (size_t)length, signature, NULL), SYNFIX_OK);
}

static bool is_better(const sigdb_comparison_t *one, const sigdb_comparison_t *best)
{
    return one->tier != best->tier ? one->tier < best->tier
                                   : one->tier == SIGDB_TIER_FUZZY && one->distance < best->distance;
}

/* The first entry of the best kind and the least distance, by looking at all; UINT32_MAX without one. */
static uint32_t scan(const synfix_sigdb_t *sigdb, const sigdb_query_t *query)
{
    uint32_t best = UINT32_MAX;
    sigdb_comparison_t best_fit = {.tier = SIGDB_TIER_NONE};
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        for (int timestamps_nopped = 0; timestamps_nopped < 2; timestamps_nopped++) {
            const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
            sigdb_comparison_t fit;
            sigdb_compare(entry, timestamps_nopped, query, &fit);
            if (!is_better(&fit, &best_fit) ||
                (fit.tier == SIGDB_TIER_FUZZY && sigdb->public_labels[entry->label].tool)) {
                continue;
            }
            best_fit = fit;
            best = i;
        }
    }
    return best;
}

/* As the observation is, then as it may have been before its MSS was clamped. */
static uint32_t look_at_all(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature)
{
    uint32_t best = scan(sigdb, &(sigdb_query_t){.signature = signature});
    for (const uint16_t *mss = sigdb_usual_mss; best == UINT32_MAX && *mss != 0; mss++) {
        synfix_signature_t changed;
        if (signature->mss < SIGDB_MSS_CLAMPED_MIN || *mss <= signature->mss) {
            continue;
        }
        sigdb_with_mss(signature, *mss, &changed);
        best = scan(sigdb, &(sigdb_query_t){.signature = &changed, .mss_clamped = true, .own_only = true});
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
    synfix_signature_t changed;
    sigdb_query_t query;
    sigdb_chosen_query(sigdb, SYNFIX_DIRECTION_REQUEST, signature, 0, &query, &changed);
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
        for (int timestamps_nopped = 0; timestamps_nopped < 2; timestamps_nopped++) {
            sigdb_comparison_t fit;
            sigdb_compare(entry, timestamps_nopped, &query, &fit);
            const unsigned quality =
                entry->quality * (100u - SIGDB_PERCENT_OF_DISTANCE * match->fuzziness) / 100;
            if (fit.tier != tiers[match->kind] || fit.distance != match->fuzziness ||
                quality < match->quality || seen[entry->label] || i < match->entry) {
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
