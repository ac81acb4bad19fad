/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/element_reader.h"
#include "exporter/information_model/element_record.h"
#include "exporter/information_model/record_selection.h"
#include "files/file_content.h"
#include <string.h>

/** Elements of one model at most: the whole IANA registry is below 600. */
#define ELEMENTS_MAX 4096u
#define FILE_MAX     (16 * 1024 * 1024)

void element_free(void *data)
{
    ipfix_element_t *element = data;
    g_free((char *)(uintptr_t)element->name);
    g_free((char *)(uintptr_t)element->description);
    g_free((char *)(uintptr_t)element->annotation);
    g_free(element);
}

static const char *const record_tags[] = {
    [ELEMENT_FIELD_NAME] = "name",
    [ELEMENT_FIELD_TYPE] = "dataType",
    [ELEMENT_FIELD_SEMANTICS] = "dataTypeSemantics",
    [ELEMENT_FIELD_UNITS] = "units",
    [ELEMENT_FIELD_RANGE] = "range",
    [ELEMENT_FIELD_ID] = "elementId",
    [ELEMENT_FIELD_PEN] = "cert:enterpriseId",
    [ELEMENT_FIELD_DESCRIPTION] = "description",
};

/* The elements of one file. The model receives them after the whole file was valid. */
typedef struct xml_reader {
    const ipfix_model_t *model;
    const char *path;
    synfix_error_t *error;
    bool failed;
    GArray *registries;                   /* gboolean for each open <registry>: its records are elements */
    unsigned depth_record;                /* 1 inside <record> */
    element_field_t tag;                  /* that is open; ELEMENT_FIELD_COUNT: none */
    GString *fields[ELEMENT_FIELD_COUNT]; /* texts of the record */
    unsigned present;                     /* bits 1 << tag: the record has this field */
    GHashTable *names;                    /* of found */
    GHashTable *ids;                      /* of found, element_key */
    GPtrArray *found;
} xml_reader_t;

/* GMarkup has already read the character after a tag, which may be the line's end. */
static int line_of(GMarkupParseContext *context)
{
    int line = 0;
    int column = 0;
    g_markup_parse_context_get_position(context, &line, &column);
    return column <= 1 && line > 1 ? line - 1 : line;
}

static void reader_fail(xml_reader_t *reader, GMarkupParseContext *context, GError **stop, const char *format,
                        ...) G_GNUC_PRINTF(4, 5);

static void reader_fail(xml_reader_t *reader, GMarkupParseContext *context, GError **stop, const char *format,
                        ...)
{
    const int line = line_of(context);
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    (void)synfix_fail(reader->error, SYNFIX_INVALID, "%s:%d: %s", reader->path, line, reason);
    reader->failed = true;
    g_set_error_literal(stop, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, reason);
}

static element_field_t find_tag(const char *name)
{
    element_field_t tag = ELEMENT_FIELD_NAME;
    while (tag < ELEMENT_FIELD_COUNT && strcmp(record_tags[tag], name) != 0) {
        tag++;
    }
    return tag;
}

/* NULL when the record has no such field. */
static const char *field_text(const xml_reader_t *reader, element_field_t tag)
{
    return (reader->present & 1u << tag) != 0 ? reader->fields[tag]->str : NULL;
}

/* The file of IANA also contains other registries. Without an id, each record is an element. */
static void open_registry(xml_reader_t *reader, const char **attribute_names, const char **attribute_values)
{
    gboolean elements = TRUE;
    for (size_t i = 0; attribute_names[i] != NULL; i++) {
        if (strcmp(attribute_names[i], "id") == 0) {
            elements = g_str_has_suffix(attribute_values[i], "information-elements");
        }
    }
    g_array_append_val(reader->registries, elements);
}

static bool holds_elements(const xml_reader_t *reader)
{
    const guint depth = reader->registries->len;
    return depth == 0 || g_array_index(reader->registries, gboolean, depth - 1);
}

