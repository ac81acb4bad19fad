/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/information_model.h"
#include "base/file_content.h"
#include "exporter/information_model/element_registry.h"
#include "exporter/posix/data_files.h"
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/** Elements in one model; the IANA registry has fewer than 600. */
#define ELEMENTS_MAX 4096u
#define OWN_ID_MAX   0x3FFFu
#define FILE_MAX     (16 * 1024 * 1024)

struct ipfix_model {
    uint32_t pen;
    GPtrArray *elements; /* ipfix_element_t, in file order */
    GHashTable *by_name;
    GHashTable *by_id; /* key: pen << 16 | id */
};

static void element_free(void *data)
{
    ipfix_element_t *element = data;
    g_free((char *)(uintptr_t)element->name);
    g_free((char *)(uintptr_t)element->description);
    g_free(element);
}

static uint64_t id_key(uint32_t pen, uint16_t id)
{
    return (uint64_t)pen << 16 | id;
}

/* State of one file while it is parsed. Elements are added only after the whole file is valid. */
typedef struct reader {
    const ipfix_model_t *model;
    const char *path;
    synfix_error_t *error;
    bool failed;
    unsigned depth_record; /* 1 inside <record> */
    GString *text;         /* content of the innermost open tag */
    char *tag;             /* NULL outside */
    GHashTable *fields;    /* tag -> text, of the record */
    GPtrArray *found;
} xml_reader_t;

static const char *const record_tags[] = {"name",  "dataType",  "dataTypeSemantics", "units",
                                          "range", "elementId", "cert:enterpriseId", "description"};

/* GMarkup reports the position behind a tag, which may be in the next line. */
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

static bool is_record_tag(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(record_tags); i++) {
        if (strcmp(record_tags[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void on_start(GMarkupParseContext *context, const char *name, const char **attribute_names,
                     const char **attribute_values, void *user, GError **stop)
{
    (void)attribute_names;
    (void)attribute_values;
    xml_reader_t *reader = user;
    if (strcmp(name, "record") == 0) {
        if (reader->depth_record > 0) {
            reader_fail(reader, context, stop, "a record inside a record");
            return;
        }
        reader->depth_record = 1;
        g_hash_table_remove_all(reader->fields);
    } else if (reader->depth_record > 0 && reader->tag == NULL && is_record_tag(name)) {
        reader->tag = g_strdup(name);
        g_string_truncate(reader->text, 0);
    }
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, void *user, GError **stop)
{
    (void)context;
    (void)stop;
    xml_reader_t *reader = user;
    if (reader->tag != NULL) {
        g_string_append_len(reader->text, text, (gssize)length);
    }
}

static bool parse_number(const char *text, uint64_t maximum, uint64_t *value)
{
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, maximum, value, NULL);
}

static bool parse_range(const char *text, ipfix_element_t *element)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    return parts[0] != NULL && parts[1] != NULL &&
           parse_number(parts[0], UINT64_MAX, &element->range_minimum) &&
           parse_number(parts[1], UINT64_MAX, &element->range_maximum);
}

static bool name_is_good(const char *name)
{
    if (name == NULL || !g_ascii_isalpha(name[0]) || strlen(name) > 128) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '_') {
            return false;
        }
    }
    return true;
}

static bool is_known(const xml_reader_t *reader, const ipfix_element_t *element)
{
    if (ipfix_model_by_name(reader->model, element->name) != NULL ||
        ipfix_model_by_id(reader->model, element->pen, element->id) != NULL) {
        return true;
    }
    for (guint i = 0; i < reader->found->len; i++) {
        const ipfix_element_t *other = reader->found->pdata[i];
        if (strcmp(other->name, element->name) == 0 ||
            (other->pen == element->pen && other->id == element->id)) {
            return true;
        }
    }
    return false;
}

/* Returns the reason why the record is not valid; NULL: it is valid. */
static const char *record_fill(const xml_reader_t *reader, ipfix_element_t *element)
{
    const char *name = g_hash_table_lookup(reader->fields, "name");
    const char *type = g_hash_table_lookup(reader->fields, "dataType");
    const char *semantics = g_hash_table_lookup(reader->fields, "dataTypeSemantics");
    const char *units = g_hash_table_lookup(reader->fields, "units");
    const char *range = g_hash_table_lookup(reader->fields, "range");
    const char *pen_text = g_hash_table_lookup(reader->fields, "cert:enterpriseId");
    uint64_t id = 0;
    uint64_t pen = 0;
    if (!name_is_good(name)) {
        return "a record without a name of letters and digits";
    }
    if (!parse_number(g_hash_table_lookup(reader->fields, "elementId"), 0x7FFF, &id) || id == 0) {
        return "elementId must be 1 to 32767";
    }
    if (pen_text != NULL && !parse_number(pen_text, UINT32_MAX, &pen)) {
        return "enterpriseId is no number";
    }
    if (!registry_type(type, &element->type, &element->length)) {
        return "unknown dataType";
    }
    if (semantics != NULL && semantics[0] != '\0' && !registry_semantics(semantics, &element->semantics)) {
        return "unknown dataTypeSemantics";
    }
    if (units != NULL && units[0] != '\0' && !registry_units(units, &element->units)) {
        return "unknown units";
    }
    if (pen != 0 && range != NULL && !parse_range(range, element)) {
        return "a range is MINIMUM-MAXIMUM";
    }
    element->own = pen == IPFIX_PEN_DEFAULT;
    if (element->own && id > OWN_ID_MAX) {
        return "an element of our own has an id below 16384";
    }
    const char *description = g_hash_table_lookup(reader->fields, "description");
    element->pen = element->own ? reader->model->pen : (uint32_t)pen;
    element->id = (uint16_t)id;
    element->name = g_strdup(name);
    element->description = g_strdup(description != NULL ? description : "");
    return is_known(reader, element) ? "name or id is there already" : NULL;
}

