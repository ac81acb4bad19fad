/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_spec.h"
#include "module/unknown_module.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *name_of(const synfix_module_t *module, const synfix_options_t *options)
{
    const char *target = synfix_options_target(options);
    const size_t size = strlen(module->name) + strlen(target) + 2;
    char *name = malloc(size);
    if (name != NULL) {
        const bool enricher = module->kind == SYNFIX_MODULE_ENRICHER;
        (void)snprintf(name, size, "%s%s%s", module->name, enricher ? "" : ":", enricher ? "" : target);
    }
    return name;
}

/* Takes @p options. */
static synfix_status_t make(const synfix_module_t *module, synfix_options_t *options, const char *text,
                            module_spec_t **made, synfix_error_t *error)
{
    module_spec_t *spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        options_free(options);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    atomic_init(&spec->references, 1);
    spec->module = module;
    spec->options = options;
    spec->name = name_of(module, options);
    spec->text = strdup(text);
    if (spec->name == NULL || spec->text == NULL) {
        module_spec_unref(spec);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    *made = spec;
    return SYNFIX_OK;
}

synfix_status_t module_spec_of(const synfix_module_t *module, const char *text, module_spec_t **spec,
                               synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    const char *settings = strchr(text, '?');
    const synfix_status_t status =
        module->kind == SYNFIX_MODULE_ENRICHER
            ? options_make(module, "", settings == NULL ? NULL : settings + 1, &options, error)
            : options_parse(module, text, &options, error);
    return status == SYNFIX_OK ? make(module, options, text, spec, error) : status;
}

synfix_status_t module_spec_of_target(const synfix_module_t *module, const char *target, module_spec_t **spec,
                                      synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    const synfix_status_t status = options_make(module, target, NULL, &options, error);
    return status == SYNFIX_OK ? make(module, options, target, spec, error) : status;
}

synfix_status_t module_spec_parse(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                                  module_spec_t **spec, synfix_error_t *error)
{
    char name[OPTIONS_SCHEME_SIZE] = "";
    const bool enricher = kind == SYNFIX_MODULE_ENRICHER;
    const size_t length = strcspn(text, enricher ? "?" : ":");
    if (length < sizeof name && (enricher || text[length] == ':')) {
        memcpy(name, text, length);
    }
    const synfix_module_t *module = registry_find(registry, kind, name);
    if (module == NULL) {
        return module_unknown(registry, kind, text, error);
    }
    return module_spec_of(module, text, spec, error);
}

module_spec_t *module_spec_ref(module_spec_t *spec)
{
    atomic_fetch_add_explicit(&spec->references, 1, memory_order_relaxed);
    return spec;
}

void module_spec_unref(module_spec_t *spec)
{
    if (spec == NULL || atomic_fetch_sub_explicit(&spec->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    options_free(spec->options);
    free(spec->name);
    free(spec->text);
    free(spec);
}

bool module_spec_equal(const module_spec_t *one, const module_spec_t *other)
{
    return one->module == other->module && options_equal(one->options, other->options);
}

bool module_spec_same_target(const module_spec_t *one, const module_spec_t *other)
{
    return strcmp(one->name, other->name) == 0;
}

bool module_spec_same_option(const module_spec_t *one, const module_spec_t *other, const char *name)
{
    const char *left = synfix_options_string(one->options, name);
    const char *right = synfix_options_string(other->options, name);
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

/* The message names the specification, unless it names the target already. */
static synfix_status_t name_spec(const module_spec_t *spec, synfix_status_t status,
                                 const synfix_error_t *reason, synfix_error_t *error)
{
    const char *target = synfix_options_target(spec->options);
    const char *named = target[0] == '\0' ? spec->module->name : target;
    if (strstr(reason->text, named) != NULL) {
        return synfix_fail(error, status, "%s", reason->text);
    }
    return synfix_fail(error, status, "%.*s: %.480s", (int)strcspn(spec->text, "?"), spec->text,
                       reason->text);
}

synfix_status_t module_spec_check(const module_spec_t *spec, synfix_error_t *error)
{
    synfix_error_t reason = {.text = ""};
    if (spec->module->check == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = spec->module->check(spec->options, &reason);
    return status < 0 ? name_spec(spec, status, &reason, error) : SYNFIX_OK;
}

/* The text behind @p name at the beginning of @p text; NULL: it begins otherwise. */
static const char *behind(const char *text, const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && strncmp(text, name, length) == 0 ? text + length : NULL;
}

/* The text behind `scheme://target: `, `scheme:target: ` or `target: `; a default port may follow. */
static const char *behind_target(const module_spec_t *spec, const char *text)
{
    const char *rest = behind(text, spec->module->name);
    rest = rest != NULL ? behind(rest, ":") : text;
    const char *host = rest != NULL ? behind(rest, "//") : NULL;
    rest = rest != NULL ? behind(host != NULL ? host : rest, synfix_options_target(spec->options)) : NULL;
    if (rest != NULL && rest[0] == ':' && rest[1] != ' ') {
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    return rest != NULL ? behind(rest, ": ") : NULL;
}

const char *module_spec_reason(const module_spec_t *spec, const char *text)
{
    const char *rest = behind(text, spec->module->name);
    rest = rest != NULL ? behind(rest, ": ") : NULL;
    text = rest != NULL ? rest : text;
    rest = behind_target(spec, text);
    return rest != NULL ? rest : text;
}
