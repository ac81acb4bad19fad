/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message_text.h"
#include "sigdb/label_fields.h"
#include "sigdb/layout_alternatives.h"
#include "sigdb/parse.h"

typedef enum sigdb_section { SECTION_NONE, SECTION_MTU, SECTION_TCP, SECTION_HTTP } sigdb_section_t;

/* State that earlier lines set for the `sig` lines that follow. */
typedef struct sigdb_parser {
    synfix_sigdb_t *sigdb;
    uint32_t file;
    uint32_t line;
    bool extended;
    sigdb_section_t section;
    uint8_t direction;
    bool has_label;
    bool has_sys;
    FILE
        *complaints; /* receives each mistake, whose line is skipped; NULL: the first mistake ends the load */
    unsigned complaint_count;
    bool unsure; /* after a complaint: the line may have been the label, section or `sys` that a later line
                    needs */
    slice_t classes;
    layout_names_t layouts;
    uint32_t mtu_label;  /* offset in strings */
    sigdb_entry_t entry; /* label and its fields */
} sigdb_parser_t;

static const char no_memory[] = "out of memory";
/* The lines after these mistakes have no meaning. */
static const char unknown_grammar[] = "an unknown version of the grammar";
static const char no_text[] = "not a text file: a NUL byte; name a signature database";

/* @p reason: the line needs an earlier line. NULL after another mistake: only the first cause is reported. */
static const char *lacks(const sigdb_parser_t *parser, const char *reason)
{
    return parser->unsure ? NULL : reason;
}

/* Room is reserved for at most this many bytes of a file before the file is read. */
#define RESERVE_LENGTH ((size_t)1 << 20)

static const char *read_section(sigdb_parser_t *parser, slice_t line)
{
    parser->has_label = false;
    parser->section = SECTION_NONE;
    if (slice_is(line, "[mtu]")) {
        parser->section = SECTION_MTU;
    } else if (slice_is(line, "[tcp:request]") || slice_is(line, "[tcp:response]")) {
        parser->section = SECTION_TCP;
        parser->direction =
            slice_is(line, "[tcp:request]") ? SYNFIX_DIRECTION_REQUEST : SYNFIX_DIRECTION_RESPONSE;
    } else if (slice_starts_with(line, "[http:") && line.at[line.length - 1] == ']') {
        parser->section = SECTION_HTTP;
    } else {
        return "unknown section; write [mtu], [tcp:request] or [tcp:response]";
    }
    parser->unsure = false;
    return NULL;
}

static const char *read_label(sigdb_parser_t *parser, slice_t value)
{
    sigdb_entry_t *entry = &parser->entry;
    parser->has_sys = false;
    if (parser->section == SECTION_MTU) {
        parser->mtu_label = sigdb_store_text(parser->sigdb, value.at, value.length);
        parser->has_label = true;
        return parser->mtu_label == 0 ? no_memory : NULL;
    }
    *entry = (sigdb_entry_t){.extra_first = parser->sigdb->extras.count};
    const char *reason = sigdb_intern_label(parser->sigdb, value, parser->classes, &entry->label);
    parser->has_label = reason == NULL;
    parser->unsure = parser->unsure && reason != NULL;
    return reason;
}

static const char *read_mtu(sigdb_parser_t *parser, slice_t value)
{
    uint32_t mtu;
    const char *reason = slice_number(value, 1, 65595, &mtu);
    if (reason != NULL) {
        return reason;
    }
    const uint32_t order = parser->sigdb->mtus.count;
    sigdb_mtu_t *added = sigdb_array_add(&parser->sigdb->mtus, sizeof *added, 1);
    if (added == NULL) {
        return no_memory;
    }
    *added = (sigdb_mtu_t){
        .mtu = mtu, .order = order, .text = parser->mtu_label, .line = parser->line, .file = parser->file};
    return NULL;
}

/* The previous entry, if the present line added it: only the layouts differ. NULL otherwise. */
static const sigdb_entry_t *same_line(const sigdb_parser_t *parser)
{
    const uint32_t count = parser->sigdb->entries.count;
    const sigdb_entry_t *last = count > 0 ? sigdb_entry(parser->sigdb, count - 1) : NULL;
    return last != NULL && last->line == parser->line && last->file == parser->file ? last : NULL;
}

