/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How loading and matching go with the number of entries: `sigdb_curve [COUNT...]`, one line for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/sigdb.h>
#include <time.h>

enum { PROBES = 4096, ROUNDS = 50 };

static const char *const layouts[] = {"mss,sok,ts,nop,ws", "mss,nop,ws,nop,nop,sok", "mss,nop,nop,sok",
                                      "mss"};

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 33);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static char *make_database(unsigned count, size_t *length)
{
    char *text = NULL;
    uint64_t state = 1;
    FILE *out = open_memstream(&text, length);
    if (out == NULL)
        return NULL;
    fputs("classes = unix\n[tcp:request]\n", out);
    for (unsigned i = 0; i < count; i++) {
        const uint32_t random = next_random(&state);
        fprintf(out, "label = s:unix:System%u:\nsig = *:64:0:", i / 3);
        if (random % 2)
            fprintf(out, "%u:%u,%u", 500 + random / 2 % 961, next_random(&state) % 65536, random % 15);
        else
            fprintf(out, "*:mss*%u,%s", 1 + next_random(&state) % 1000, random % 4 ? "*" : "7");
        fprintf(out, ":%s:df,id+:0\n", layouts[next_random(&state) % 4]);
    }
    return fclose(out) == 0 ? text : NULL;
}

static int make_probes(synfix_signature_t *probes)
{
    uint64_t state = 7;
    for (unsigned i = 0; i < PROBES; i++) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        const int length = snprintf(text, sizeof text, "4:60+4:0:1460:mss*%u,7:%s:df,id+:0",
                                    1 + next_random(&state) % 44, layouts[next_random(&state) % 4]);
        if (synfix_signature_parse(text, (size_t)length, &probes[i], NULL) != SYNFIX_OK)
            return 1;
    }
    return 0;
}

static int measure(unsigned count, const synfix_signature_t *probes)
{
    synfix_error_t error;
    size_t length = 0;
    char *text = make_database(count, &length);
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    const double start = seconds();
    if (text == NULL || sigdb == NULL ||
        synfix_sigdb_load_text(sigdb, "made", text, length, &error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK)
        return 1;
    const double loaded = seconds();
    unsigned matched = 0;
    for (unsigned i = 0; i < PROBES * ROUNDS; i++) {
        synfix_match_t match;
        synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &probes[i % PROBES], &match);
        matched += match.label != NULL;
    }
    const double done = seconds();
    printf("entries=%u load_ms=%.2f match_ns=%.1f matched=%.1f%%\n", count, (loaded - start) * 1e3,
           (done - loaded) / (PROBES * ROUNDS) * 1e9, 100.0 * matched / (PROBES * ROUNDS));
    synfix_sigdb_unref(sigdb);
    free(text);
    return 0;
}

int main(int argc, char **argv)
{
    static const unsigned counts[] = {100, 1000, 10000};
    static synfix_signature_t probes[PROBES];
    int failed = make_probes(probes);
    for (size_t i = 0; argc < 2 && i < sizeof counts / sizeof counts[0]; i++)
        failed |= measure(counts[i], probes);
    for (int i = 1; i < argc; i++)
        failed |= measure((unsigned)strtoul(argv[i], NULL, 10), probes);
    return failed;
}
