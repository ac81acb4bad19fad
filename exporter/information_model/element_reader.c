/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/element_reader.h"
#include "exporter/information_model/element_registry.h"
#include "exporter/information_model/record_selection.h"
#include "files/file_content.h"
#include <string.h>

/** Elements of one model at most: the whole IANA registry is below 600. */
#define ELEMENTS_MAX 4096u
#define OWN_ID_MAX   0x3FFFu
#define FILE_MAX     (16 * 1024 * 1024)

void element_free(void *data)
{
    ipfix_element_t *element = data;
    g_free((char *)(uintptr_t)element->name);
    g_free((char *)(uintptr_t)element->description);
    g_free((char *)(uintptr_t)element->annotation);
    g_free(element);
}

typedef enum tag {
    TAG_NAME,
    TAG_TYPE,
    TAG_SEMANTICS,
    TAG_UNITS,
    TAG_RANGE,
    TAG_ID,
    TAG_PEN,
    TAG_DESCRIPTION,
    TAG_COUNT /* no tag of interest */
} tag_t;

static const char *const record_tags[] = {
    [TAG_NAME] = "name",
    [TAG_TYPE] = "dataType",
    [TAG_SEMANTICS] = "dataTypeSemantics",
    [TAG_UNITS] = "units",
    [TAG_RANGE] = "range",
    [TAG_ID] = "elementId",
    [TAG_PEN] = "cert:enterpriseId",
    [TAG_DESCRIPTION] = "description",
};

/* One file on its way into the model: nothing is added before all of it is right. */
typedef struct xml_reader {
    const ipfix_model_t *model;
    const char *path;
    synfix_error_t *error;
    bool failed;
    GArray *registries;         /* gboolean for each open <registry>: its records are elements */
    unsigned depth_record;      /* 1 inside <record> */
    tag_t tag;                  /* that is open; TAG_COUNT: none */
    GString *fields[TAG_COUNT]; /* texts of the record */
    unsigned present;           /* bits 1 << tag: the record has this field */
    GHashTable *names;          /* of found */
    GHashTable *ids;            /* of found, element_key */
    GPtrArray *found;
} xml_reader_t;

/* GMarkup has already read the character behind a tag, which may be the line's end. */
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

static tag_t find_tag(const char *name)
{
    tag_t tag = TAG_NAME;
    while (tag < TAG_COUNT && strcmp(record_tags[tag], name) != 0) {
        tag++;
    }
    return tag;
}

/* NULL when the record has no such field. */
static const char *field_text(const xml_reader_t *reader, tag_t tag)
{
    return (reader->present & 1u << tag) != 0 ? reader->fields[tag]->str : NULL;
}

/* IANA's file holds registries of other things too. Without an id, each record is an element. */
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
    if (reader->tag == TAG_COUNT) {
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
    } else if (reader->depth_record > 0 && reader->tag == TAG_COUNT) {
        reader->tag = find_tag(name);
        open_field(reader, context, name, stop);
    }
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, void *user, GError **stop)
{
    (void)context;
    (void)stop;
    xml_reader_t *reader = user;
    if (reader->tag != TAG_COUNT) {
        g_string_append_len(reader->fields[reader->tag], text, (gssize)length);
    }
}

static bool parse_number(const char *text, uint64_t maximum, uint64_t *value)
{
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, maximum, value, NULL);
}

/* IANA writes some limits in hexadecimal. */
static bool parse_limit(const char *text, uint64_t *value)
{
    return g_str_has_prefix(text, "0x") ? g_ascii_string_to_unsigned(text + 2, 16, 0, UINT64_MAX, value, NULL)
                                        : parse_number(text, UINT64_MAX, value);
}

static bool parse_range(const char *text, ipfix_element_t *element)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    return parts[0] != NULL && parts[1] != NULL && parse_limit(parts[0], &element->range_minimum) &&
           parse_limit(parts[1], &element->range_maximum);
}

static bool name_is_good(const char *name)
{
    if (name == NULL || !g_ascii_isalpha(name[0]) || strlen(name) > 128) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '_' && *at != '-') {
            return false;
        }
    }
    return true;
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

