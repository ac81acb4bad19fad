/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_values.h"
#include <glib.h>
#include <string.h>

typedef struct element_row {
    const char *name;
    uint64_t limit; /* number: greatest value; address: bytes; text: longest in bytes */
    uint8_t group;
    uint8_t slot;
    uint8_t width; /* number: bytes of its type */
} element_row_t;

static const element_row_t elements[] = {
#define NUMBER(identifier, element, greatest, bytes)                                                         \
    {element, greatest, RECORD_GROUP_NUMBER, RECORD_##identifier, bytes},
    RECORD_NUMBERS(NUMBER)
#undef NUMBER
#define ADDRESS(identifier, element, bytes) {element, bytes, RECORD_GROUP_ADDRESS, RECORD_##identifier, 0},
        RECORD_ADDRESSES(ADDRESS)
#undef ADDRESS
#define TEXT(identifier, element, longest) {element, longest, RECORD_GROUP_TEXT, RECORD_TEXT_##identifier, 0},
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
static bool of_fingerprint(const element_row_t *row)
{
    return row->group == RECORD_GROUP_NUMBER
               ? (RECORD_FINGERPRINT_NUMBERS & RECORD_BIT(row->slot)) != 0
               : row->group == RECORD_GROUP_TEXT && row->slot < RECORD_TEXT_COMMUNITY_ID;
}

static void find_key(record_table_t *table, const element_row_t *const *rows, uint16_t count)
{
    bool begun = false;
    for (uint16_t i = 0; i < count; i++) {
        if (rows[i] != NULL && of_fingerprint(rows[i])) {
            table->key_first = begun ? table->key_first : i;
            table->key_last = (uint16_t)(i + 1);
            begun = true;
        }
    }
    for (uint16_t i = table->key_first; i < table->key_last; i++) {
        if (rows[i] != NULL && !of_fingerprint(rows[i])) {
            table->key_first = 0;
            table->key_last = 0;
        }
    }
}

/* Sets the offset of the key if it is constant: then the key is found without decoding the values before it.
 */
static void find_key_place(record_table_t *table, const ipfix_decoder_template_t *layout)
{
    const uint16_t signature = table->text_fields[RECORD_TEXT_SIGNATURE];
    const bool placed = table->key_last > table->key_first && table->key_first < layout->fixed_count;
    if (placed && signature == layout->fixed_count && signature < table->key_last &&
        layout->fixed_length <= UINT16_MAX) {
        table->key_offset = layout->fields[table->key_first].offset;
        table->key_fixed = (uint16_t)(layout->fixed_length - table->key_offset);
        table->key_is_tail = table->key_last == layout->field_count;
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

/* Whether a field of this length is read at its offset, independent of the value. */
static bool is_plain(const element_row_t *row, uint16_t length)
{
    return row->group == RECORD_GROUP_NUMBER    ? length == 1 || length == 2 || length == 4 || length == 8
           : row->group == RECORD_GROUP_ADDRESS ? length == row->limit
                                                : false;
}

static void add_fixed_field(record_plan_t *plan, const element_row_t *row, uint16_t length, uint32_t offset)
{
    const fixed_field_t field = {(uint16_t)offset, row->slot};
    if (row->group == RECORD_GROUP_ADDRESS) {
        plan->addresses[plan->address_count++] = field;
        return;
    }
    const unsigned width = length == 1 ? 0 : length == 2 ? 1 : length == 4 ? 2 : 3;
    const unsigned last = plan->width_ends[RECORD_WIDTHS - 1];
    memmove(&plan->numbers[plan->width_ends[width] + 1], &plan->numbers[plan->width_ends[width]],
            (last - plan->width_ends[width]) * sizeof field);
    plan->numbers[plan->width_ends[width]] = field;
    for (unsigned i = 0; i < RECORD_WIDTHS; i++) {
        plan->width_ends[i] = (uint8_t)(plan->width_ends[i] + (i >= width));
    }
    if (row->limit < UINT64_MAX >> (64 - 8 * length)) {
        plan->checks[plan->check_count++] = (record_check_t){row->limit, row->slot};
    }
}

/* Where the field is read without a plan. */
static void note_fixed_field(record_table_t *table, const element_row_t *row, uint16_t length,
                             uint32_t offset)
{
    if (row->group == RECORD_GROUP_ADDRESS) {
        table->address_offsets[row->slot] = (uint16_t)offset;
    } else if (length == row->width) {
        table->in_place |= RECORD_BIT(row->slot);
        table->number_offsets[row->slot] = (uint16_t)offset;
    }
}

/* The first field of a name counts: other rows become NULL. */
static void find_fields(record_table_t *table, const ipfix_decoder_template_t *layout,
                        const element_row_t **rows)
{
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const element_row_t *row = find_row(layout->fields[i].name);
        rows[i] = row != NULL && set_add(&table->has, row) ? row : NULL;
        if (rows[i] != NULL) {
            *field_of(table, row) = i;
        }
    }
}

static void compile(record_table_t *table, const ipfix_decoder_template_t *layout,
                    const element_row_t *const *rows)
{
    uint32_t offset = 0;
    for (uint16_t i = 0; i < layout->field_count; i++) {
        const uint16_t length = layout->fields[i].length;
        const bool fixed = i < layout->fixed_count && offset <= UINT16_MAX;
        const bool of_key = i >= table->key_first && i < table->key_last;
        record_plan_t *plan = of_key ? &table->fingerprint : &table->own;
        if (rows[i] != NULL && fixed && is_plain(rows[i], length)) {
            add_fixed_field(plan, rows[i], length, offset);
            note_fixed_field(table, rows[i], length, offset);
        } else if (rows[i] != NULL) {
            plan->steps[plan->step_count++] =
                (record_step_t){rows[i]->limit, i, rows[i]->group, rows[i]->slot};
        }
        offset += fixed ? length : 0;
    }
}

record_table_t *record_table_new(const ipfix_decoder_template_t *layout, uint64_t number)
{
    record_table_t *const table = g_new0(record_table_t, 1);
    g_autofree const element_row_t **rows = g_new0(const element_row_t *, layout->field_count);
    table->number = number;
    table->types_seen = layout->types_seen;
    memset(table->number_fields, 0xFF, sizeof table->number_fields);
    memset(table->address_fields, 0xFF, sizeof table->address_fields);
    memset(table->text_fields, 0xFF, sizeof table->text_fields);
    find_fields(table, layout, rows);
    find_key(table, rows, layout->field_count);
    compile(table, layout, rows);
    find_key_place(table, layout);
    return table;
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
