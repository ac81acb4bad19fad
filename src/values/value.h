/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file value.h
 * Text of settings and module options to values: the one parser, with one set of messages.
 *
 * All functions are pure and may be called from any thread. On failure they return SYNFIX_INVALID, leave the
 * result unchanged and write `NAME: 'TEXT' is not ...` with the accepted form.
 */
#ifndef VALUES_VALUE_H
#define VALUES_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

typedef enum value_type {
    VALUE_INTEGER,  /* decimal; suffix k, M, G for 1024, 1024^2, 1024^3 */
    VALUE_DURATION, /* seconds, or a number with ms, s, m, h, d; the value is in milliseconds */
    VALUE_BOOLEAN,  /* yes, true, on, 1 and no, false, off, 0; the value is 1 or 0 */
    VALUE_CHOICE,   /* one of `choices`; the value is its index */
} value_type_t;

/** Form and range of one value. */
typedef struct value_rule {
    const char *name; /* begins the message */
    value_type_t type;
    int64_t minimum; /* both 0: no range. Integers and durations (milliseconds) only */
    int64_t maximum;
    const char *choices; /* of VALUE_CHOICE: words separated by spaces */
} value_rule_t;

/** Parses @p text by @p rule. */
synfix_status_t value_parse(const value_rule_t *rule, const char *text, int64_t *value,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes an integer or a duration (milliseconds) in its largest whole unit, as a user writes it: `64k`,
 * `15s`. */
void value_format(value_type_t type, int64_t value, char *text, size_t size);

/**
 * One item of a port or CPU list: `22`, or a range as in `1024-2047` or `1024:2047`.
 * @param what    noun for the message, as in "port"
 * @param maximum largest number; the smallest is 0
 */
synfix_status_t value_range(const char *what, uint32_t maximum, const char *item, uint32_t *first,
                            uint32_t *last, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