static const char *parse_first(const sigdb_parser_t *parser, slice_t sig, sigdb_entry_t *entry)
{
    *entry = parser->entry;
    entry->file = parser->file;
    entry->line = parser->line;
    entry->direction = parser->direction;
    entry->own = parser->extended;
    entry->generic = sigdb_label_at(parser->sigdb, entry->label)->type == 'g';
    return sigdb_entry_parse(sig.at, sig.length, parser->extended, entry);
}

static const char *parse_layout(const sigdb_entry_t *other, slice_t layout, sigdb_entry_t *entry)
{
    text_scanner_t scanner;
    *entry = *other;
    scanner_start(&scanner, layout.at, layout.length);
    scanner_layout(&scanner, &entry->layout);
    return scanner.reason;
}

/* One entry of the line. */
static const char *add_entry(void *context, slice_t sig, slice_t layout)
{
    sigdb_parser_t *parser = context;
    synfix_sigdb_t *sigdb = parser->sigdb;
    sigdb_entry_t entry;
    if (sigdb->entries.count >= SYNFIX_SIGDB_ENTRIES_MAX) {
        return "too many entries";
    }
    const sigdb_entry_t *other = same_line(parser);
    const char *reason =
        other != NULL ? parse_layout(other, layout, &entry) : parse_first(parser, sig, &entry);
    if (reason != NULL) {
        return reason;
    }
    sigdb->has_own |= parser->extended;
    entry.text = sigdb_store_text(sigdb, sig.at, sig.length);
    sigdb_entry_t *added = sigdb_array_add(&sigdb->entries, sizeof entry, 1);
    if (added == NULL || entry.text == 0) {
        return no_memory;
    }
    *added = entry;
    return NULL;
}

static const char *read_sig(sigdb_parser_t *parser, slice_t value)
{
    if (!parser->has_label) {
        return lacks(parser, "a sig without a label before it; write label = first");
    }
    if (parser->section == SECTION_MTU) {
        return read_mtu(parser, value);
    }
    if (sigdb_label_at(parser->sigdb, parser->entry.label)->tool && !parser->has_sys) {
        return lacks(parser, "a tool (class !) needs a sys line before its sig");
    }
    parser->sigdb->entry_count[parser->direction]++;
    return parser->extended ? layouts_expand(&parser->layouts, value, add_entry, parser)
                            : add_entry(parser, value, (slice_t){"", 0});
}

/* Fields that only synfix's grammar has. */
static const char *read_own_field(sigdb_parser_t *parser, slice_t name, slice_t value)
{
    static const char unknown[] = "unknown field";
    if (!parser->extended) {
        return unknown;
    }
    if (slice_is(name, "version")) {
        if (parser->sigdb->version == 0 && parser->file == 0) {
            parser->sigdb->version = sigdb_store_text(parser->sigdb, value.at, value.length);
        }
        return NULL;
    }
    if (slice_is(name, "layouts")) {
        return layout_names_add(&parser->layouts, value);
    }
    if (slice_is(name, "added_options")) {
        return sigdb_read_added_options(parser->sigdb, value);
    }
    if (parser->section != SECTION_TCP || !parser->has_label) {
        return slice_is(name, "evidence") && parser->section == SECTION_MTU ? NULL : lacks(parser, unknown);
    }
    return sigdb_read_label_field(parser->sigdb, parser->classes, parser->direction, name, value,
                                  &parser->entry);
}

static const char *read_sys(sigdb_parser_t *parser)
{
    if (parser->section != SECTION_TCP || !parser->has_label) {
        return lacks(parser, "sys without a label before it; write label = first");
    }
    parser->has_sys = true;
    return NULL;
}

static const char *read_named_field(sigdb_parser_t *parser, slice_t name, slice_t value)
{
    if (slice_is(name, "classes")) {
        parser->classes = value;
        return NULL;
    }
    if (parser->section == SECTION_HTTP || slice_is(name, "ua_os")) {
        return NULL;
    }
    if (slice_is(name, "label")) {
        return parser->section != SECTION_NONE
                   ? read_label(parser, value)
                   : lacks(parser,
                           "a label outside of a section; write [tcp:request] or [tcp:response] before it");
    }
    if (slice_is(name, "sys")) {
        return read_sys(parser);
    }
    return slice_is(name, "sig") ? read_sig(parser, value) : read_own_field(parser, name, value);
}

static const char *read_field(sigdb_parser_t *parser, slice_t line)
{
    const char *equals = memchr(line.at, '=', line.length);
    if (equals == NULL) {
        return "neither a section nor a field; write [SECTION] or NAME = VALUE";
    }
    const size_t length = (size_t)(equals - line.at);
    const slice_t name = slice_trim((slice_t){line.at, length});
    const slice_t value = slice_trim((slice_t){equals + 1, line.length - length - 1});
    return value.length > 0 ? read_named_field(parser, name, value)
                            : "a field without a value; write NAME = VALUE";
}

