/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/profile_parser.h"
#include "values/suggestion.h"
#include <glib.h>
#include <string.h>

#define STRING_PREFIX_MAX 3u /* bytes of the length before a variable string */

typedef struct profile_file {
    const ipfix_model_t *model;
    const char *path;
    unsigned line;
    profile_lists_t *lists;
    profile_list_t *current;
    synfix_error_t *error;
} profile_file_t;

static synfix_status_t bad_line(profile_file_t *file, const char *reason, const char *what)
{
    return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: %s '%s'", file->path, file->line, reason, what);
}

static const ipfix_element_t *find_element(const ipfix_model_t *model, const char *name)
{
    if (!g_ascii_isdigit(name[0])) {
        return ipfix_model_by_name(model, name);
    }
    g_auto(GStrv) parts = g_strsplit(name, "/", 2);
    guint64 pen = 0;
    guint64 id = 0;
    if (parts[1] == NULL || !g_ascii_string_to_unsigned(parts[0], 10, 0, UINT32_MAX, &pen, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 1, 0x7FFF, &id, NULL)) {
        return NULL;
    }
    return ipfix_model_by_id(model, (uint32_t)pen, (uint16_t)id);
}

/* Removes `[N]` from the end of @p name. Returns false if the suffix is malformed. */
static bool cut_length(char *name, uint64_t *length)
{
    char *bracket = strchr(name, '[');
    *length = 0;
    if (bracket == NULL) {
        return true;
    }
    char *end = strchr(bracket, ']');
    if (end == NULL || end[1] != '\0') {
        return false;
    }
    *end = '\0';
    *bracket = '\0';
    return g_ascii_string_to_unsigned(bracket + 1, 10, 1, IPFIX_VARIABLE - 1, length, NULL);
}

/* Removes ` untunnelled` from the end of @p name; returns whether it was there. */
static bool cut_untunnelled(char *name)
{
    char *const space = strpbrk(name, " \t");
    if (space == NULL || strcmp(g_strstrip(space), "untunnelled") != 0) {
        return false;
    }
    *space = '\0';
    return true;
}

static synfix_status_t unknown_element(profile_file_t *file, const char *name)
{
    const size_t count = ipfix_model_count(file->model);
    g_autofree const char **names = g_new(const char *, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = ipfix_model_at(file->model, i)->name;
    }
    const char *closest = suggestion_closest(name, names, count);
    return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: unknown element '%s'; %s%s%s", file->path,
                       file->line, name, closest != NULL ? "did you mean '" : "'synfix elements' lists them",
                       closest != NULL ? closest : "", closest != NULL ? "'?" : "");
}

/* Numbers may be shortened (RFC 7011 6.2), strings have one length then. @p length 0: the element's own. */
static synfix_status_t check_length(profile_file_t *file, const ipfix_element_t *element,
                                    const element_source_t *field, uint64_t length, const char *text)
{
    if (length == 0) {
        return SYNFIX_OK;
    }
    if (element->type == IPFIX_UNSIGNED64) {
        return length >= 4 && length <= 8
                   ? SYNFIX_OK
                   : bad_line(file, "an unsigned64 has a length of [4] to [8], not", text);
    }
    if (element->type != IPFIX_STRING) {
        return bad_line(file, "only an unsigned64 and a string can have a length, not", text);
    }
    const uint32_t longest = element_source_size_max(field) - STRING_PREFIX_MAX;
    return length <= longest
               ? SYNFIX_OK
               : synfix_fail(file->error, SYNFIX_INVALID,
                             "%s:%u: '%s': this string has at most %u bytes; write [%u] or less", file->path,
                             file->line, text, longest, longest);
}

/* initialTCPFlags and unionTCPFlags had one byte before libfixbuf 3. Logstash and Filebeat read one byte,
 * with any length in the template. */
static uint16_t usual_length(const ipfix_element_t *element)
{
    const bool flags = element->pen == IPFIX_PEN_CERT && (element->id == 14 || element->id == 15);
    return flags ? 1 : element->length;
}

static synfix_status_t add_element(profile_file_t *file, const char *text)
{
    g_autofree char *name = g_strdup(text);
    uint64_t length = 0;
    profile_list_t *list = file->current;
    const bool untunnelled = cut_untunnelled(name);
    if (!cut_length(name, &length)) {
        return bad_line(file, "write a length as [BYTES], not", text);
    }
    const ipfix_element_t *element = find_element(file->model, name);
    if (element == NULL) {
        return unknown_element(file, text);
    }
    const element_source_t *field = element_source_find(element);
    if (field == NULL) {
        return bad_line(file, "no observation has a value for element", text);
    }
    const synfix_status_t status = check_length(file, element, field, length, text);
    if (status != SYNFIX_OK) {
        return status;
    }
    for (unsigned i = 0; i < list->count; i++) {
        if (list->entries[i].element == element) {
            return bad_line(file, "twice in one list: element", text);
        }
    }
    if (list->count == IPFIX_FIELDS_MAX) {
        return bad_line(file, "too many elements, at", text);
    }
    list->entries[list->count++] = (profile_entry_t){
        element, field, length != 0 ? (uint16_t)length : usual_length(element), untunnelled};
    return SYNFIX_OK;
}

static synfix_status_t read_line(profile_file_t *file, char *line)
{
    char *comment = strchr(line, '#');
    if (comment != NULL) {
        *comment = '\0';
    }
    g_strstrip(line);
    if (line[0] == '\0') {
        return SYNFIX_OK;
    }
    if (line[0] != '[') {
        return add_element(file, line);
    }
    if (strcmp(line, "[observation]") == 0) {
        file->current = &file->lists->of[0];
    } else if (strcmp(line, "[uptime]") == 0) {
        file->current = &file->lists->of[1];
    } else if (strcmp(line, "[host-change]") == 0) {
        file->current = &file->lists->of[2];
    } else {
        return bad_line(file, "neither [observation], [uptime] nor [host-change]:", line);
    }
    return SYNFIX_OK;
}

bool profile_list_has(const profile_list_t *list, const char *name)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i].element->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static synfix_status_t read_profile(profile_file_t *file, char *text, bool compat_cert)
{
    static const char *const cert[] = {"flowEndReason", "flowAttributes", "initialTCPFlags", "unionTCPFlags",
                                       "osName",        "osVersion",      "osFingerPrint"};
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        file->line++;
        const synfix_status_t status = read_line(file, line);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    if (file->lists->of[0].count == 0) {
        return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: no element in [observation]", file->path,
                           file->line);
    }
    file->current = &file->lists->of[0];
    for (size_t i = 0; compat_cert && i < G_N_ELEMENTS(cert); i++) {
        const synfix_status_t status =
            profile_list_has(file->current, cert[i]) ? SYNFIX_OK : add_element(file, cert[i]);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t profile_parse(const ipfix_model_t *model, const char *path, char *text, bool compat_cert,
                              profile_lists_t *lists, synfix_error_t *error)
{
    profile_file_t file = {
        .model = model, .path = path, .lists = lists, .current = &lists->of[0], .error = error};
    memset(lists, 0, sizeof *lists);
    return read_profile(&file, text, compat_cert);
}
