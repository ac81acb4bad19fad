/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * How loading and matching go with the number of entries: `sigdb_curve [COUNT...]`, one line for each;
 * `sigdb_curve --print COUNT` prints such a database, for `bench --database`. The
 * signatures looked up are the same for all: two in three fit one of the first hundred entries, which stand
 * first in each database, the third has another layout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/sigdb.h>
#include <time.h>

enum { PROBES = 4096, ROUNDS = 50, FIRST = 100 };

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
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The fields of an entry; 0: a wildcard. */
typedef struct made {
    unsigned mss;
    unsigned window;
    unsigned multiple;
    unsigned scale;
    const char *layout;
} made_t;

static made_t make_entry(uint64_t *state)
{
    made_t made = {.scale = 7};
    const uint32_t random = next_random(state);
    if (random % 2) {
        made.mss = 500 + random / 2 % 961;
        made.window = next_random(state) % 65536;
        made.scale = random % 15;
    } else {
        made.multiple = 1 + next_random(state) % 1000;
    }
    made.layout = layouts[next_random(state) % 4];
    return made;
}

static char *make_database(unsigned count, size_t *length)
{
    char *text = NULL;
    uint64_t state = 1;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    fputs("classes = unix\n[tcp:request]\n", out);
    for (unsigned i = 0; i < count; i++) {
        const made_t made = make_entry(&state);
        fprintf(out, "label = s:unix:System%u:\nsig = *:64:0:", i / 3);
        if (made.mss > 0) {
            fprintf(out, "%u:%u,%u", made.mss, made.window, made.scale);
        } else {
            fprintf(out, "*:mss*%u,%s", made.multiple, i % 4 ? "*" : "7");
        }
        fprintf(out, ":%s:df,id+:0\n", made.layout);
    }
    return fclose(out) == 0 ? text : NULL;
}

static int make_probes(synfix_signature_t *probes)
{
    made_t first[FIRST];
    uint64_t state = 1;
    for (unsigned i = 0; i < FIRST; i++) {
        first[i] = make_entry(&state);
    }
    for (unsigned i = 0; i < PROBES; i++) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        const made_t *made = &first[next_random(&state) % FIRST];
        const char *layout = i % 3 == 0 ? "mss,nop,nop,ts" : made->layout;
        int length = snprintf(text, sizeof text, "4:60+4:0:%u:", made->mss > 0 ? made->mss : 1460);
        length += snprintf(text + length, sizeof text - (size_t)length, made->mss > 0 ? "%u" : "mss*%u",
                           made->mss > 0 ? made->window : made->multiple);
        length +=
            snprintf(text + length, sizeof text - (size_t)length, ",%u:%s:df,id+:0", made->scale, layout);
        if (synfix_signature_parse(text, (size_t)length, &probes[i], NULL) != SYNFIX_OK) {
            return 1;
        }
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
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK) {
        return 1;
    }
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

static int print_database(unsigned count)
{
    size_t length = 0;
    char *text = make_database(count, &length);
    const bool failed = text == NULL || fwrite(text, 1, length, stdout) != length;
    free(text);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--print") == 0) {
        return print_database((unsigned)strtoul(argv[2], NULL, 10));
    }
    static const unsigned counts[] = {100, 1000, 10000};
    static synfix_signature_t probes[PROBES];
    int failed = make_probes(probes);
    for (size_t i = 0; argc < 2 && i < sizeof counts / sizeof counts[0]; i++) {
        failed |= measure(counts[i], probes);
    }
    for (int i = 1; i < argc; i++) {
        failed |= measure((unsigned)strtoul(argv[i], NULL, 10), probes);
    }
    return failed;
}
