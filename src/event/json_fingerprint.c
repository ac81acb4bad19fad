/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/json_fingerprint.h"

#include "event/json_members.h"

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

static void match_part(text_writer_t *line, const synfix_fingerprint_t *fingerprint, const void *format)
{
    (void)format;
    json_fingerprint_match(line, fingerprint);
}

static void stack_part(text_writer_t *line, const synfix_fingerprint_t *fingerprint, const void *format)
{
    (void)format;
    json_fingerprint_stack(line, fingerprint);
}

synfix_status_t json_cache_create(const void *settings, unsigned worker, void **encoder,
                                  synfix_error_t *error)
{
    static const text_parts_t parts = {.match = match_part, .stack = stack_part};
    (void)worker;
    *encoder = text_cache_new(&parts, settings);
    return *encoder != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "JSON encoder: out of memory");
}
