/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_values.h"
#include "base/byte_order.h"
#include "exporter/ipfix_decoder/value_text.h"
#include <glib.h>
#include <string.h>

typedef struct element_row {
    const char *name;
    uint64_t limit; /* number: greatest value; address: bytes; text: longest in bytes */
    uint8_t group;
    uint8_t slot;
} element_row_t;

static const element_row_t elements[] = {
#define NUMBER(identifier, element, greatest) {element, greatest, RECORD_GROUP_NUMBER, RECORD_##identifier},
    RECORD_NUMBERS(NUMBER)
#undef NUMBER
#define ADDRESS(identifier, element, bytes) {element, bytes, RECORD_GROUP_ADDRESS, RECORD_##identifier},
        RECORD_ADDRESSES(ADDRESS)
#undef ADDRESS
#define TEXT(identifier, element, longest) {element, longest, RECORD_GROUP_TEXT, RECORD_TEXT_##identifier},
            RECORD_TEXTS(TEXT)
#undef TEXT
};

/* Rows of the groups stand one after the other. */
static const element_row_t *row_of(record_group_t group, unsigned slot)
{
    static const unsigned first[] = {[RECORD_GROUP_NUMBER] = 0,
                                     [RECORD_GROUP_ADDRESS] = RECORD_NUMBER_COUNT,
                                     [RECORD_GROUP_TEXT] =
                                         (unsigned)RECORD_NUMBER_COUNT + (unsigned)RECORD_ADDRESS_COUNT};
    return &elements[first[group] + slot];
}

static const element_row_t *find_row(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (strcmp(elements[i].name, name) == 0) {
            return &elements[i];
        }
    }
    return NULL;
}

static bool set_add(record_set_t *set, const element_row_t *row)
{
    const record_set_t before = *set;
    const uint64_t bit = RECORD_BIT(row->slot);
    switch ((record_group_t)row->group) {
    case RECORD_GROUP_NUMBER:
        set->numbers |= bit;
        return set->numbers != before.numbers;
    case RECORD_GROUP_ADDRESS:
        set->addresses |= (uint32_t)bit;
        return set->addresses != before.addresses;
    case RECORD_GROUP_TEXT:
        break;
    }
    set->texts |= (uint32_t)bit;
    return set->texts != before.texts;
}

/* Elements that only the fingerprint follows from. */
static bool of_fingerprint(const record_step_t *step)
{
    static const uint64_t numbers = RECORD_BIT(RECORD_DISTANCE) | RECORD_BIT(RECORD_INITIAL_TTL) |
                                    RECORD_BIT(RECORD_LINK_MTU) | RECORD_BIT(RECORD_MATCH_KIND) |
                                    RECORD_BIT(RECORD_QUALITY) | RECORD_BIT(RECORD_FAMILY_QUALITY) |
                                    RECORD_BIT(RECORD_CANDIDATES) | RECORD_BIT(RECORD_LABEL_ID);
    return step->group == RECORD_GROUP_NUMBER
               ? (numbers & RECORD_BIT(step->slot)) != 0
               : step->group == RECORD_GROUP_TEXT && step->slot < RECORD_TEXT_COMMUNITY_ID;
}

static void find_key(record_table_t *table)
{
    unsigned count = 0;
    for (unsigned i = 0; i < table->step_count; i++) {
        if (of_fingerprint(&table->steps[i])) {
            table->key_first = count == 0 ? table->steps[i].field : table->key_first;
            table->key_last = (uint16_t)(table->steps[i].field + 1);
            count++;
        }
    }
    for (unsigned i = 0; i < table->step_count; i++) {
        const record_step_t *step = &table->steps[i];
        if (step->field >= table->key_first && step->field < table->key_last && !of_fingerprint(step)) {
            table->key_first = 0;
            table->key_last = 0;
        }
    }
}

