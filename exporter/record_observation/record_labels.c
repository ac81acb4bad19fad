/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_labels.h"
#include "base/byte_order.h"
#include "base/message_text.h"
#include "base/sha256.h"
#include "exporter/ipfix_decoder/value_text.h"
#include <glib.h>
#include <string.h>

struct record_labels {
    GHashTable *all;  /* set of synfix_label_t, by all values */
    GHashTable *rows; /* id -> synfix_label_t of all: the label table */
};

/* The type follows from the other values. Its computation needs a hash, so it is computed once. */
static guint label_hash(gconstpointer key)
{
    const synfix_label_t *label = key;
    return label->id ^ g_str_hash(label->text) ^ (g_str_hash(label->flavor) << 1);
}

static gboolean label_equal(gconstpointer a, gconstpointer b)
{
    const synfix_label_t *x = a;
    const synfix_label_t *y = b;
    return x->id == y->id && strcmp(x->text, y->text) == 0 && strcmp(x->os_class, y->os_class) == 0 &&
           strcmp(x->name, y->name) == 0 && strcmp(x->flavor, y->flavor) == 0;
}

static void strings_free(const synfix_label_t *label)
{
    union {
        const char *constant;
        char *owned;
    } strings[] = {{label->text}, {label->os_class}, {label->name}, {label->flavor}};
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
        g_free(strings[i].owned);
    }
}

static void label_free(gpointer label)
{
    strings_free(label);
    g_free(label);
}

record_labels_t *record_labels_new(void)
{
    record_labels_t *const labels = g_new0(record_labels_t, 1);
    labels->all = g_hash_table_new_full(label_hash, label_equal, label_free, NULL);
    labels->rows = g_hash_table_new(NULL, NULL);
    return labels;
}

void record_labels_free(record_labels_t *labels)
{
    if (labels != NULL) {
        g_hash_table_destroy(labels->rows);
        g_hash_table_destroy(labels->all);
        g_free(labels);
    }
}

static char *text_new(const ipfix_decoder_value_t *value)
{
    if (value->length == 0 || (value->length == 1 && value->data[0] == '?')) {
        return g_strdup("");
    }
    char *const text = g_utf8_make_valid((const char *)value->data, (gssize)value->length);
    replace_unprintable_bytes(text);
    return text;
}

/* An id is the beginning of the SHA-256 of `type:class:name:flavor`, and an id of 0 is written as 1. */
static bool id_has_type(const synfix_label_t *label, char type)
{
    uint8_t digest[32];
    g_autofree char *key = g_strdup_printf("%c:%s:%s:%s", type, label->os_class, label->name, label->flavor);
    sha256(key, strlen(key), digest);
    const uint32_t id = read_be32(digest);
    return label->id == (id == 0 ? 1 : id);
}

static char type_of(const synfix_label_t *label, bool generic)
{
    if (id_has_type(label, 's')) {
        return 's';
    }
    return generic || id_has_type(label, 'g') ? 'g' : 's';
}

const synfix_label_t *record_labels_add(record_labels_t *labels, const record_label_t *label)
{
    synfix_label_t made = {.id = label->id,
                           .text = text_new(&label->text),
                           .os_class = text_new(&label->os_class),
                           .name = text_new(&label->family),
                           .flavor = text_new(&label->flavor)};
    made.tool = strcmp(made.os_class, "!") == 0;
    const synfix_label_t *const known = g_hash_table_lookup(labels->all, &made);
    if (known != NULL || g_hash_table_size(labels->all) >= RECORD_LABELS_MAX) {
        strings_free(&made);
        return known;
    }
    made.type = type_of(&made, label->generic);
    synfix_label_t *const kept = g_memdup2(&made, sizeof made);
    g_hash_table_add(labels->all, kept);
    return kept;
}

void record_labels_learn(record_labels_t *labels, const ipfix_decoder_record_t *record)
{
    record_label_t row = {.id = 0};
    const ipfix_decoder_template_t *const layout = record->layout;
    if (strcmp(layout->fields[0].name, "osLabelId") != 0) {
        return;
    }
    const ipfix_decoder_value_t id = ipfix_decoder_value(record, 0);
    row.id = (uint32_t)value_unsigned(&id);
    for (uint16_t i = 1; i < layout->field_count; i++) {
        const char *const name = layout->fields[i].name;
        const ipfix_decoder_value_t value = ipfix_decoder_value(record, i);
        row.text = strcmp(name, "osLabel") == 0 ? value : row.text;
        row.os_class = strcmp(name, "osClass") == 0 ? value : row.os_class;
        row.family = strcmp(name, "osFamily") == 0 ? value : row.family;
        row.flavor = strcmp(name, "osFlavor") == 0 ? value : row.flavor;
    }
    const synfix_label_t *const label = record_labels_add(labels, &row);
    if (label != NULL && label->text[0] != '\0') {
        g_hash_table_insert(labels->rows, GUINT_TO_POINTER(row.id), (gpointer)(uintptr_t)label);
    }
}

const synfix_label_t *record_labels_find(const record_labels_t *labels, uint32_t id)
{
    return g_hash_table_lookup(labels->rows, GUINT_TO_POINTER(id));
}