static void open_field(xml_reader_t *reader, GMarkupParseContext *context, const char *name, GError **stop)
{
    if (reader->tag == ELEMENT_FIELD_COUNT) {
        return;
    }
    if (field_text(reader, reader->tag) != NULL) {
        reader_fail(reader, context, stop, "<%s> twice in one record", name);
    }
    reader->present |= 1u << reader->tag;
    g_string_truncate(reader->fields[reader->tag], 0);
}

static void on_start(GMarkupParseContext *context, const char *name, const char **attribute_names,
                     const char **attribute_values, void *user, GError **stop)
{
    xml_reader_t *reader = user;
    if (strcmp(name, "registry") == 0) {
        open_registry(reader, attribute_names, attribute_values);
    } else if (strcmp(name, "record") == 0 && holds_elements(reader)) {
        if (reader->depth_record > 0) {
            reader_fail(reader, context, stop, "a record inside a record");
            return;
        }
        reader->depth_record = 1;
        reader->present = 0;
    } else if (reader->depth_record > 0 && reader->tag == ELEMENT_FIELD_COUNT) {
        reader->tag = find_tag(name);
        open_field(reader, context, name, stop);
    }
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, void *user, GError **stop)
{
    (void)context;
    (void)stop;
    xml_reader_t *reader = user;
    if (reader->tag != ELEMENT_FIELD_COUNT) {
        g_string_append_len(reader->fields[reader->tag], text, (gssize)length);
    }
}

/* Two enterprises may use one name: a search by name finds the first one. */
static bool name_is_taken(const xml_reader_t *reader, const ipfix_element_t *element)
{
    const ipfix_element_t *other = ipfix_model_by_name(reader->model, element->name);
    return (other != NULL && other->pen == element->pen) ||
           g_hash_table_contains(reader->names, element->name);
}

static bool is_known(const xml_reader_t *reader, const ipfix_element_t *element)
{
    const uint64_t key = element_key(element->pen, element->id);
    return name_is_taken(reader, element) ||
           ipfix_model_by_id(reader->model, element->pen, element->id) != NULL ||
           g_hash_table_contains(reader->ids, &key);
}

/* The registry's own entries for ids without an element. */
static bool is_filler(const char *name)
{
    return name != NULL &&
           (name[0] == '\0' || strcmp(name, "Reserved") == 0 || strcmp(name, "Unassigned") == 0 ||
            g_str_has_prefix(name, "Assigned for NetFlow"));
}

/* Sets @p element to the record's; returns the problem, or NULL. */
static const char *read_element(const xml_reader_t *reader, ipfix_element_t *element)
{
    const char *texts[ELEMENT_FIELD_COUNT];
    for (element_field_t field = ELEMENT_FIELD_NAME; field < ELEMENT_FIELD_COUNT; field++) {
        texts[field] = field_text(reader, field);
    }
    const char *wrong = element_record_fill(texts, ipfix_model_pen(reader->model), element);
    return wrong == NULL && is_known(reader, element) ? "another element has this name or id" : wrong;
}

static void keep_element(xml_reader_t *reader, ipfix_element_t *element)
{
    const uint64_t key = element_key(element->pen, element->id);
    g_hash_table_add(reader->names, (char *)(uintptr_t)element->name);
    g_hash_table_add(reader->ids, g_memdup2(&key, sizeof key));
    g_ptr_array_add(reader->found, element);
}

static void record_end(xml_reader_t *reader, GMarkupParseContext *context, GError **stop)
{
    const char *name = field_text(reader, ELEMENT_FIELD_NAME);
    reader->depth_record = 0;
    if (field_text(reader, ELEMENT_FIELD_TYPE) == NULL) {
        if (!is_filler(name)) {
            reader_fail(reader, context, stop, "element '%s' has no dataType", name != NULL ? name : "?");
        }
        return;
    }
    if (ipfix_model_count(reader->model) + reader->found->len >= ELEMENTS_MAX) {
        reader_fail(reader, context, stop, "more than %u elements", ELEMENTS_MAX);
        return;
    }
    ipfix_element_t *element = g_new0(ipfix_element_t, 1);
    const char *wrong = read_element(reader, element);
    if (wrong != NULL) {
        reader_fail(reader, context, stop, "element '%s': %s", name != NULL ? name : "?", wrong);
        element_free(element);
        return;
    }
    keep_element(reader, element);
}