static uint16_t *field_of(record_table_t *table, const element_row_t *row)
{
    switch ((record_group_t)row->group) {
    case RECORD_GROUP_NUMBER:
        return &table->number_fields[row->slot];
    case RECORD_GROUP_ADDRESS:
        return &table->address_fields[row->slot];
    case RECORD_GROUP_TEXT:
        break;
    }
    return &table->text_fields[row->slot];
}

/* Values of a whole word that the limit of the element does not restrict need no check. */
static uint8_t whole_length(const element_row_t *row, uint16_t length)
{
    const bool word = length == 1 || length == 2 || length == 4 || length == 8;
    return row->group == RECORD_GROUP_NUMBER && word && row->limit >= UINT64_MAX >> (64 - 8 * length)
               ? (uint8_t)length
               : 0;
}

record_table_t *record_table_new(const ipfix_decoder_template_t *layout, uint64_t number)
{
    record_table_t *const table = g_malloc0(sizeof *table + layout->field_count * sizeof table->steps[0]);
    table->number = number;
    table->types_seen = layout->types_seen;
    memset(table->number_fields, 0xFF, sizeof table->number_fields);
    memset(table->address_fields, 0xFF, sizeof table->address_fields);
    memset(table->text_fields, 0xFF, sizeof table->text_fields);
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const element_row_t *row = find_row(layout->fields[i].name);
        if (row != NULL && set_add(&table->has, row)) {
            table->steps[table->step_count++] =
                (record_step_t){i, row->group, row->slot, whole_length(row, layout->fields[i].length)};
            *field_of(table, row) = i;
        }
    }
    find_key(table);
    return table;
}

static inline bool read_number(record_values_t *values, const record_step_t *step,
                               const ipfix_decoder_value_t *value)
{
    const uint64_t number = value_unsigned(value);
    values->numbers[step->slot] = number;
    return value->length - 1 < sizeof number && number <= elements[step->slot].limit;
}

/* A field that is no whole word. */
static bool read_step(record_values_t *values, const record_step_t *step, const ipfix_decoder_value_t *value)
{
    switch ((record_group_t)step->group) {
    case RECORD_GROUP_NUMBER:
        return read_number(values, step, value);
    case RECORD_GROUP_ADDRESS:
        values->addresses[step->slot] = value->data;
        return value->length == row_of(RECORD_GROUP_ADDRESS, step->slot)->limit;
    case RECORD_GROUP_TEXT:
        break;
    }
    values->texts[step->slot] = *value;
    return value->length <= row_of(RECORD_GROUP_TEXT, step->slot)->limit;
}

bool record_values_read(record_values_t *values, const record_table_t *table,
                        const ipfix_decoder_record_t *record, uint16_t *field)
{
    *values = (record_values_t){.numbers = {0}};
    for (const record_step_t *step = table->steps; step < table->steps + table->step_count; step++) {
        const ipfix_decoder_value_t *value = &record->values[step->field];
        switch (step->whole) {
        case 1:
            values->numbers[step->slot] = value->data[0];
            break;
        case 2:
            values->numbers[step->slot] = read_be16(value->data);
            break;
        case 4:
            values->numbers[step->slot] = read_be32(value->data);
            break;
        case 8:
            values->numbers[step->slot] = read_be64(value->data);
            break;
        default:
            if (!read_step(values, step, value)) {
                *field = step->field;
                return false;
            }
        }
    }
    return true;
}

static const char *first_missing(record_group_t group, uint64_t wanted, uint64_t has)
{
    const uint64_t missing = wanted & ~has;
    return missing != 0 ? row_of(group, (unsigned)__builtin_ctzll(missing))->name : NULL;
}

const char *record_set_missing(const record_set_t *wanted, const record_set_t *has)
{
    const char *name = first_missing(RECORD_GROUP_NUMBER, wanted->numbers, has->numbers);
    if (name == NULL) {
        name = first_missing(RECORD_GROUP_ADDRESS, wanted->addresses, has->addresses);
    }
    return name != NULL ? name : first_missing(RECORD_GROUP_TEXT, wanted->texts, has->texts);
}
