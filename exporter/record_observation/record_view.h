/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_view.h
 * The numbers of one record: as record_values_read left them, or in the record itself where its table is
 * direct. Functions that take a view are inlined for each of both.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_VIEW_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_VIEW_H

#include "base/byte_order.h"
#include "exporter/record_observation/record_values.h"

typedef struct record_view {
    const uint64_t *numbers; /* NULL: from `start` */
    const uint8_t *start;    /* first byte of the record */
    const record_table_t *table;
} record_view_t;

#define VIEW_INLINE static inline __attribute__((always_inline))

/** Bytes of the type of an element. */
static const uint8_t record_number_widths[RECORD_NUMBER_COUNT] = {
#define RECORD_NUMBER_WIDTH(identifier, element, greatest, bytes) bytes,
    RECORD_NUMBERS(RECORD_NUMBER_WIDTH)
#undef RECORD_NUMBER_WIDTH
};

/** A number that a direct table has. */
VIEW_INLINE uint64_t view_number(const record_view_t *view, unsigned slot)
{
    if (view->numbers != NULL) {
        return view->numbers[slot];
    }
    const uint8_t *at = view->start + view->table->number_offsets[slot];
    return record_number_widths[slot] == 1   ? *at
           : record_number_widths[slot] == 2 ? read_be16(at)
           : record_number_widths[slot] == 4 ? read_be32(at)
                                             : read_be64(at);
}

/** A number that some direct tables have; 0 without it. */
VIEW_INLINE uint64_t view_number_if(const record_view_t *view, unsigned slot)
{
    return view->numbers != NULL || (view->table->in_place & RECORD_BIT(slot)) != 0 ? view_number(view, slot)
                                                                                    : 0;
}

#endif