/* IANA breaks the lines of its texts. */
static void join_lines(char *text)
{
    char *to = g_strstrip(text);
    for (const char *at = to; *at != '\0'; at++) {
        const bool space = g_ascii_isspace(*at);
        if (!space || !g_ascii_isspace(at[1])) {
            *to++ = space ? ' ' : *at;
        }
    }
    *to = '\0';
}

static void on_end(GMarkupParseContext *context, const char *name, void *user, GError **stop)
{
    xml_reader_t *reader = user;
    if (reader->tag != ELEMENT_FIELD_COUNT && strcmp(record_tags[reader->tag], name) == 0) {
        join_lines(reader->fields[reader->tag]->str);
        reader->tag = ELEMENT_FIELD_COUNT;
    } else if (strcmp(name, "record") == 0 && reader->depth_record > 0) {
        record_end(reader, context, stop);
    } else if (strcmp(name, "registry") == 0) {
        g_array_set_size(reader->registries, reader->registries->len - 1);
    }
}

static synfix_status_t read_text(xml_reader_t *reader, const char *text, size_t length)
{
    static const GMarkupParser parser = {.start_element = on_start, .end_element = on_end, .text = on_text};
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, reader, NULL);
    g_autoptr(GError) problem = NULL;
    const bool good = g_markup_parse_context_parse(context, text, (gssize)length, &problem) &&
                      g_markup_parse_context_end_parse(context, &problem);
    const int line = line_of(context);
    g_markup_parse_context_free(context);
    if (good) {
        return SYNFIX_OK;
    }
    if (!reader->failed) {
        (void)synfix_fail(reader->error, SYNFIX_INVALID, "%s:%d: %s", reader->path, line, problem->message);
    }
    return SYNFIX_INVALID;
}

static xml_reader_t reader_begin(const ipfix_model_t *model, const char *path, synfix_error_t *error)
{
    xml_reader_t reader = {.model = model,
                           .path = path,
                           .error = error,
                           .registries = g_array_new(FALSE, FALSE, sizeof(gboolean)),
                           .tag = ELEMENT_FIELD_COUNT,
                           .names = g_hash_table_new(g_str_hash, g_str_equal),
                           .ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                           .found = g_ptr_array_new_with_free_func(element_free)};
    for (element_field_t tag = ELEMENT_FIELD_NAME; tag < ELEMENT_FIELD_COUNT; tag++) {
        reader.fields[tag] = g_string_sized_new(64);
    }
    return reader;
}

static void reader_end(xml_reader_t *reader)
{
    g_hash_table_unref(reader->names);
    g_hash_table_unref(reader->ids);
    g_ptr_array_unref(reader->found);
    g_array_unref(reader->registries);
    for (element_field_t tag = ELEMENT_FIELD_NAME; tag < ELEMENT_FIELD_COUNT; tag++) {
        g_string_free(reader->fields[tag], TRUE);
    }
}

synfix_status_t element_reader_read(const ipfix_model_t *model, const char *path, ipfix_wanted_fn *wanted,
                                    GPtrArray **found, synfix_error_t *error)
{
    g_autofree char *text = NULL;
    size_t length = 0;
    const synfix_status_t opened = file_read_whole(path, FILE_MAX, &text, &length, error);
    if (opened != SYNFIX_OK) {
        return opened;
    }
    if (wanted != NULL && strlen(text) == length) {
        length = record_selection_apply(text, wanted);
    }
    xml_reader_t reader = reader_begin(model, path, error);
    const synfix_status_t status = read_text(&reader, text, length);
    if (status == SYNFIX_OK) {
        *found = g_ptr_array_ref(reader.found);
    }
    reader_end(&reader);
    return status;
}
