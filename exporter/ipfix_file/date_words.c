/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/date_words.h"
#include <stdint.h>
#include <string.h>

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Times at which a conversion has each of its texts: @p count of them, @p step_s seconds apart. */
typedef struct samples {
    const char *letters;
    int64_t first_s; /* since 1970 */
    int64_t step_s;
    unsigned count;
} samples_t;

static const samples_t all_samples[] = {
    /* from 2023-01-01 to 2026-12-31: a leap year, and one of 53 weeks */
    {"aAbBhdejmuwV", 1672531200, DAY, 1461},
    {"HIklpP", 0, HOUR, 24},
    {"M", 0, MINUTE, 60},
    {"S", 0, 1, 60},
    {"YyCGg", 180 * DAY, 31556952, 230}, /* in the middle of each year */
    {"zZtnf", 0, 1, 1},                  /* the sink writes UTC and whole seconds */
};

static const samples_t *samples_of(char letter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(all_samples); i++) {
        if (strchr(all_samples[i].letters, letter) != NULL) {
            return &all_samples[i];
        }
    }
    return NULL;
}

GPtrArray *date_words_new(const char *conversion, char letter)
{
    const samples_t *const samples = letter != '\0' ? samples_of(letter) : NULL;
    if (samples == NULL) {
        return NULL;
    }
    GPtrArray *const words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < samples->count; i++) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(samples->first_s + i * samples->step_s);
        char *const word = g_date_time_format(time, conversion);
        if (word != NULL && !g_hash_table_contains(seen, word)) { /* adding it again would keep the new one */
            g_hash_table_add(seen, word);
            g_ptr_array_add(words, word);
        } else {
            g_free(word);
        }
    }
    return words;
}

const char *date_words_expand(char letter)
{
    return letter == 'F'   ? "%Y-%m-%d"
           : letter == 'T' ? "%H:%M:%S"
           : letter == 'R' ? "%H:%M"
           : letter == 'D' ? "%m/%d/%y"
                           : NULL;
}
