/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/type_information.h"
#include "exporter/ipfix_decoder/key_tree.h"
#include "exporter/ipfix_decoder/value_text.h"
#include <glib.h>
#include <string.h>

/* IANA ids of the elements of a type information record. */
enum {
    ELEMENT_ID = 303,
    ELEMENT_DATA_TYPE = 339,
    ELEMENT_NAME = 341,
    ELEMENT_PEN = 346,
};

/* Memory of a node of a tree, and the overhead of the allocator for node, key and value. */
#define ENTRY_BYTES 96

struct type_information {
    GTree *table; /* pen << 16 | id -> type_record_t */
    uint32_t limit;
    uint64_t count;
};

type_information_t *type_information_new(uint32_t limit)
{
    type_information_t *const types = g_new0(type_information_t, 1);
    types->table = key_tree_new(g_free);
    types->limit = limit;
    return types;
}

void type_information_free(type_information_t *types)
{
    if (types != NULL) {
        g_tree_destroy(types->table);
        g_free(types);
    }
}

static int64_t type_key(uint32_t pen, uint16_t id)
{
    return ((int64_t)pen << 16) | (id & 0x7FFF);
}

/* Names become keys of JSON and CSV: accept only characters of element names. */
static bool copy_name(char *to, const ipfix_decoder_value_t *value)
{
    if (value->length == 0 || value->length >= READER_NAME_SIZE) {
        return false;
    }
    for (uint32_t i = 0; i < value->length; i++) {
        const char c = (char)value->data[i];
        if (!g_ascii_isalnum(c) && c != '_' && c != '-' && c != '.') {
            return false;
        }
        to[i] = c;
    }
    to[value->length] = '\0';
    return true;
}

void type_information_learn(type_information_t *types, const ipfix_decoder_record_t *record)
{
    uint64_t pen = 0, id = 0, type = IPFIX_OCTET_ARRAY;
    ipfix_decoder_value_t name = {NULL, 0};
    for (uint16_t i = 0; i < record->layout->field_count; i++) {
        const ipfix_decoder_field_t *const field = &record->layout->fields[i];
        if (field->pen != 0) {
            continue;
        }
        const ipfix_decoder_value_t value = ipfix_decoder_value(record, i);
        if (field->id == ELEMENT_ID) {
            id = value_unsigned(&value);
        } else if (field->id == ELEMENT_PEN) {
            pen = value_unsigned(&value);
        } else if (field->id == ELEMENT_DATA_TYPE) {
            type = value_unsigned(&value);
        } else if (field->id == ELEMENT_NAME) {
            name = value;
        }
    }
    type_record_t learnt = {.type = (uint8_t)(type <= IPFIX_UNSIGNED256 ? type : IPFIX_OCTET_ARRAY)};
    if (pen == 0 || pen > UINT32_MAX || id > UINT16_MAX || !copy_name(learnt.name, &name)) {
        return;
    }
    const int64_t key = type_key((uint32_t)pen, (uint16_t)id);
    /* The first name stays: names that change with each record would cost unbounded work. */
    if (key_tree_find(types->table, key) == NULL && (uint32_t)g_tree_nnodes(types->table) < types->limit) {
        key_tree_put(types->table, key, g_memdup2(&learnt, sizeof learnt));
        types->count++;
    }
}

const type_record_t *type_information_find(const type_information_t *types, uint32_t pen, uint16_t id)
{
    return key_tree_find(types->table, type_key(pen, id));
}

uint64_t type_information_count(const type_information_t *types)
{
    return types->count;
}

size_t type_information_bytes(const type_information_t *types)
{
    return (size_t)g_tree_nnodes(types->table) * (sizeof(type_record_t) + sizeof(int64_t) + ENTRY_BYTES);
}