static void record_end(xml_reader_t *reader, GMarkupParseContext *context, GError **stop)
{
    reader->depth_record = 0;
    const char *name = g_hash_table_lookup(reader->fields, "name");
    if (g_hash_table_lookup(reader->fields, "dataType") == NULL) {
        if (name != NULL && (strcmp(name, "Reserved") == 0 || strcmp(name, "Unassigned") == 0 ||
                             g_str_has_prefix(name, "Assigned for NetFlow"))) {
            return; /* placeholders of the registry */
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
    g_ptr_array_add(reader->found, element);
}

static void on_end(GMarkupParseContext *context, const char *name, void *user, GError **stop)
{
    xml_reader_t *reader = user;
    if (reader->tag != NULL && strcmp(reader->tag, name) == 0) {
        g_strstrip(reader->text->str);
        const bool twice =
            !g_hash_table_insert(reader->fields, g_steal_pointer(&reader->tag), g_strdup(reader->text->str));
        if (twice) {
            reader_fail(reader, context, stop, "<%s> twice in one record", name);
        }
    } else if (strcmp(name, "record") == 0) {
        record_end(reader, context, stop);
    }
}

static void model_take(ipfix_model_t *model, GPtrArray *found)
{
    for (guint i = 0; i < found->len; i++) {
        ipfix_element_t *element = found->pdata[i];
        uint64_t *key = g_new(uint64_t, 1);
        *key = id_key(element->pen, element->id);
        g_ptr_array_add(model->elements, element);
        g_hash_table_insert(model->by_name, (char *)(uintptr_t)element->name, element);
        g_hash_table_insert(model->by_id, key, element);
    }
    g_ptr_array_set_free_func(found, NULL);
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

synfix_status_t ipfix_model_read_file(ipfix_model_t *model, const char *path, synfix_error_t *error)
{
    g_autofree char *text = NULL;
    size_t length = 0;
    const synfix_status_t opened = file_read_whole(path, FILE_MAX, &text, &length, error);
    if (opened != SYNFIX_OK) {
        return opened;
    }
    xml_reader_t reader = {.model = model,
                           .path = path,
                           .error = error,
                           .text = g_string_new(NULL),
                           .fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                           .found = g_ptr_array_new_with_free_func(element_free)};
    const synfix_status_t status = read_text(&reader, text, length);
    if (status == SYNFIX_OK) {
        model_take(model, reader.found);
    }
    g_ptr_array_unref(reader.found);
    g_hash_table_unref(reader.fields);
    g_string_free(reader.text, TRUE);
    g_free(reader.tag);
    return status;
}

char *ipfix_templates_directory(void)
{
    return data_files_find("ipfix-templates");
}

synfix_status_t ipfix_model_load(const char *directory, uint32_t pen, ipfix_model_t **model,
                                 synfix_error_t *error)
{
    static const char *const files[] = {"iana.xml", "cert.xml", "synfix.xml"};
    if (pen == 0 || pen == IPFIX_PEN_CERT) {
        return synfix_fail(error, SYNFIX_INVALID, "enterprise number %u belongs to %s", pen,
                           pen == 0 ? "IANA's own elements" : "CERT");
    }
    g_autofree char *shipped = directory == NULL ? ipfix_templates_directory() : NULL;
    ipfix_model_t *loaded = g_new0(ipfix_model_t, 1);
    loaded->pen = pen;
    loaded->elements = g_ptr_array_new_with_free_func(element_free);
    loaded->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    loaded->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(directory != NULL ? directory : shipped, files[i], NULL);
        const synfix_status_t status = ipfix_model_read_file(loaded, path, error);
        if (status != SYNFIX_OK) {
            ipfix_model_free(loaded);
            return status;
        }
    }
    *model = loaded;
    return SYNFIX_OK;
}

void ipfix_model_free(ipfix_model_t *model)
{
    if (model != NULL) {
        g_hash_table_unref(model->by_name);
        g_hash_table_unref(model->by_id);
        g_ptr_array_unref(model->elements);
        g_free(model);
    }
}

uint32_t ipfix_model_pen(const ipfix_model_t *model)
{
    return model->pen;
}

const ipfix_element_t *ipfix_model_by_name(const ipfix_model_t *model, const char *name)
{
    return g_hash_table_lookup(model->by_name, name);
}

const ipfix_element_t *ipfix_model_by_id(const ipfix_model_t *model, uint32_t pen, uint16_t id)
{
    const uint64_t key = id_key(pen, id);
    return g_hash_table_lookup(model->by_id, &key);
}

size_t ipfix_model_count(const ipfix_model_t *model)
{
    return model->elements->len;
}

const ipfix_element_t *ipfix_model_at(const ipfix_model_t *model, size_t index)
{
    return model->elements->pdata[index];
}
