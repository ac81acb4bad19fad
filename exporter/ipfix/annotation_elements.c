/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/annotation_elements.h"
#include "exporter/ipfix/element_values.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX 65536
#define ID_MAX        0x7FFF

static const struct {
    const char *name;
    ipfix_type_t type;
    uint16_t length;
} types[] = {
    {"string", IPFIX_STRING, IPFIX_VARIABLE}, {"unsigned8", IPFIX_UNSIGNED8, 1},
    {"unsigned16", IPFIX_UNSIGNED16, 2},      {"unsigned32", IPFIX_UNSIGNED32, 4},
    {"unsigned64", IPFIX_UNSIGNED64, 8},
};

typedef struct annotation_reader {
    const char *path;
    unsigned line;
    ipfix_model_t *model;
    const ipfix_element_t *elements[ANNOTATION_ELEMENTS_MAX];
    unsigned count;
    synfix_error_t *error;
} annotation_reader_t;

static synfix_status_t bad_line(const annotation_reader_t *reader, const char *what, const char *reason)
{
    return synfix_fail(reader->error, SYNFIX_INVALID, "%s:%u: '%.64s' %s", reader->path, reader->line, what,
                       reason);
}

static bool is_name(const char *name)
{
    return g_ascii_isalpha(name[0]) && strlen(name) < 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

static bool read_number(const char *text, ipfix_element_t *element)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    guint64 pen = 0;
    guint64 id = 0;
    if (parts[0] == NULL || parts[1] == NULL ||
        !g_ascii_string_to_unsigned(parts[0], 10, 1, UINT32_MAX, &pen, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 1, ID_MAX, &id, NULL)) {
        return false;
    }
    element->pen = (uint32_t)pen;
    element->id = (uint16_t)id;
    return pen != IPFIX_PEN_CERT && pen != IPFIX_PEN_REVERSE;
}

static bool read_type(const char *name, ipfix_element_t *element)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, name) == 0) {
            element->type = (uint8_t)types[i].type;
            element->length = types[i].length;
            return true;
        }
    }
    return false;
}

static synfix_status_t add(annotation_reader_t *reader, const ipfix_element_t *element)
{
    if (ipfix_model_by_name(reader->model, element->name) != NULL) {
        return bad_line(reader, element->name, "is the name of another element; choose another name");
    }
    if (ipfix_model_by_id(reader->model, element->pen, element->id) != NULL) {
        return bad_line(reader, element->name, "has the number of another element; choose another number");
    }
    if (reader->count == ANNOTATION_ELEMENTS_MAX) {
        return bad_line(reader, element->name, "is one element too many; declare 8 at most");
    }
    reader->elements[reader->count++] = ipfix_model_add(reader->model, element);
    return SYNFIX_OK;
}

/* The words of a line; runs of spaces and tabs separate them. */
static unsigned split(char *line, char **words, unsigned most)
{
    unsigned count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " \t\r", &rest); word != NULL; word = strtok_r(NULL, " \t\r", &rest)) {
        if (count < most) {
            words[count] = word;
        }
        count++;
    }
    return count;
}

static synfix_status_t read_line(annotation_reader_t *reader, char *line)
{
    char *words[4] = {NULL, NULL, NULL, NULL};
    line[strcspn(line, "#")] = '\0';
    const unsigned count = split(line, words, 4);
    ipfix_element_t element = {.semantics = 0};
    if (count == 0) {
        return SYNFIX_OK;
    }
    if (count < 3 || count > 4) {
        return bad_line(reader, words[0], "begins no declaration; write ANNOTATION PEN/ID NAME [TYPE]");
    }
    if (!is_name(words[0]) || !is_name(words[2])) {
        return bad_line(reader, is_name(words[0]) ? words[2] : words[0],
                        "is not a name; write letters, digits and _");
    }
    if (!read_number(words[1], &element)) {
        return bad_line(
            reader, words[1],
            "is not a number of your enterprise; write PEN/ID with your enterprise number and 1 to 32767");
    }
    if (!read_type(count == 4 ? words[3] : "string", &element)) {
        return bad_line(reader, words[3],
                        "is not a type; write string, unsigned8, unsigned16, unsigned32 or unsigned64");
    }
    element.annotation = words[0];
    element.name = words[2];
    return add(reader, &element);
}

static synfix_status_t read_lines(annotation_reader_t *reader, char *text)
{
    synfix_status_t status = SYNFIX_OK;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL && status == SYNFIX_OK; line = strsep(&rest, "\n")) {
        reader->line++;
        status = read_line(reader, line);
    }
    return status == SYNFIX_OK && reader->count == 0
               ? bad_line(reader, reader->path, "declares no element; write ANNOTATION PEN/ID NAME [TYPE]")
               : status;
}

synfix_status_t annotation_elements_load(const char *path, ipfix_model_t *model, ipfix_profile_t *profile,
                                         synfix_error_t *error)
{
    g_autofree char *text = NULL;
    size_t length = 0;
    const int descriptor = file_open_regular(path);
    const int number = descriptor < 0 ? errno : file_read_rest(descriptor, FILE_SIZE_MAX, &text, &length);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (number != 0) {
        const synfix_status_t status = number == ENOENT   ? SYNFIX_NOT_FOUND
                                       : number == EACCES ? SYNFIX_PERMISSION
                                                          : SYNFIX_IO;
        return synfix_fail(error, status, "annotations=%s: %s", path,
                           number == EINVAL ? "not a regular file" : strerror(number));
    }
    annotation_reader_t reader = {.path = path, .model = model, .error = error};
    const synfix_status_t status = read_lines(&reader, text);
    if (status != SYNFIX_OK) {
        return status;
    }
    return ipfix_profile_append(profile, reader.elements, reader.count)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "%s: the profile has no room for %u more elements", path,
                             reader.count);
}

static const char *text_of(const synfix_observation_t *observation, const char *name)
{
    for (uint32_t i = 0; i < observation->annotation_count; i++) {
        if (strcmp(observation->annotations[i].name, name) == 0) {
            return observation->annotations[i].text;
        }
    }
    return NULL;
}

uint8_t *annotation_element_write(uint8_t *at, const ipfix_element_t *element,
                                  const synfix_observation_t *observation)
{
    const char *text = text_of(observation, element->annotation);
    if (element->type == IPFIX_STRING) {
        return string_write(at, text, TEXT_LABEL_MAX);
    }
    uint64_t number = text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;
    const uint64_t greatest = element->length < 8 ? (UINT64_C(1) << (8 * element->length)) - 1 : UINT64_MAX;
    number = MIN(number, greatest);
    for (unsigned byte = element->length; byte-- > 0; number >>= 8) {
        at[byte] = (uint8_t)number;
    }
    return at + element->length;
}
