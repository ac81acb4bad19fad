/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_options_internal.h
 * The object behind synfix_options_t, for the files that parse and read it.
 */
#ifndef MODULE_MODULE_OPTIONS_INTERNAL_H
#define MODULE_MODULE_OPTIONS_INTERNAL_H

#include "module/module_options.h"

typedef struct option_value {
    const synfix_option_t *option;
    char *text;     /* as the user wrote it, or the default; NULL: neither */
    int64_t number; /* of the text, or of the default while the text is wrong */
    bool given;
} option_value_t;

struct synfix_options {
    char *scheme;
    char *target;
    size_t count;
    option_value_t values[];
};

/**
 * Parses @p text by type, range and choices of @p option.
 * @param number unchanged for strings, and on failure
 * @return SYNFIX_INVALID: the message begins with the name of the option
 */
synfix_status_t option_parse_value(const synfix_option_t *option, const char *text, int64_t *number,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The value of option @p name; NULL: no such option. */
option_value_t *options_find(synfix_options_t *options, const char *name);

/**
 * Stores @p text, which is freed with the options; NULL: out of memory. A text that is no value leaves the
 * number of the default: synfix_options_check() reports the text.
 */
synfix_status_t option_store(option_value_t *value, char *text, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
