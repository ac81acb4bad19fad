/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_options_internal.h"
#include "module/option_mistakes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies a name or a value and decodes %26 and %25, the two characters that separate options. */
static char *copy_part(const char *text, size_t length)
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

static synfix_status_t unknown_option(const synfix_module_t *module, const char *key, synfix_error_t *error)
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
    return synfix_fail(error, SYNFIX_INVALID, "no option '%.64s'; the options are: %s", key,
                       used == 0 ? "none" : known);
}

option_value_t *options_find(synfix_options_t *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->values[i].option->name, name) == 0) {
            return &options->values[i];
        }
    }
    return NULL;
}

static synfix_status_t no_memory(const char *name, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", name);
}

synfix_status_t option_store(option_value_t *value, char *text, synfix_error_t *error)
{
    if (text == NULL) {
        return no_memory(value->option->name, error);
    }
    free(value->text);
    value->text = text;
    int64_t number = 0;
    if (option_parse_value(value->option, text, &number, NULL) == SYNFIX_OK) {
        value->number = number;
    }
    return SYNFIX_OK;
}

/* @p text: the value after the name and `=`; NULL: no `=`. */
static synfix_status_t store_setting(synfix_options_t *options, const synfix_module_t *module,
                                     const char *key, const char *text, size_t length, synfix_error_t *error)
{
    option_value_t *value = options_find(options, key);
    if (value == NULL) {
        return unknown_option(module, key, error);
    }
    if (value->given) {
        return synfix_fail(error, SYNFIX_INVALID, "option %s is set twice; remove one of the values", key);
    }
    if (text == NULL && value->option->type != SYNFIX_OPTION_BOOLEAN) {
        return synfix_fail(error, SYNFIX_INVALID, "option %s has no value; write %s=VALUE", key, key);
    }
    value->given = true;
    return option_store(value, text == NULL ? strdup("yes") : copy_part(text, length), error);
}

static void parse_setting(synfix_options_t *options, const synfix_module_t *module, const char *setting,
                          size_t length, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    const char *equals = memchr(setting, '=', length);
    const size_t size = equals == NULL ? length : (size_t)(equals - setting);
    char *key = copy_part(setting, size);
    const synfix_status_t status =
        key == NULL ? no_memory(module->name, &error)
                    : store_setting(options, module, key, equals == NULL ? NULL : equals + 1,
                                    equals == NULL ? 0 : length - size - 1, &error);
    (void)synfix_mistakes_add(mistakes, key, status, &error);
    free(key);
}

static void parse_settings(synfix_options_t *options, const synfix_module_t *module, const char *settings,
                           synfix_mistakes_t *mistakes)
{
    while (settings != NULL && *settings != '\0') {
        const size_t length = strcspn(settings, "&");
        if (length != 0) {
            parse_setting(options, module, settings, length, mistakes);
        }
        settings += length + (settings[length] == '&');
    }
}

static synfix_status_t set_defaults(synfix_options_t *options, const synfix_module_t *module,
                                    synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < options->count; i++) {
        option_value_t *value = &options->values[i];
        value->option = &module->options[i];
        if (status == SYNFIX_OK && value->option->fallback != NULL) {
            status = option_store(value, strdup(value->option->fallback), error);
        }
    }
    return status;
}

static synfix_options_t *make_empty(const synfix_module_t *module, const char *target, size_t target_length,
                                    synfix_error_t *error)
{
    size_t count = 0;
    while (module->options != NULL && module->options[count].name != NULL) {
        count++;
    }
    synfix_options_t *made = calloc(1, sizeof *made + count * sizeof made->values[0]);
    if (made == NULL) {
        (void)no_memory(module->name, error);
        return NULL;
    }
    made->count = count;
    made->scheme = strdup(module->name);
    made->target = strndup(target, target_length);
    if (set_defaults(made, module, error) != SYNFIX_OK || made->scheme == NULL || made->target == NULL) {
        (void)no_memory(module->name, error);
        module_options_free(made);
        return NULL;
    }
    return made;
}

static synfix_options_t *read_parts(const synfix_module_t *module, const char *target, size_t target_length,
                                    const char *settings, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_t *options = make_empty(module, target, target_length, &error);
    if (options == NULL) {
        (void)synfix_mistakes_add(mistakes, NULL, SYNFIX_NO_MEMORY, &error);
    } else {
        parse_settings(options, module, settings, mistakes);
    }
    return options;
}

/* Copies the scheme of @p text. SYNFIX_INVALID without a scheme before a colon. */
static synfix_status_t module_options_scheme(const char *text, char scheme[OPTIONS_SCHEME_SIZE],
                                             synfix_error_t *error)
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

synfix_options_t *module_options_read(const synfix_module_t *module, const char *text,
                                      synfix_mistakes_t *mistakes)
{
    char scheme[OPTIONS_SCHEME_SIZE];
    synfix_error_t error;
    synfix_status_t status = module_options_scheme(text, scheme, &error);
    if (status == SYNFIX_OK && strcmp(scheme, module->name) != 0) {
        status = synfix_fail(&error, SYNFIX_INVALID, "%s: not a %s", scheme, module->name);
    }
    if (synfix_mistakes_add(mistakes, NULL, status, &error) < 0) {
        return NULL;
    }
    const char *target = text + strlen(scheme) + 1;
    if (strncmp(target, "//", 2) == 0) {
        target += 2;
    }
    const size_t length = strcspn(target, "?");
    return read_parts(module, target, length, target[length] == '?' ? target + length + 1 : NULL, mistakes);
}

synfix_options_t *module_options_read_parts(const synfix_module_t *module, const char *target,
                                            const char *settings, synfix_mistakes_t *mistakes)
{
    return read_parts(module, target, strlen(target), settings, mistakes);
}
