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

#define RECORD_NO_FIELD UINT16_MAX
#define RECORD_WIDTHS   4u
#define RECORD_SHAPES   3u /* packet, uptime, host change */
#define RECORD_SLOT_COUNT                                                                                    \
    ((unsigned)RECORD_NUMBER_COUNT + (unsigned)RECORD_ADDRESS_COUNT + (unsigned)RECORD_TEXT_COUNT)

/** A number or an address at the same offset in each record: one word, read at once. */
typedef struct fixed_field {
    uint16_t offset; /* from the first byte of the record */
    uint8_t slot;
} fixed_field_t;

/** A number that the length of its field does not keep within the limit of its element. */
typedef struct record_check {
    uint64_t limit;
    uint8_t slot;
} record_check_t;

/** A field without a fixed offset, or of a length that its element should not have. */
typedef struct record_step {
    uint64_t limit; /* number: greatest value; address: bytes; text: longest in bytes */
    uint16_t field; /* index in the template */
    uint8_t group;  /* record_group_t */
    uint8_t slot;   /* record_number_t, record_address_t or record_text_t */
} record_step_t;

/** Fields by width, so that they are read without the template. */
typedef struct record_plan {
    uint8_t width_ends[RECORD_WIDTHS]; /* of the numbers of 1, 2, 4 and 8 bytes */
    uint8_t address_count;
    uint8_t check_count;
    uint8_t step_count;
    fixed_field_t numbers[RECORD_NUMBER_COUNT];
    fixed_field_t addresses[RECORD_ADDRESS_COUNT];
    record_check_t checks[RECORD_NUMBER_COUNT];
    record_step_t steps[RECORD_SLOT_COUNT]; /* in the order of the fields */
} record_plan_t;

/** Sets of elements: bit n is slot n of the group. */
typedef struct record_set {
    uint64_t numbers;
    uint32_t addresses;
    uint32_t texts;
} record_set_t;

typedef struct record_table {
    uint64_t number;     /* number of the table, unique within its converter */
    uint64_t types_seen; /* of the template when the table was made */
    record_set_t has;
    bool ipv4;          /* both addresses; else IPv6 */
    bool outer;         /* some outer address */
    uint8_t length;     /* record_number_t of the total length */
    uint8_t time;       /* record_number_t of the milliseconds */
    uint16_t key_first; /* fields first to last - 1 hold everything that the fingerprint follows from, and */
    uint16_t key_last;  /* nothing else; both 0: they stand apart */
    /* field of each slot; RECORD_NO_FIELD: none */
    uint16_t number_fields[RECORD_NUMBER_COUNT];
    uint16_t address_fields[RECORD_ADDRESS_COUNT];
    uint16_t text_fields[RECORD_TEXT_COUNT];
    uint64_t in_place; /* numbers that stand at a fixed offset in the width of their type */
    uint16_t number_offsets[RECORD_NUMBER_COUNT];   /* of in_place: bytes from the first one of the record */
    uint16_t address_offsets[RECORD_ADDRESS_COUNT]; /* of addresses at a fixed offset */
    bool direct;            /* a packet's record without a tunnel: see record_direct_begin */
    bool key_is_tail;       /* the key is the end of the record and begins at key_offset */
    uint16_t key_offset;    /* of key_is_tail */
    uint16_t key_fixed;     /* bytes of the key in front of the signature's text; 0: stands elsewhere */
    uint16_t source_offset; /* of a direct table: the address */
    uint16_t destination_offset;
    const char *missing[2][RECORD_SHAPES]; /* by record_extent_t and record_shape(); NULL: nothing */
    record_plan_t own;                     /* read from each record */
    record_plan_t fingerprint;             /* needed for a new fingerprint only; empty without a key */
} record_table_t;

/** Values of slots that the record does not have are 0. Zeroes at first. */
typedef struct record_values {
    record_set_t filled; /* slots of the last record */
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

/**
 * Reads the values of @p record that belong to it alone, or (record_values_read_fingerprint) those that a
 * fingerprint follows from. False when a value has no length or size that its element may have; @p field is
 * then the first such field.
 */
bool record_values_read(record_values_t *values, const record_table_t *table,
                        const ipfix_decoder_record_t *record, uint16_t *field);
bool record_values_read_fingerprint(record_values_t *values, const record_table_t *table,
                                    const ipfix_decoder_record_t *record, uint16_t *field);

/** Name of the first element of @p wanted that @p has lacks; NULL when there is none. */
const char *record_set_missing(const record_set_t *wanted, const record_set_t *has);

/** Bit of a slot in its group of a record_set_t. */
#define RECORD_BIT(slot) (UINT64_C(1) << (slot))

/** Numbers that only the fingerprint follows from. */
#define RECORD_FINGERPRINT_NUMBERS                                                                           \
    (RECORD_BIT(RECORD_DISTANCE) | RECORD_BIT(RECORD_INITIAL_TTL) | RECORD_BIT(RECORD_LINK_MTU) |            \
     RECORD_BIT(RECORD_MATCH_KIND) | RECORD_BIT(RECORD_QUALITY) | RECORD_BIT(RECORD_FAMILY_QUALITY) |        \
     RECORD_BIT(RECORD_CANDIDATES) | RECORD_BIT(RECORD_LABEL_ID))

#endif
