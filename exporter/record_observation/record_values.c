/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_values.h"
#include "base/byte_order.h"
#include "exporter/ipfix_decoder/value_text.h"
#include <glib.h>

/* Slots that the record before had and this one has not. */
static void forget_others(record_values_t *values, const record_set_t *has)
{
    uint64_t numbers = values->filled.numbers & ~has->numbers;
    uint32_t addresses = values->filled.addresses & ~has->addresses;
    uint32_t texts = values->filled.texts & ~has->texts;
    for (; numbers != 0; numbers &= numbers - 1) {
        values->numbers[__builtin_ctzll(numbers)] = 0;
    }
    for (; addresses != 0; addresses &= addresses - 1) {
        values->addresses[__builtin_ctz(addresses)] = NULL;
    }
    for (; texts != 0; texts &= texts - 1) {
        values->texts[__builtin_ctz(texts)] = (ipfix_decoder_value_t){NULL, 0};
    }
    values->filled = *has;
}

/* One loop for each width: a record has some forty of them. */
static void read_fixed_fields(record_values_t *values, const record_plan_t *plan, const uint8_t *start)
{
    uint64_t *const numbers = values->numbers;
    const fixed_field_t *field = plan->numbers;
    const fixed_field_t *const ends[RECORD_WIDTHS] = {
        field + plan->width_ends[0], field + plan->width_ends[1], field + plan->width_ends[2],
        field + plan->width_ends[3]};
    for (; field < ends[0]; field++) {
        numbers[field->slot] = start[field->offset];
    }
    for (; field < ends[1]; field++) {
        numbers[field->slot] = read_be16(start + field->offset);
    }
    for (; field < ends[2]; field++) {
        numbers[field->slot] = read_be32(start + field->offset);
    }
    for (; field < ends[3]; field++) {
        numbers[field->slot] = read_be64(start + field->offset);
    }
    for (field = plan->addresses; field < plan->addresses + plan->address_count; field++) {
        values->addresses[field->slot] = start + field->offset;
    }
}

static bool read_step(record_values_t *values, const record_step_t *step, const ipfix_decoder_value_t *value)
{
    switch ((record_group_t)step->group) {
    case RECORD_GROUP_NUMBER:
        values->numbers[step->slot] = value_unsigned(value);
        return value->length - 1 < sizeof(uint64_t) && values->numbers[step->slot] <= step->limit;
    case RECORD_GROUP_ADDRESS:
        values->addresses[step->slot] = value->data;
        return value->length == step->limit;
    case RECORD_GROUP_TEXT:
        break;
    }
    values->texts[step->slot] = *value;
    return value->length <= step->limit;
}

/* Returns the first field whose value is wrong. */
static uint16_t follow(record_values_t *values, const record_table_t *table, const record_plan_t *plan,
                       const ipfix_decoder_record_t *record)
{
    uint16_t wrong = RECORD_NO_FIELD;
    if (plan->width_ends[RECORD_WIDTHS - 1] + plan->address_count > 0) {
        read_fixed_fields(values, plan, record->start);
    }
    for (unsigned i = 0; i < plan->check_count; i++) {
        const record_check_t *check = &plan->checks[i];
        if (__builtin_expect(values->numbers[check->slot] > check->limit, 0)) {
            wrong = MIN(wrong, table->number_fields[check->slot]);
        }
    }
    for (unsigned i = 0; i < plan->step_count; i++) {
        const record_step_t *step = &plan->steps[i];
        const ipfix_decoder_value_t value = ipfix_decoder_value(record, step->field);
        if (__builtin_expect(!read_step(values, step, &value), 0)) {
            wrong = MIN(wrong, step->field);
        }
    }
    return wrong;
}

bool record_values_read(record_values_t *values, const record_table_t *table,
                        const ipfix_decoder_record_t *record, uint16_t *field)
{
    forget_others(values, &table->has);
    *field = follow(values, table, &table->own, record);
    return *field == RECORD_NO_FIELD;
}

bool record_values_read_fingerprint(record_values_t *values, const record_table_t *table,
                                    const ipfix_decoder_record_t *record, uint16_t *field)
{
    *field = follow(values, table, &table->fingerprint, record);
    return *field == RECORD_NO_FIELD;
}
