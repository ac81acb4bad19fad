/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_options.h"
#include "values/value.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct option_value {
    const synfix_option_t *option;
    char *text; /* NULL: neither given nor a default */
    int64_t number;
    bool given;
} option_value_t;

struct synfix_options {
    char *scheme;
    char *target;
    size_t count;
    option_value_t values[];
};

static synfix_status_t check_value(const synfix_option_t *option, const char *text, int64_t *number,
                                   synfix_error_t *error)
{
    static const value_type_t types[] = {[SYNFIX_OPTION_INTEGER] = VALUE_INTEGER,
                                         [SYNFIX_OPTION_BOOLEAN] = VALUE_BOOLEAN,
                                         [SYNFIX_OPTION_DURATION] = VALUE_DURATION};
    if (option->type == SYNFIX_OPTION_STRING) {
        return SYNFIX_OK;
    }
    const value_rule_t rule = {.name = option->name,
                               .type = types[option->type],
                               .minimum = option->minimum,
                               .maximum = option->maximum};
    return value_parse(&rule, text, number, error);
}

synfix_status_t options_check(const synfix_option_t *option, const char *text, synfix_error_t *error)
{
    int64_t number = 0;
    return check_value(option, text, &number, error);
}

/* Copies a value and decodes %26 and %25, the two characters that separate options. */
static char *copy_value(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        return NULL;
    }
    size_t out = 0;
    for (size_t in = 0; in < length; in++) {
        const bool escaped = text[in] == '%' && length - in >= 3 && text[in + 1] == '2' &&
                             (text[in + 2] == '6' || text[in + 2] == '5');
        copy[out++] = !escaped ? text[in] : text[in + 2] == '6' ? '&' : '%';
        in += escaped ? 2 : 0;
    }
    copy[out] = '\0';
    return copy;
}

static synfix_status_t unknown_option(const synfix_module_t *module, const char *key, size_t length,
                                      synfix_error_t *error)
{
    char known[320] = "";
    size_t used = 0;
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        const int more =
            snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", option->name);
        if (more < 0 || (size_t)more >= sizeof known - used) {
            break;
        }
        used += (size_t)more;
    }
    return synfix_fail(error, SYNFIX_INVALID, "%s: no option '%.*s'; it has: %s", module->name,
                       (int)(length > 64 ? 64 : length), key, used == 0 ? "none" : known);
}

static option_value_t *find_value(synfix_options_t *options, const char *name, size_t length)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strncmp(options->values[i].option->name, name, length) == 0 &&
            options->values[i].option->name[length] == '\0') {
            return &options->values[i];
        }
    }
    return NULL;
}

/* Takes @p text, which is freed with the options. */
static synfix_status_t store(synfix_options_t *options, option_value_t *value, char *text,
                             synfix_error_t *error)
{
    synfix_error_t reason;
    if (text == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", options->scheme);
    }
    free(value->text);
    value->text = text;
    const synfix_status_t status = check_value(value->option, text, &value->number, &reason);
    return status == SYNFIX_OK ? status
                               : synfix_fail(error, status, "%s: %.480s", options->scheme, reason.text);
}

static synfix_status_t parse_setting(synfix_options_t *options, const synfix_module_t *module,
                                     const char *setting, size_t length, synfix_error_t *error)
{
    const char *equals = memchr(setting, '=', length);
    const size_t key = equals == NULL ? length : (size_t)(equals - setting);
    option_value_t *value = find_value(options, setting, key);
    if (value == NULL) {
        return unknown_option(module, setting, key, error);
    }
    if (value->given) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: option %s is given twice; write it once", module->name,
                           value->option->name);
    }
    if (equals == NULL && value->option->type != SYNFIX_OPTION_BOOLEAN) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: option %s has no value; write %s=VALUE", module->name,
                           value->option->name, value->option->name);
    }
    value->given = true;
    return store(options, value, equals == NULL ? strdup("yes") : copy_value(equals + 1, length - key - 1),
                 error);
}

static synfix_status_t parse_settings(synfix_options_t *options, const synfix_module_t *module,
                                      const char *settings, synfix_error_t *error)
{
    while (settings != NULL && *settings != '\0') {
        const size_t length = strcspn(settings, "&");
        if (length != 0) {
            const synfix_status_t status = parse_setting(options, module, settings, length, error);
            if (status != SYNFIX_OK) {
                return status;
            }
        }
        settings += length + (settings[length] == '&');
    }
    return SYNFIX_OK;
}

static synfix_status_t set_defaults(synfix_options_t *options, const synfix_module_t *module,
                                    synfix_error_t *error)
{
    for (size_t i = 0; i < options->count; i++) {
        option_value_t *value = &options->values[i];
        value->option = &module->options[i];
        if (value->option->fallback == NULL) {
            continue;
        }
        value->text = strdup(value->option->fallback);
        if (value->text == NULL) {
            return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
        }
        const synfix_status_t status = check_value(value->option, value->text, &value->number, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t make(const synfix_module_t *module, const char *target, size_t target_length,
                            const char *settings, synfix_options_t **options, synfix_error_t *error)
{
    size_t count = 0;
    while (module->options != NULL && module->options[count].name != NULL) {
        count++;
    }
    synfix_options_t *made = calloc(1, sizeof *made + count * sizeof made->values[0]);
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    made->count = count;
    made->scheme = strdup(module->name);
    made->target = strndup(target, target_length);
    synfix_status_t status = set_defaults(made, module, error);
    if (made->scheme == NULL || made->target == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    if (status == SYNFIX_OK) {
        status = parse_settings(made, module, settings, error);
    }
    if (status != SYNFIX_OK) {
        options_free(made);
        return status;
    }
    *options = made;
    return SYNFIX_OK;
}

synfix_status_t options_scheme(const char *text, char scheme[OPTIONS_SCHEME_SIZE], synfix_error_t *error)
{
    const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length == 0 || length >= OPTIONS_SCHEME_SIZE || text[length] != ':') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "'%.64s': not of the form SCHEME:TARGET; write for example text:-", text);
    }
    memcpy(scheme, text, length);
    scheme[length] = '\0';
    return SYNFIX_OK;
}

synfix_status_t options_parse(const synfix_module_t *module, const char *text, synfix_options_t **options,
                              synfix_error_t *error)
{
    char scheme[OPTIONS_SCHEME_SIZE];
    const synfix_status_t status = options_scheme(text, scheme, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (strcmp(scheme, module->name) != 0) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: not a %s", scheme, module->name);
    }
    const char *target = text + strlen(scheme) + 1;
    if (strncmp(target, "//", 2) == 0) {
        target += 2;
    }
    const size_t length = strcspn(target, "?");
    return make(module, target, length, target[length] == '?' ? target + length + 1 : NULL, options, error);
}

synfix_status_t options_make(const synfix_module_t *module, const char *target, const char *settings,
                             synfix_options_t **options, synfix_error_t *error)
{
    return make(module, target, strlen(target), settings, options, error);
}

void options_free(synfix_options_t *options)
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

bool options_equal(const synfix_options_t *one, const synfix_options_t *other)
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

synfix_status_t options_set(synfix_options_t *options, const char *name, const char *text,
                            synfix_error_t *error)
{
    option_value_t *value = find_value(options, name, strlen(name));
    if (value == NULL || value->given) {
        return SYNFIX_OK;
    }
    return store(options, value, strdup(text), error);
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