/* Returns the fault of the record, NULL when nothing is. */
static const char *record_fill(const xml_reader_t *reader, ipfix_element_t *element)
{
    const char *name = field_text(reader, TAG_NAME);
    const char *type = field_text(reader, TAG_TYPE);
    const char *semantics = field_text(reader, TAG_SEMANTICS);
    const char *units = field_text(reader, TAG_UNITS);
    const char *range = field_text(reader, TAG_RANGE);
    const char *pen_text = field_text(reader, TAG_PEN);
    uint64_t id = 0;
    uint64_t pen = 0;
    if (!name_is_good(name)) {
        return "a record without a name of letters, digits, '_' and '-'";
    }
    if (!parse_number(field_text(reader, TAG_ID), 0x7FFF, &id) || id == 0) {
        return "elementId must be 1 to 32767";
    }
    if (pen_text != NULL && !parse_number(pen_text, UINT32_MAX, &pen)) {
        return "enterpriseId is not a number";
    }
    if (!element_registry_type(type, &element->type, &element->length)) {
        return "unknown dataType";
    }
    if (semantics != NULL && semantics[0] != '\0' &&
        !element_registry_semantics(semantics, &element->semantics)) {
        return "unknown dataTypeSemantics";
    }
    if (units != NULL && units[0] != '\0' && !element_registry_units(units, &element->units)) {
        return "unknown units";
    }
    if (range != NULL && range[0] != '\0' && !parse_range(range, element)) {
        return "a range is MINIMUM-MAXIMUM";
    }
    element->own = pen == IPFIX_PEN_DEFAULT;
    if (element->own && id > OWN_ID_MAX) {
        return "an element of our own has an id below 16384";
    }
    const char *description = field_text(reader, TAG_DESCRIPTION);
    element->pen = element->own ? ipfix_model_pen(reader->model) : (uint32_t)pen;
    element->id = (uint16_t)id;
    element->name = g_strdup(name);
    element->description = g_strdup(description != NULL ? description : "");
    return is_known(reader, element) ? "another element has this name or id" : NULL;
}

static void record_end(xml_reader_t *reader, GMarkupParseContext *context, GError **stop)
{
    reader->depth_record = 0;
    const char *name = field_text(reader, TAG_NAME);
    if (field_text(reader, TAG_TYPE) == NULL) {
        if (name != NULL &&
            (name[0] == '\0' || strcmp(name, "Reserved") == 0 || strcmp(name, "Unassigned") == 0 ||
             g_str_has_prefix(name, "Assigned for NetFlow"))) {
            return; /* the registry's own fillers */
        }
        reader_fail(reader, context, stop, "element '%s' has no dataType", name != NULL ? name : "?");
        return;
    }
    if (ipfix_model_count(reader->model) + reader->found->len >= ELEMENTS_MAX) {
        reader_fail(reader, context, stop, "more than %u elements", ELEMENTS_MAX);
        return;
    }
    ipfix_element_t *element = g_new0(ipfix_element_t, 1);
    const char *wrong = record_fill(reader, element);
    if (wrong != NULL) {
        reader_fail(reader, context, stop, "element '%s': %s", name != NULL ? name : "?", wrong);
        element_free(element);
        return;
    }
    const uint64_t key = element_key(element->pen, element->id);
    g_hash_table_add(reader->names, (char *)(uintptr_t)element->name);
    g_hash_table_add(reader->ids, g_memdup2(&key, sizeof key));
    g_ptr_array_add(reader->found, element);
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
    if (reader->tag != TAG_COUNT && strcmp(record_tags[reader->tag], name) == 0) {
        join_lines(reader->fields[reader->tag]->str);
        reader->tag = TAG_COUNT;
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
    xml_reader_t reader = {.model = model,
                           .path = path,
                           .error = error,
                           .registries = g_array_new(FALSE, FALSE, sizeof(gboolean)),
                           .tag = TAG_COUNT,
                           .names = g_hash_table_new(g_str_hash, g_str_equal),
                           .ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                           .found = g_ptr_array_new_with_free_func(element_free)};
    for (tag_t tag = TAG_NAME; tag < TAG_COUNT; tag++) {
        reader.fields[tag] = g_string_sized_new(64);
    }
    const synfix_status_t status = read_text(&reader, text, length);
    if (status == SYNFIX_OK) {
        *found = g_ptr_array_ref(reader.found);
    }
    g_hash_table_unref(reader.names);
    g_hash_table_unref(reader.ids);
    g_ptr_array_unref(reader.found);
    g_array_unref(reader.registries);
    for (tag_t tag = TAG_NAME; tag < TAG_COUNT; tag++) {
        g_string_free(reader.fields[tag], TRUE);
    }
    return status;
}
