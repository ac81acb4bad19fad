/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_spec.h"
#include "module/option_mistakes.h"
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

static module_spec_t *no_memory(const char *name, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    (void)synfix_mistakes_add(mistakes, NULL,
                              synfix_fail(&error, SYNFIX_NO_MEMORY, "%s: out of memory", name), &error);
    return NULL;
}

/* Takes @p options; NULL: options with mistakes that left nothing. */
static module_spec_t *make(const synfix_module_t *module, synfix_options_t *options, const char *text,
                           synfix_mistakes_t *mistakes)
{
    module_spec_t *spec = options != NULL ? calloc(1, sizeof *spec) : NULL;
    if (spec == NULL) {
        module_options_free(options);
        return options != NULL ? no_memory(module->name, mistakes) : NULL;
    }
    atomic_init(&spec->references, 1);
    spec->module = module;
    spec->options = options;
    spec->name = name_of(module, options);
    spec->text = strdup(text);
    if (spec->name == NULL || spec->text == NULL) {
        module_spec_unref(spec);
        return no_memory(module->name, mistakes);
    }
    return spec;
}

static module_spec_t *read_of(const synfix_module_t *module, const char *text, synfix_mistakes_t *mistakes)
{
    const char *settings = strchr(text, '?');
    synfix_options_t *options =
        module->kind == SYNFIX_MODULE_ENRICHER
            ? module_options_read_parts(module, "", settings == NULL ? NULL : settings + 1, mistakes)
            : module_options_read(module, text, mistakes);
    return make(module, options, text, mistakes);
}

/* NULL: no such module, or several sinks; the reason is in @p error. */
static const synfix_module_t *find_module(const registry_t *registry, synfix_module_kind_t kind,
                                          const char *text, synfix_error_t *error)
{
    char name[OPTIONS_SCHEME_SIZE] = "";
    const bool enricher = kind == SYNFIX_MODULE_ENRICHER;
    const size_t length = strcspn(text, enricher ? "?" : ":");
    if (length < sizeof name && (enricher || text[length] == ':')) {
        memcpy(name, text, length);
    }
    const synfix_module_t *module = registry_find(registry, kind, name);
    if (module == NULL) {
        (void)module_unknown(registry, kind, text, error);
    } else if (kind == SYNFIX_MODULE_SINK && module_one_sink(registry, text, error) != SYNFIX_OK) {
        return NULL;
    }
    return module;
}

module_spec_t *module_spec_read(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                                synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    const synfix_module_t *module = find_module(registry, kind, text, &error);
    if (module == NULL) {
        (void)synfix_mistakes_add(mistakes, NULL, SYNFIX_INVALID, &error);
        return NULL;
    }
    return read_of(module, text, mistakes);
}

/* The specification, if it has no mistake. Takes @p read and @p mistakes. */
static synfix_status_t accept(const synfix_module_t *module, module_spec_t *read, synfix_mistakes_t *mistakes,
                              module_spec_t **spec, synfix_error_t *error)
{
    if (read != NULL) {
        synfix_options_check(read->options, mistakes);
    }
    const synfix_status_t status = option_mistakes_first(mistakes, module->name, error);
    option_mistakes_free(mistakes);
    if (status != SYNFIX_OK) {
        module_spec_unref(read);
        return status;
    }
    *spec = read;
    return SYNFIX_OK;
}

synfix_status_t module_spec_of(const synfix_module_t *module, const char *text, module_spec_t **spec,
                               synfix_error_t *error)
{
    synfix_mistakes_t *mistakes = option_mistakes_new();
    return mistakes == NULL ? synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name)
                            : accept(module, read_of(module, text, mistakes), mistakes, spec, error);
}

synfix_status_t module_spec_of_target(const synfix_module_t *module, const char *target, module_spec_t **spec,
                                      synfix_error_t *error)
{
    synfix_mistakes_t *mistakes = option_mistakes_new();
    if (mistakes == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", module->name);
    }
    synfix_options_t *options = module_options_read_parts(module, target, NULL, mistakes);
    return accept(module, make(module, options, target, mistakes), mistakes, spec, error);
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
    module_options_free(spec->options);
    free(spec->name);
    free(spec->text);
    free(spec);
}

bool module_spec_equal(const module_spec_t *one, const module_spec_t *other)
{
    return one->module == other->module && module_options_equal(one->options, other->options);
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

/* The text after @p name at the beginning of @p text; NULL: it begins otherwise. */
static const char *behind(const char *text, const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && strncmp(text, name, length) == 0 ? text + length : NULL;
}

/* The text after `scheme://target: `, `scheme:target: ` or `target: `; a default port may follow. */
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

void module_spec_check(const module_spec_t *spec, synfix_mistakes_t *mistakes)
{
    if (spec->module->check != NULL) {
        spec->module->check(spec->options, mistakes);
    }
    synfix_options_check(spec->options, mistakes); /* a module's own check may leave out values */
}

void module_spec_describe(const module_spec_t *spec, const synfix_error_t *reason, synfix_error_t *error)
{
    const char *text = module_spec_reason(spec, reason->text);
    const char *rest = behind(text, "'");
    rest = rest != NULL ? behind(rest, synfix_options_target(spec->options)) : NULL;
    rest = rest != NULL ? behind(rest, "': ") : NULL;
    (void)synfix_fail(error, SYNFIX_INVALID, "%.*s: %.480s", (int)strcspn(spec->text, "?"), spec->text,
                      rest != NULL ? rest : text);
    error->cause = reason->cause;
}
