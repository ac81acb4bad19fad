/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/text_cache.h"

#include "base/huge_pages.h"
#include <synfix/engine.h>

#define SECOND_LENGTH (sizeof "2022-10-28T09:46:19" - 1)

typedef struct cached_text {
    uint64_t stamp; /* 0: empty */
    uint32_t slot;
    uint16_t match_length;
    uint16_t stack_length;
    char comma; /* the byte before the text: not the brace that json_name looks for */
    char text[TEXT_CACHE_ENTRY];
} cached_text_t;

struct text_cache {
    const text_parts_t *parts;
    const void *settings;
    int64_t second; /* of second_text */
    char second_text[SECOND_LENGTH];
    cached_text_t entries[SYNFIX_FINGERPRINT_SLOTS_DEFAULT]; /* more slots of an engine share them */
};

text_cache_t *text_cache_new(const text_parts_t *parts, const void *settings)
{
    text_cache_t *const cache = huge_pages_new_lazy(sizeof *cache);
    if (cache != NULL) {
        cache->parts = parts;
        cache->settings = settings;
        cache->second = INT64_MIN; /* no packet has this time: nanoseconds end before */
    }
    return cache;
}

void text_cache_free(void *cache)
{
    huge_pages_free(cache);
}

const void *text_cache_settings(const text_cache_t *cache)
{
    return cache->settings;
}

void text_cache_second(text_writer_t *line, text_cache_t *cache, int64_t seconds)
{
    if (cache == NULL || !writer_has_room(line, SECOND_LENGTH)) {
        writer_date_time(line, seconds, '-', 'T');
        return;
    }
    if (cache->second != seconds) {
        text_writer_t text = {.at = cache->second_text, .end = cache->second_text + SECOND_LENGTH};
        writer_date_time(&text, seconds, '-', 'T');
        cache->second = seconds;
    }
    line->at = writer_put(line->at, cache->second_text, SECOND_LENGTH);
}

/* False: the text does not fit. */
static __attribute__((noinline)) bool fill(const text_parts_t *parts, cached_text_t *entry,
                                           const synfix_fingerprint_t *fingerprint)
{
    text_writer_t line = {.at = entry->text, .end = entry->text + sizeof entry->text};
    entry->comma = ',';
    parts->match(&line, fingerprint, parts->format);
    entry->match_length = (uint16_t)(line.at - entry->text);
    parts->stack(&line, fingerprint, parts->format);
    entry->stack_length = (uint16_t)(line.at - entry->text - entry->match_length);
    entry->slot = fingerprint->slot;
    entry->stamp = line.full ? 0 : fingerprint->stamp;
    return entry->stamp != 0;
}

bool text_cache_read(text_cache_t *cache, const synfix_fingerprint_t *fingerprint, text_cached_t *text)
{
    cached_text_t *entry = &cache->entries[fingerprint->slot % SYNFIX_FINGERPRINT_SLOTS_DEFAULT];
    const bool held =
        entry->stamp == fingerprint->stamp && entry->slot == fingerprint->slot && entry->stamp != 0;
    if (!held && (fingerprint->stamp == 0 || !fill(cache->parts, entry, fingerprint))) {
        return false;
    }
    *text = (text_cached_t){.match = entry->text,
                            .stack = entry->text + entry->match_length,
                            .match_length = entry->match_length,
                            .stack_length = entry->stack_length};
    return true;
}
