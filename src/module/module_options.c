/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_options.h"
#include "module/module_options_internal.h"
#include "module/option_mistakes.h"
#include <stdlib.h>
#include <string.h>

synfix_status_t module_options_make(const synfix_module_t *module, const char *target, const char *settings,
                                    synfix_options_t **options, synfix_error_t *error)
{
    synfix_mistakes_t *mistakes = option_mistakes_new();
    if (mistakes == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    synfix_options_t *read = module_options_read_parts(module, target, settings, mistakes);
    if (read != NULL) {
        synfix_options_check(read, mistakes);
    }
    const synfix_status_t status = option_mistakes_first(mistakes, module->name, error);
    option_mistakes_free(mistakes);
    if (status != SYNFIX_OK) {
        module_options_free(read);
        return status;
    }
    *options = read;
    return SYNFIX_OK;
}

void module_options_free(synfix_options_t *options)
{
    if (options == NULL) {
        return;
    }
    for (size_t i = 0; i < options->count; i++) {
        free(options->values[i].text);
    }
    free(options->scheme);
    free(options->target);
    free(options);
}

static bool same_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

bool module_options_equal(const synfix_options_t *one, const synfix_options_t *other)
{
    bool equal = one->count == other->count && strcmp(one->scheme, other->scheme) == 0 &&
                 strcmp(one->target, other->target) == 0;
    for (size_t i = 0; equal && i < one->count; i++) {
        const option_value_t *left = &one->values[i];
        const option_value_t *right = &other->values[i];
        equal = left->option == right->option && left->number == right->number &&
                (left->option->type != SYNFIX_OPTION_STRING || same_text(left->text, right->text));
    }
    return equal;
}

synfix_status_t module_options_set(synfix_options_t *options, const char *name, const char *text,
                                   synfix_error_t *error)
{
    option_value_t *value = options_find(options, name);
    synfix_error_t reason;
    if (value == NULL || value->given) {
        return SYNFIX_OK;
    }
    synfix_status_t status = module_options_check(value->option, text, &reason);
    status = status == SYNFIX_OK ? option_store(value, strdup(text), &reason) : status;
    return status == SYNFIX_OK ? status
                               : synfix_fail(error, status, "%s: %.480s", options->scheme, reason.text);
}
