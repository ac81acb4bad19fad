/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_specs.h
 * Module specifications of a test: made in one expression, freed when the test program ends.
 */
#ifndef SUPPORT_MODULE_SPECS_H
#define SUPPORT_MODULE_SPECS_H

#include "module/module_spec.h"
#include <stdio.h>
#include <stdlib.h>

static module_spec_t *test_specs[4096];
static size_t test_spec_count;

static void free_test_specs(void)
{
    while (test_spec_count > 0) {
        module_spec_unref(test_specs[--test_spec_count]);
    }
}

static module_spec_t *keep_test_spec(synfix_status_t status, module_spec_t *spec, const char *text,
                                     const synfix_error_t *error)
{
    if (status < 0 || test_spec_count == sizeof test_specs / sizeof *test_specs) {
        fprintf(stderr, "%s: %s\n", text, status < 0 ? error->text : "too many specifications");
        abort();
    }
    if (test_spec_count == 0) {
        (void)atexit(free_test_specs);
    }
    test_specs[test_spec_count++] = spec;
    return spec;
}

/* `scheme:target?options` of a sink or source, `name?options` of an enricher. */
static inline module_spec_t *spec_of(const synfix_module_t *module, const char *text)
{
    module_spec_t *spec = NULL;
    synfix_error_t error;
    const synfix_status_t status = module_spec_of(module, text, &spec, &error);
    return keep_test_spec(status, spec, text, &error);
}

/* A target without options. */
static inline module_spec_t *spec_of_target(const synfix_module_t *module, const char *target)
{
    module_spec_t *spec = NULL;
    synfix_error_t error;
    const synfix_status_t status = module_spec_of_target(module, target, &spec, &error);
    return keep_test_spec(status, spec, target, &error);
}

#endif
