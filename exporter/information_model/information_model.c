/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/information_model/information_model.h"
#include "base/data_path.h"
#include "exporter/information_model/element_reader.h"
#include <glib.h>
#include <limits.h>

struct ipfix_model {
    uint32_t pen;
    GPtrArray *elements; /* ipfix_element_t, in file order */
    GPtrArray *reverse;  /* ipfix_element_t of the same flows in the other direction (RFC 5103) */
    GHashTable *by_name;
    GHashTable *by_id; /* key: pen << 16 | id */
};

static void add_to_tables(ipfix_model_t *model, ipfix_element_t *element)
{
    const uint64_t key = element_key(element->pen, element->id);
    if (!g_hash_table_contains(model->by_name, element->name)) {
        g_hash_table_insert(model->by_name, (char *)(uintptr_t)element->name, element);
    }
    g_hash_table_insert(model->by_id, g_memdup2(&key, sizeof key), element);
}

/* The number of the reverse element: IANA's have an enterprise number of their own (RFC 5103 6.1), CERT sets
 * a bit of the id. */
static bool reverse_number(const ipfix_element_t *element, uint32_t *pen, uint16_t *id)
{
    if (element->pen == 0) {
        *pen = IPFIX_PEN_REVERSE;
        *id = element->id;
        return true;
    }
    *pen = element->pen;
    *id = element->id | IPFIX_REVERSE_BIT;
    return element->pen == IPFIX_PEN_CERT && element->id < IPFIX_REVERSE_BIT;
}

static void add_reverse(ipfix_model_t *model, const ipfix_element_t *element)
{
    uint32_t pen;
    uint16_t id;
    if (!reverse_number(element, &pen, &id)) {
        return;
    }
    g_autofree char *name =
        g_strdup_printf("reverse%c%s", g_ascii_toupper(element->name[0]), element->name + 1);
    if (ipfix_model_by_id(model, pen, id) != NULL) {
        return;
    }
    ipfix_element_t *reverse = g_memdup2(element, sizeof *element);
    reverse->pen = pen;
    reverse->id = id;
    reverse->name = g_steal_pointer(&name);
    reverse->description = g_strdup(element->description);
    g_ptr_array_add(model->reverse, reverse);
    add_to_tables(model, reverse);
}

static synfix_status_t read_file(ipfix_model_t *model, const char *path, ipfix_wanted_fn *wanted,
                                 synfix_error_t *error)
{
    GPtrArray *found = NULL;
    const synfix_status_t status = element_reader_read(model, path, wanted, &found, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    g_ptr_array_set_free_func(found, NULL);
    for (guint i = 0; i < found->len; i++) {
        g_ptr_array_add(model->elements, found->pdata[i]);
        add_to_tables(model, found->pdata[i]);
    }
    for (guint i = 0; wanted == NULL && i < found->len; i++) {
        add_reverse(model, found->pdata[i]);
    }
    g_ptr_array_unref(found);
    return SYNFIX_OK;
}

const ipfix_element_t *ipfix_model_add(ipfix_model_t *model, const ipfix_element_t *element)
{
    ipfix_element_t *copy = g_memdup2(element, sizeof *element);
    copy->name = g_strdup(element->name);
    copy->description = g_strdup(element->description != NULL ? element->description : "");
    copy->annotation = g_strdup(element->annotation);
    g_ptr_array_add(model->elements, copy);
    add_to_tables(model, copy);
    return copy;
}

char *ipfix_templates_directory(void)
{
    char path[PATH_MAX];
    (void)data_path_find("ipfix-templates", path, sizeof path);
    return g_strdup(path);
}

static synfix_status_t load(const char *directory, uint32_t pen, ipfix_wanted_fn *wanted,
                            ipfix_model_t **model, synfix_error_t *error)
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
    loaded->reverse = g_ptr_array_new_with_free_func(element_free);
    loaded->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    loaded->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(directory != NULL ? directory : shipped, files[i], NULL);
        const synfix_status_t status = read_file(loaded, path, wanted, error);
        if (status != SYNFIX_OK) {
            ipfix_model_free(loaded);
            return status;
        }
    }
    *model = loaded;
    return SYNFIX_OK;
}

synfix_status_t ipfix_model_load(const char *directory, uint32_t pen, ipfix_model_t **model,
                                 synfix_error_t *error)
{
    return load(directory, pen, NULL, model, error);
}

/* A fault is reported with the line that the whole file has. */
synfix_status_t ipfix_model_load_part(const char *directory, uint32_t pen, ipfix_wanted_fn *wanted,
                                      ipfix_model_t **model, synfix_error_t *error)
{
    const synfix_status_t status = load(directory, pen, wanted, model, error);
    return status == SYNFIX_OK ? status : load(directory, pen, NULL, model, error);
}

void ipfix_model_free(ipfix_model_t *model)
{
    if (model != NULL) {
        g_hash_table_unref(model->by_name);
        g_hash_table_unref(model->by_id);
        g_ptr_array_unref(model->elements);
        g_ptr_array_unref(model->reverse);
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
    const uint64_t key = element_key(pen, id);
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
