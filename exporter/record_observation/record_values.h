/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_values.h
 * The values of one record by element, and the table of a template that leads to them.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_VALUES_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_VALUES_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/record_observation/record_elements.h"

typedef enum record_group { RECORD_GROUP_NUMBER, RECORD_GROUP_ADDRESS, RECORD_GROUP_TEXT } record_group_t;

/** One field of a template that an observation uses. */
typedef struct record_step {
    uint16_t field; /* index in the template */
    uint8_t group;  /* record_group_t */
    uint8_t slot;   /* record_number_t, record_address_t or record_text_t */
    uint8_t whole;  /* 1, 2, 4 or 8: a number of this length in each record, of which each value is right */
} record_step_t;

#define RECORD_NO_FIELD UINT16_MAX

/** Sets of elements: bit n is slot n of the group. */
typedef struct record_set {
    uint64_t numbers;
    uint32_t addresses;
    uint32_t texts;
} record_set_t;

typedef struct record_layout_table {
    uint64_t number;     /* number of the table, unique within its converter */
    uint64_t types_seen; /* of the template when the table was made */
    record_set_t has;
    uint16_t key_first; /* fields first to last - 1 hold everything that the fingerprint follows from, and */
    uint16_t key_last;  /* nothing else; both 0: they stand apart */
    /* field of each slot; RECORD_NO_FIELD: none */
    uint16_t number_fields[RECORD_NUMBER_COUNT];
    uint16_t address_fields[RECORD_ADDRESS_COUNT];
    uint16_t text_fields[RECORD_TEXT_COUNT];
    uint16_t step_count;
    record_step_t steps[];
} record_table_t;

/** Values of slots that the record does not have are 0. */
typedef struct record_values {
    uint64_t numbers[RECORD_NUMBER_COUNT];
    const uint8_t *addresses[RECORD_ADDRESS_COUNT];
    ipfix_decoder_value_t texts[RECORD_TEXT_COUNT];
} record_values_t;

/** The table of @p layout; g_free it. The first field of a name counts. Never NULL. */
record_table_t *record_table_new(const ipfix_decoder_template_t *layout, uint64_t number);

/** The tables of many templates, made when they are needed. */
typedef struct record_tables record_tables_t;

/** Never NULL. */
record_tables_t *record_tables_new(void);
void record_tables_free(record_tables_t *tables);

/** A template was announced, its address may be that of an earlier one. */
void record_tables_layout(record_tables_t *tables, const ipfix_decoder_template_t *layout);

/** Valid until the template or the tables change. Never NULL. */
const record_table_t *record_tables_get(record_tables_t *tables, const ipfix_decoder_template_t *layout);

/** False when a value has no length or size that its element may have; @p slot is then the step's field. */
bool record_values_read(record_values_t *values, const record_table_t *table,
                        const ipfix_decoder_record_t *record, uint16_t *field);

/** Name of the first element of @p wanted that @p has lacks; NULL when there is none. */
const char *record_set_missing(const record_set_t *wanted, const record_set_t *has);

/** Bit of a slot in its group of a record_set_t. */
#define RECORD_BIT(slot) (UINT64_C(1) << (slot))

#endif