/* Without an exit from the loop and with values of one byte, the compiler tests many bytes at once. */
static bool is_printable(slice_t line)
{
    uint8_t bad = 0;
    for (size_t i = 0; i < line.length; i++) {
        const uint8_t byte = (uint8_t)line.at[i];
        const uint8_t above_space = (uint8_t)(byte - ' '); /* control characters become large */
        bad |= (uint8_t)(above_space > '~' - ' ') & (uint8_t)(byte != '\t');
    }
    return bad == 0;
}

static const char *read_line(sigdb_parser_t *parser, slice_t line)
{
    if (memchr(line.at, '\0', line.length) != NULL) {
        return no_text;
    }
    line = slice_trim(line);
    if (line.length == 0) {
        return NULL;
    }
    if (line.at[0] == ';') {
        if (parser->line == 1 && slice_starts_with(line, "; synfix-fp ")) {
            parser->extended = slice_is(line, "; synfix-fp 1");
            return parser->extended ? NULL : unknown_grammar;
        }
        return NULL;
    }
    if (!is_printable(line)) {
        return "a byte that is not printable ASCII";
    }
    return line.at[0] == '[' ? read_section(parser, line) : read_field(parser, line);
}

static bool ends_reading(const sigdb_parser_t *parser, const char *reason)
{
    return parser->complaints == NULL || reason == no_memory || reason == unknown_grammar ||
           reason == no_text;
}

static void complain(sigdb_parser_t *parser, const char *name, const char *reason)
{
    fprintf(parser->complaints, "%s:%u: %s\n", name, parser->line, reason);
    parser->complaint_count++;
    parser->unsure = true;
}

/* Returns the mistake that ended the reading; NULL: all lines were read. */
static const char *read_lines(sigdb_parser_t *parser, const char *name, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t line_length = end == NULL ? length - at : (size_t)(end - text) - at;
        parser->line++;
        const char *reason = read_line(parser, (slice_t){text + at, line_length});
        if (reason != NULL && parser->complaints != NULL) {
            complain(parser, name, reason);
        }
        if (reason != NULL && ends_reading(parser, reason)) {
            return reason;
        }
        at += line_length + 1;
    }
    return NULL;
}

/* Room for the shipped database in proportion to @p length. */
static void reserve(synfix_sigdb_t *sigdb, size_t length)
{
    const size_t known = length < RESERVE_LENGTH ? length : RESERVE_LENGTH;
    sigdb_array_reserve(&sigdb->strings, 1, known * 2);
    sigdb_array_reserve(&sigdb->entries, sizeof(sigdb_entry_t), known / 64);
    sigdb_array_reserve(&sigdb->labels, sizeof(sigdb_label_t), known / 128);
}

synfix_status_t sigdb_read_file(synfix_sigdb_t *sigdb, const char *name, const char *text, size_t length,
                                synfix_error_t *error)
{
    sigdb_parser_t parser = {.sigdb = sigdb, .file = sigdb->files.count, .classes = {"", 0}};
    reserve(sigdb, length);
    const uint32_t stored = sigdb_store_text(sigdb, name, strlen(name));
    uint32_t *file = sigdb_array_add(&sigdb->files, sizeof *file, 1);
    if (file == NULL || stored == 0) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: %s", name, no_memory);
    }
    replace_unprintable_bytes((char *)sigdb->strings.items + stored); /* reports print the name */
    *file = stored;
    const char *reason = read_lines(&parser, name, text, length);
    if (reason != NULL) {
        return synfix_fail(error, reason == no_memory ? SYNFIX_NO_MEMORY : SYNFIX_INVALID, "%s:%u: %s", name,
                           parser.line, reason);
    }
    return SYNFIX_OK;
}

unsigned sigdb_check_text(const char *name, const char *text, size_t length, FILE *out)
{
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    char *plain = strdup(name);
    sigdb_parser_t parser = {.sigdb = sigdb, .classes = {"", 0}, .complaints = out};
    if (sigdb != NULL && plain != NULL) {
        replace_unprintable_bytes(plain);
        (void)read_lines(&parser, plain, text, length);
    }
    free(plain);
    synfix_sigdb_unref(sigdb);
    return parser.complaint_count;
}
