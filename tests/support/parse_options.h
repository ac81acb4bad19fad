/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file parse_options.h
 * The options of `scheme:target?key=value`, without the rest of the specification.
 */
#ifndef SUPPORT_PARSE_OPTIONS_H
#define SUPPORT_PARSE_OPTIONS_H

#include "module/module_spec.h"

/* As module_spec_of(). On success *options is the caller's: module_options_free(). */
static inline synfix_status_t parse_options(const synfix_module_t *module, const char *text,
                                            synfix_options_t **options, synfix_error_t *error)
{
    module_spec_t *spec = NULL;
    const synfix_status_t status = module_spec_of(module, text, &spec, error);
    if (status == SYNFIX_OK) {
        *options = spec->options;
        spec->options = NULL;
        module_spec_unref(spec);
    }
    return status;
}

#endif
