/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file column_values.h
 * Sets the value of a column. Texts and addresses are not copied; NULL as text: the column is unset.
 */
#ifndef EVENT_COLUMN_VALUES_H
#define EVENT_COLUMN_VALUES_H

#include "event/observation_columns.h"

static inline void set_number(column_value_t *value, uint64_t number)
{
    value->type = COLUMN_NUMBER;
    value->number = number;
}

static inline void set_text(column_value_t *value, const char *text)
{
    value->type = text != NULL ? COLUMN_TEXT : COLUMN_UNSET;
    value->text = text;
}

static inline void set_list(column_value_t *value, const char *text)
{
    value->type = COLUMN_LIST;
    value->text = text;
}

static inline void set_address(column_value_t *value, const synfix_address_t *address, uint8_t version)
{
    value->type = COLUMN_ADDRESS;
    value->address = address;
    value->ip_version = version;
}

#endif
