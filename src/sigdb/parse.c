/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "sigdb/layout_alternatives.h"
#include "sigdb/parse.h"

typedef enum section { SECTION_NONE, SECTION_MTU, SECTION_TCP, SECTION_HTTP } section_t;

/* What the lines above say about the `sig` lines to come. */
typedef struct reader {
    synfix_sigdb_t *sigdb;
    uint32_t file;
    uint32_t line;
    bool extended;
    section_t section;
    uint8_t direction;
    bool has_label;
    bool has_sys;
    FILE *complaints; /* where what is wrong is told and passed over; NULL: the first ends all */
    unsigned complaint_count;
    slice_t classes;
    layout_names_t layouts;
    uint32_t mtu_label;  /* offset in strings */
    sigdb_entry_t entry; /* label and its fields */
} reader_t;

static const char no_memory[] = "out of memory";

static bool slice_is(slice_t slice, const char *word)
{
    return slice.length == strlen(word) && memcmp(slice.at, word, slice.length) == 0;
}

static bool starts_with(slice_t slice, const char *word)
{
    return slice.length >= strlen(word) && memcmp(slice.at, word, strlen(word)) == 0;
}

static const char *read_section(reader_t *reader, slice_t line)
{
    reader->has_label = false;
    if (slice_is(line, "[mtu]")) {
        reader->section = SECTION_MTU;
    } else if (slice_is(line, "[tcp:request]") || slice_is(line, "[tcp:response]")) {
        reader->section = SECTION_TCP;
        reader->direction =
            slice_is(line, "[tcp:request]") ? SYNFIX_DIRECTION_REQUEST : SYNFIX_DIRECTION_RESPONSE;
    } else if (starts_with(line, "[http:") && line.at[line.length - 1] == ']') {
        reader->section = SECTION_HTTP;
    } else {
        return "unknown section";
    }
    return NULL;
}

static const char *read_label(reader_t *reader, slice_t value)
{
    sigdb_entry_t *entry = &reader->entry;
    reader->has_sys = false;
    if (reader->section == SECTION_MTU) {
        reader->mtu_label = sigdb_store_text(reader->sigdb, value.at, value.length);
        reader->has_label = true;
        return reader->mtu_label == 0 ? no_memory : NULL;
    }
    *entry = (sigdb_entry_t){.extra_first = reader->sigdb->extras.count};
    const char *reason = sigdb_intern_label(reader->sigdb, value, reader->classes, &entry->label);
    reader->has_label = reason == NULL;
    return reason;
}

static const char *read_number(slice_t value, uint32_t least, uint32_t most, uint32_t *number)
{
    text_scanner_t scanner;
    text_start(&scanner, value.at, value.length);
    text_number(&scanner, most, number);
    if (scanner.reason == NULL && (scanner.at != scanner.end || *number < least))
        return "the number is wrong";
    return scanner.reason;
}

static const char *read_mtu(reader_t *reader, slice_t value)
{
    uint32_t mtu;
    const char *reason = read_number(value, 1, 65595, &mtu);
    if (reason != NULL)
        return reason;
    const uint32_t order = reader->sigdb->mtus.count;
    sigdb_mtu_t *added = sigdb_array_add(&reader->sigdb->mtus, sizeof *added, 1);
    if (added == NULL)
        return no_memory;
    *added = (sigdb_mtu_t){
        .mtu = mtu, .order = order, .text = reader->mtu_label, .line = reader->line, .file = reader->file};
    return NULL;
}

/* One entry of the line. */
static const char *add_entry(void *context, slice_t sig)
{
    reader_t *reader = context;
    synfix_sigdb_t *sigdb = reader->sigdb;
    if (sigdb->entries.count >= SYNFIX_SIGDB_ENTRIES_MAX)
        return "too many entries";
    sigdb_entry_t entry = reader->entry;
    const char *reason = sigdb_entry_parse(sig.at, sig.length, reader->extended, &entry);
    if (reason != NULL)
        return reason;
    entry.file = reader->file;
    entry.line = reader->line;
    entry.direction = reader->direction;
    entry.generic = sigdb_label_at(sigdb, entry.label)->type == 'g';
    entry.text = sigdb_store_text(sigdb, sig.at, sig.length);
    sigdb_entry_t *added = sigdb_array_add(&sigdb->entries, sizeof entry, 1);
    if (added == NULL || entry.text == 0)
        return no_memory;
    *added = entry;
    return NULL;
}

static const char *read_sig(reader_t *reader, slice_t value)
{
    if (!reader->has_label)
        return "a sig without a label before it";
    if (reader->section == SECTION_MTU)
        return read_mtu(reader, value);
    if (sigdb_label_at(reader->sigdb, reader->entry.label)->tool && !reader->has_sys)
        return "a tool (class !) needs a sys line before its sig";
    reader->sigdb->entry_count[reader->direction]++;
    return reader->extended ? layouts_expand(&reader->layouts, value, add_entry, reader)
                            : add_entry(reader, value);
}

/* `also = 20 s:unix:Android:`: another label of the same signatures, with its share in percent. */
static const char *read_also(reader_t *reader, slice_t value)
{
    const char *space = memchr(value.at, ' ', value.length);
    uint32_t weight;
    uint32_t label;
    if (space == NULL)
        return "also takes a share in percent and a label";
    const size_t length = (size_t)(space - value.at);
    const char *reason = read_number((slice_t){value.at, length}, 1, 100, &weight);
    if (reason != NULL)
        return reason;
    if (reader->entry.extra_count == SIGDB_EXTRAS_MAX)
        return "too many labels";
    reason = sigdb_intern_label(reader->sigdb, slice_trim((slice_t){space, value.length - length}),
                                reader->classes, &label);
    if (reason != NULL)
        return reason;
    sigdb_extra_t *added = sigdb_array_add(&reader->sigdb->extras, sizeof *added, 1);
    if (added == NULL)
        return no_memory;
    *added = (sigdb_extra_t){.label = label, .weight = (uint8_t)weight};
    reader->entry.extra_count++;
    return NULL;
}

