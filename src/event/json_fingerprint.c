/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/json_fingerprint.h"

#include "base/huge_pages.h"
#include "event/json_members.h"

#define SLOTS 8192u /* the default of the engine; a larger number of slots shares them */

#define SECOND_LENGTH (sizeof "2022-10-28T09:46:19" - 1)

typedef struct cached_text {
    uint64_t stamp; /* 0: empty */
    uint32_t slot;
    uint16_t match_length;
    uint16_t stack_length;
    char comma; /* the byte before the text: not the brace that json_name looks for */
    char text[JSON_CACHE_TEXT];
} cached_text_t;

struct json_cache {
    const void *settings;
    int64_t second; /* of second_text */
    char second_text[SECOND_LENGTH];
    cached_text_t entries[SLOTS];
};

synfix_status_t json_cache_create(const void *settings, unsigned worker, void **encoder,
                                  synfix_error_t *error)
{
    (void)worker;
    json_cache_t *const cache = huge_pages_new_lazy(sizeof *cache);
    if (cache == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "JSON encoder: out of memory");
    }
    cache->settings = settings;
    cache->second = INT64_MIN; /* no packet has this time: nanoseconds end before */
    *encoder = cache;
    return SYNFIX_OK;
}

void json_cache_destroy(void *encoder)
{
    huge_pages_free(encoder);
}

const void *json_cache_settings(const json_cache_t *cache)
{
    return cache->settings;
}

void json_cache_second(text_writer_t *line, json_cache_t *cache, int64_t seconds)
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

/* Present only with alternatives: `"other_os":["Linux 4.20 or newer"]`. */
static void json_others(text_writer_t *line, const synfix_match_t *match)
{
    if (match->others[0] == NULL) {
        return;
    }
    json_name(line, "other_os");
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        writer_char(line, i == 0 ? '[' : ',');
        writer_json_string(line, match->others[i]->text);
    }
    writer_char(line, ']');
}

static const char *match_kind_name(const synfix_match_t *match)
{
#define KIND(identifier, number, text) [number] = (text),
    static const char *const kinds[] = {SYNFIX_MATCH_KINDS(KIND)};
#undef KIND
    return match->kind < sizeof kinds / sizeof kinds[0] ? kinds[match->kind] : "none";
}

static void json_label(text_writer_t *line, const synfix_label_t *label)
{
    json_string(line, "os", label != NULL ? label->text : "?");
    json_string(line, "class", label != NULL ? label->os_class : "?");
    json_string(line, "family", label != NULL ? label->name : "?");
}

static void json_quality(text_writer_t *line, const synfix_match_t *match)
{
    json_string(line, "match", match_kind_name(match));
    json_unsigned(line, "quality", match->quality);
    json_unsigned(line, "family_quality", match->family_quality);
    json_unsigned(line, "candidates", match->candidate_count);
}

static const char *link_of(const synfix_fingerprint_t *fingerprint)
{
    return fingerprint->link_label != NULL ? fingerprint->link_label : "?";
}

void json_fingerprint_match(text_writer_t *line, const synfix_fingerprint_t *fingerprint)
{
    const synfix_match_t *match = &fingerprint->match;
    const synfix_label_t *label = match->label;
    json_string(line, "signature", fingerprint->text);
    json_label(line, label);
    json_string(line, "flavor", label != NULL && label->flavor[0] != '\0' ? label->flavor : "?");
    json_unsigned(line, "label_id", label != NULL ? label->id : 0);
    json_quality(line, match);
    json_others(line, match);
    json_unsigned(line, "distance", match->distance);
    json_unsigned(line, "initial_ttl", match->initial_ttl);
}

void json_fingerprint_stack(text_writer_t *line, const synfix_fingerprint_t *fingerprint)
{
    char quirks[SYNFIX_QUIRKS_TEXT_SIZE];
    json_string(line, "options", fingerprint->layout_text);
    (void)synfix_quirks_format(fingerprint->signature.quirks, quirks);
    json_string(line, "quirks", quirks);
    json_unsigned(line, "quirk_bits", fingerprint->signature.quirks);
    json_unsigned(line, "mtu", fingerprint->link_mtu);
    json_string(line, "link", link_of(fingerprint));
}

void json_host(text_writer_t *line, const synfix_fingerprint_t *fingerprint)
{
    writer_char(line, '{');
    json_label(line, fingerprint->match.label);
    json_quality(line, &fingerprint->match);
    json_unsigned(line, "distance", fingerprint->match.distance);
    json_string(line, "link", link_of(fingerprint));
    json_string(line, "signature", fingerprint->text);
    json_close(line);
}

/* False: the text does not fit. */
static __attribute__((noinline)) bool fill(cached_text_t *entry, const synfix_fingerprint_t *fingerprint)
{
    text_writer_t line = {.at = entry->text, .end = entry->text + sizeof entry->text};
    entry->comma = ',';
    json_fingerprint_match(&line, fingerprint);
    entry->match_length = (uint16_t)(line.at - entry->text);
    json_fingerprint_stack(&line, fingerprint);
    entry->stack_length = (uint16_t)(line.at - entry->text - entry->match_length);
    entry->slot = fingerprint->slot;
    entry->stamp = line.full ? 0 : fingerprint->stamp;
    return entry->stamp != 0;
}

bool json_cache_text(json_cache_t *cache, const synfix_fingerprint_t *fingerprint,
                     json_fingerprint_text_t *text)
{
    cached_text_t *entry = &cache->entries[fingerprint->slot % SLOTS];
    const bool held =
        entry->stamp == fingerprint->stamp && entry->slot == fingerprint->slot && entry->stamp != 0;
    if (!held && !fill(entry, fingerprint)) {
        return false;
    }
    *text = (json_fingerprint_text_t){.match = entry->text,
                                      .stack = entry->text + entry->match_length,
                                      .match_length = entry->match_length,
                                      .stack_length = entry->stack_length};
    return true;
}
