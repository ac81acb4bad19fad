/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_options_internal.h"
#include "module/option_mistakes.h"
#include "values/value.h"
#include <string.h>

synfix_status_t option_parse_value(const synfix_option_t *option, const char *text, int64_t *number,
                                   synfix_error_t *error)
{
    static const value_type_t types[] = {[SYNFIX_OPTION_STRING] = VALUE_CHOICE,
                                         [SYNFIX_OPTION_INTEGER] = VALUE_INTEGER,
                                         [SYNFIX_OPTION_BOOLEAN] = VALUE_BOOLEAN,
                                         [SYNFIX_OPTION_DURATION] = VALUE_DURATION};
    if (option->type == SYNFIX_OPTION_STRING && option->choices == NULL) {
        return SYNFIX_OK;
    }
    const value_rule_t rule = {.name = option->name,
                               .type = types[option->type],
                               .minimum = option->minimum,
                               .maximum = option->maximum,
                               .choices = option->choices};
    return value_parse(&rule, text, number, error);
}

synfix_status_t module_options_check(const synfix_option_t *option, const char *text, synfix_error_t *error)
{
    int64_t number = 0;
    return option_parse_value(option, text, &number, error);
}

void synfix_options_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    for (size_t i = 0; i < options->count; i++) {
        const option_value_t *value = &options->values[i];
        synfix_error_t error;
        if (value->text != NULL) {
            (void)synfix_mistakes_add(mistakes, value->option->name,
                                      module_options_check(value->option, value->text, &error), &error);
        }
    }
}

static const option_value_t *get_value(const synfix_options_t *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->values[i].option->name, name) == 0) {
            return &options->values[i];
        }
    }
    return NULL;
}

const char *synfix_options_string(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = get_value(options, name);
    return value == NULL ? NULL : value->text;
}

int64_t synfix_options_integer(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = get_value(options, name);
    return value == NULL || value->option->type != SYNFIX_OPTION_INTEGER ? 0 : value->number;
}

bool synfix_options_boolean(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = get_value(options, name);
    return value != NULL && value->option->type == SYNFIX_OPTION_BOOLEAN && value->number != 0;
}

int64_t synfix_options_duration_ms(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = get_value(options, name);
    return value == NULL || value->option->type != SYNFIX_OPTION_DURATION ? 0 : value->number;
}

const char *synfix_options_target(const synfix_options_t *options)
{
    return options->target;
}

const char *synfix_options_scheme(const synfix_options_t *options)
{
    return options->scheme;
}