/* Fields that only the project's own grammar has. */
static const char *read_own_field(reader_t *reader, slice_t name, slice_t value)
{
    static const char unknown[] = "unknown field";
    uint32_t number;
    if (!reader->extended)
        return unknown;
    if (slice_is(name, "version")) {
        if (reader->sigdb->version == 0 && reader->file == 0)
            reader->sigdb->version = sigdb_store_text(reader->sigdb, value.at, value.length);
        return NULL;
    }
    if (slice_is(name, "layouts"))
        return layout_names_add(&reader->layouts, value);
    if (reader->section != SECTION_TCP || !reader->has_label)
        return slice_is(name, "evidence") && reader->section == SECTION_MTU ? NULL : unknown;
    if (slice_is(name, "evidence")) {
        reader->entry.evidence = sigdb_store_text(reader->sigdb, value.at, value.length);
    } else if (slice_is(name, "date")) {
        reader->entry.date = sigdb_store_text(reader->sigdb, value.at, value.length);
    } else if (slice_is(name, "noped")) {
        reader->entry.noped = slice_is(value, "yes");
        return reader->entry.noped || slice_is(value, "no") ? NULL : "noped is yes or no";
    } else if (slice_is(name, "quality")) {
        const char *reason = read_number(value, 1, 100, &number);
        reader->entry.quality = (uint8_t)number;
        return reason;
    } else if (slice_is(name, "also")) {
        return read_also(reader, value);
    } else {
        return unknown;
    }
    return NULL;
}

static const char *read_field(reader_t *reader, slice_t line)
{
    const char *equals = memchr(line.at, '=', line.length);
    if (equals == NULL)
        return "neither a section nor a field";
    const size_t length = (size_t)(equals - line.at);
    const slice_t name = slice_trim((slice_t){line.at, length});
    const slice_t value = slice_trim((slice_t){equals + 1, line.length - length - 1});
    if (value.length == 0)
        return "a field without a value";
    if (slice_is(name, "classes")) {
        reader->classes = value;
        return NULL;
    }
    if (reader->section == SECTION_HTTP || slice_is(name, "ua_os"))
        return NULL;
    if (slice_is(name, "label"))
        return reader->section == SECTION_NONE ? "a label outside of a section" : read_label(reader, value);
    if (slice_is(name, "sys")) {
        if (reader->section != SECTION_TCP || !reader->has_label)
            return "sys without a label before it";
        reader->has_sys = true;
        return NULL;
    }
    if (slice_is(name, "sig"))
        return read_sig(reader, value);
    return read_own_field(reader, name, value);
}

static const char *read_line(reader_t *reader, slice_t line)
{
    line = slice_trim(line);
    if (line.length == 0)
        return NULL;
    if (line.at[0] == ';') {
        if (reader->line == 1 && starts_with(line, "; synfix-fp ")) {
            reader->extended = slice_is(line, "; synfix-fp 1");
            return reader->extended ? NULL : "a version of the grammar that is not known here";
        }
        return NULL;
    }
    for (size_t i = 0; i < line.length; i++) {
        const unsigned char byte = (unsigned char)line.at[i];
        if ((byte < ' ' && byte != '\t') || byte > '~')
            return "a byte that is not printable ASCII";
    }
    return line.at[0] == '[' ? read_section(reader, line) : read_field(reader, line);
}

/* The line, and the reason, of the first that is wrong and is not passed over. */
static const char *read_lines(reader_t *reader, const char *name, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t line_length = end == NULL ? length - at : (size_t)(end - text) - at;
        reader->line++;
        const char *reason = read_line(reader, (slice_t){text + at, line_length});
        if (reason != NULL && reader->complaints == NULL)
            return reason;
        if (reason != NULL) {
            fprintf(reader->complaints, "%s:%u: %s\n", name, reader->line, reason);
            reader->complaint_count++;
        }
        at += line_length + 1;
    }
    return NULL;
}

synfix_status_t sigdb_read_file(synfix_sigdb_t *sigdb, const char *name, const char *text, size_t length,
                                synfix_error_t *error)
{
    reader_t reader = {.sigdb = sigdb, .file = sigdb->files.count, .classes = {"", 0}};
    const uint32_t stored = sigdb_store_text(sigdb, name, strlen(name));
    uint32_t *file = sigdb_array_add(&sigdb->files, sizeof *file, 1);
    if (file == NULL || stored == 0)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: %s", name, no_memory);
    *file = stored;
    const char *reason = read_lines(&reader, name, text, length);
    if (reason != NULL)
        return synfix_fail(error, reason == no_memory ? SYNFIX_NO_MEMORY : SYNFIX_INVALID, "%s:%u: %s", name,
                           reader.line, reason);
    return SYNFIX_OK;
}

unsigned sigdb_check_text(const char *name, const char *text, size_t length, FILE *out)
{
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (sigdb == NULL)
        return 0;
    reader_t reader = {.sigdb = sigdb, .classes = {"", 0}, .complaints = out};
    (void)read_lines(&reader, name, text, length);
    synfix_sigdb_unref(sigdb);
    return reader.complaint_count;
}
