/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_options.h"
#include <errno.h>
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

typedef struct unit {
    const char *suffix;
    int64_t factor;
} unit_t;

static const unit_t size_units[] = {{"", 1}, {"k", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {NULL, 0}};
static const unit_t time_units[] = {{"", 1000},     {"ms", 1},       {"s", 1000}, {"m", 60000},
                                    {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

static bool parse_scaled(const char *text, const unit_t *units, int64_t *number)
{
    char *end = NULL;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (end == text || errno != 0 || text[0] == ' ' || text[0] == '+') {
        return false;
    }
    for (; units->suffix != NULL; units++) {
        if (strcmp(units->suffix, end) == 0) {
            return !__builtin_mul_overflow(value, units->factor, number);
        }
    }
    return false;
}

static bool parse_boolean(const char *text, int64_t *number)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (int value = 0; value < 2; value++) {
            if (strcmp(text, words[i][value]) == 0) {
                *number = value;
                return true;
            }
        }
    }
    return false;
}

static synfix_status_t check_value(const synfix_option_t *option, const char *text, int64_t *number,
                                   synfix_error_t *error)
{
    const char *wanted = NULL;
    switch (option->type) {
    case SYNFIX_OPTION_STRING:
        return SYNFIX_OK;
    case SYNFIX_OPTION_BOOLEAN:
        if (!parse_boolean(text, number)) {
            wanted = "yes or no";
        }
        break;
    case SYNFIX_OPTION_INTEGER:
        if (!parse_scaled(text, size_units, number)) {
            wanted = "a whole number, with k, M or G behind it if wished";
        }
        break;
    case SYNFIX_OPTION_DURATION:
        if (!parse_scaled(text, time_units, number)) {
            wanted = "seconds, or a number with ms, s, m, h or d behind it";
        }
        break;
    }
    if (wanted != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "option %s: \"%.64s\" is not %s", option->name, text,
                           wanted);
    }
    const bool bounded = option->minimum != 0 || option->maximum != 0;
    if (option->type != SYNFIX_OPTION_BOOLEAN && bounded &&
        (*number < option->minimum || *number > option->maximum)) {
        return synfix_fail(error, SYNFIX_INVALID, "option %s: %.64s is not between %lld and %lld%s",
                           option->name, text, (long long)option->minimum, (long long)option->maximum,
                           option->type == SYNFIX_OPTION_DURATION ? " ms" : "");
    }
    return SYNFIX_OK;
}

synfix_status_t options_check(const synfix_option_t *option, const char *text, synfix_error_t *error)
{
    int64_t number = 0;
    return check_value(option, text, &number, error);
}

/* A value, with the two characters that can't stand for themselves written as %26 and %25. */
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
    return synfix_fail(error, SYNFIX_INVALID, "%s: no option \"%.*s\"; it has: %s", module->name,
                       (int)(length > 64 ? 64 : length), key, used == 0 ? "none" : known);
}

static const option_value_t *find_value(const synfix_options_t *options, const char *name, size_t length)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strncmp(options->values[i].option->name, name, length) == 0 &&
            options->values[i].option->name[length] == '\0') {
            return &options->values[i];
        }
    }
    return NULL;
}

static synfix_status_t take_setting(synfix_options_t *options, const synfix_module_t *module,
                                    const char *setting, size_t length, synfix_error_t *error)
{
    const char *equals = memchr(setting, '=', length);
    const size_t key = equals == NULL ? length : (size_t)(equals - setting);
    const option_value_t *found = find_value(options, setting, key);
    if (found == NULL) {
        return unknown_option(module, setting, key, error);
    }
    option_value_t *value = &options->values[found - options->values];
    if (value->given) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: option %s is given twice", module->name,
                           value->option->name);
    }
    if (equals == NULL && value->option->type != SYNFIX_OPTION_BOOLEAN) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: option %s needs a value", module->name,
                           value->option->name);
    }
    free(value->text);
    value->given = true;
    value->text = equals == NULL ? strdup("yes") : copy_value(equals + 1, length - key - 1);
    if (value->text == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    synfix_error_t reason;
    const synfix_status_t status = check_value(value->option, value->text, &value->number, &reason);
    return status == SYNFIX_OK ? status : synfix_fail(error, status, "%s: %.480s", module->name, reason.text);
}

static synfix_status_t take_settings(synfix_options_t *options, const synfix_module_t *module,
                                     const char *settings, synfix_error_t *error)
{
    while (settings != NULL && *settings != '\0') {
        const size_t length = strcspn(settings, "&");
        if (length != 0) {
            const synfix_status_t status = take_setting(options, module, settings, length, error);
            if (status != SYNFIX_OK) {
                return status;
            }
        }
        settings += length + (settings[length] == '&');
    }
    return SYNFIX_OK;
}

static synfix_status_t take_defaults(synfix_options_t *options, const synfix_module_t *module,
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
    synfix_status_t status = take_defaults(made, module, error);
    if (made->scheme == NULL || made->target == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    if (status == SYNFIX_OK) {
        status = take_settings(made, module, settings, error);
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
                           "\"%.64s\": not of the form scheme:target (for example text:-)", text);
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

const char *synfix_options_string(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = find_value(options, name, strlen(name));
    return value == NULL ? NULL : value->text;
}

int64_t synfix_options_integer(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = find_value(options, name, strlen(name));
    return value == NULL || value->option->type != SYNFIX_OPTION_INTEGER ? 0 : value->number;
}

bool synfix_options_boolean(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = find_value(options, name, strlen(name));
    return value != NULL && value->option->type == SYNFIX_OPTION_BOOLEAN && value->number != 0;
}

int64_t synfix_options_duration_ms(const synfix_options_t *options, const char *name)
{
    const option_value_t *value = find_value(options, name, strlen(name));
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
