/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_specs.h
 * Module specifications of a test: made in one expression, freed when the test program ends.
 */
#ifndef SUPPORT_MODULE_SPECS_H
#define SUPPORT_MODULE_SPECS_H

#include "module/module_spec.h"
#include "module/option_mistakes.h"
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

/* Every mistake of a specification, one in each line: `option: text`, `: text` of the target. The caller
 * frees the text. */
static inline char *mistakes_of(const synfix_module_t *module, const char *text)
{
    registry_t *registry = registry_new();
    synfix_mistakes_t *mistakes = option_mistakes_new();
    char *lines = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&lines, &size);
    if (registry == NULL || mistakes == NULL || out == NULL ||
        registry_add(registry, module, NULL) != SYNFIX_OK) {
        abort();
    }
    module_spec_t *spec = module_spec_read(registry, module->kind, text, mistakes);
    if (spec != NULL) {
        module_spec_check(spec, mistakes);
    }
    for (size_t i = 0; i < option_mistakes_count(mistakes); i++) {
        const option_mistake_t *mistake = option_mistakes_at(mistakes, i);
        synfix_error_t error = mistake->error;
        if (spec != NULL) {
            module_spec_describe(spec, &mistake->error, &error);
        }
        fprintf(out, "%s: %s\n", mistake->option, error.text);
    }
    (void)fclose(out);
    module_spec_unref(spec);
    option_mistakes_free(mistakes);
    registry_free(registry);
    return lines;
}

#endif
