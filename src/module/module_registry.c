/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "module/module_registry.h"
#include "module/module_options.h"
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct registry_entry {
    const synfix_module_t *module;
    void *library; /* NULL: built in */
    char *path;
} registry_entry_t;

struct registry {
    registry_entry_t *entries;
    size_t count;
};

static const char *const kinds[] = {"", "source", "enricher", "sink"};

static bool name_allowed(const char *name)
{
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length < OPTIONS_SCHEME_SIZE && name[length] == '\0';
}

/* NULL: no required member is missing. */
static const char *missing_function(const synfix_module_t *module)
{
    switch (module->kind) {
    case SYNFIX_MODULE_SOURCE:
        if (module->source == NULL) {
            return "source";
        }
        return module->source->open == NULL    ? "source.open"
               : module->source->read == NULL  ? "source.read"
               : module->source->close == NULL ? "source.close"
                                               : NULL;
    case SYNFIX_MODULE_ENRICHER:
        if (module->enricher == NULL) {
            return "enricher";
        }
        return module->enricher->open == NULL     ? "enricher.open"
               : module->enricher->enrich == NULL ? "enricher.enrich"
               : module->enricher->close == NULL  ? "enricher.close"
                                                  : NULL;
    case SYNFIX_MODULE_SINK:
        if (module->sink == NULL) {
            return "sink";
        }
        return module->sink->open == NULL       ? "sink.open"
               : module->sink->encoding == NULL ? "sink.encoding"
               : module->sink->write == NULL    ? "sink.write"
               : module->sink->close == NULL    ? "sink.close"
                                                : NULL;
    }
    return NULL;
}

static synfix_status_t check_options(const synfix_module_t *module, synfix_error_t *error)
{
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        synfix_error_t reason;
        if (option->help == NULL || option->type > SYNFIX_OPTION_DURATION ||
            option->minimum > option->maximum) {
            return synfix_fail(error, SYNFIX_INVALID, "module %s: the description of option %s is incomplete",
                               module->name, option->name);
        }
        if (option->fallback != NULL &&
            module_options_check(option, option->fallback, &reason) != SYNFIX_OK) {
            return synfix_fail(error, SYNFIX_INVALID, "module %s: default of option %.400s", module->name,
                               reason.text);
        }
    }
    return SYNFIX_OK;
}

/* abi and size are the first members: no other member is read before both are valid. */
static synfix_status_t check_module(const registry_t *registry, const synfix_module_t *module,
                                    synfix_error_t *error)
{
    if (module->abi != SYNFIX_MODULE_ABI) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "made for module interface %u, this program has %u; build the module again",
                           module->abi, SYNFIX_MODULE_ABI);
    }
    if (module->size < sizeof *module) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "descriptor of %u bytes, not %zu; build the module again", module->size,
                           sizeof *module);
    }
    if (module->kind < SYNFIX_MODULE_SOURCE || module->kind > SYNFIX_MODULE_SINK) {
        return synfix_fail(error, SYNFIX_INVALID, "a module of kind %d", (int)module->kind);
    }
    if (module->name == NULL || !name_allowed(module->name)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "a module's name is made of lower case letters, digits and -");
    }
    if (module->summary == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "module %s: no summary", module->name);
    }
    const char *missing = missing_function(module);
    if (missing != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "module %s: %s is missing", module->name, missing);
    }
    if (registry_find(registry, module->kind, module->name) != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "module %s: there is another %s of this name", module->name,
                           kinds[module->kind]);
    }
    return check_options(module, error);
}

static synfix_status_t append(registry_t *registry, const registry_entry_t *entry, synfix_error_t *error)
{
    registry_entry_t *more = realloc(registry->entries, (registry->count + 1) * sizeof *more);
    if (more == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "module %s: out of memory", entry->module->name);
    }
    registry->entries = more;
    registry->entries[registry->count++] = *entry;
    return SYNFIX_OK;
}

synfix_status_t registry_add(registry_t *registry, const synfix_module_t *module, synfix_error_t *error)
{
    const synfix_status_t status = check_module(registry, module, error);
    return status != SYNFIX_OK ? status : append(registry, &(registry_entry_t){.module = module}, error);
}

registry_t *registry_new(void)
{
    return calloc(1, sizeof(registry_t));
}

void registry_free(registry_t *registry)
{
    if (registry == NULL) {
        return;
    }
    for (size_t i = registry->count; i-- > 0;) {
        if (registry->entries[i].library != NULL) {
            (void)dlclose(registry->entries[i].library);
        }
        free(registry->entries[i].path);
    }
    free(registry->entries);
    free(registry);
}

/* dlerror() begins with the path too. */
static synfix_status_t fail_to_load(const char *path, synfix_error_t *error)
{
    const char *reason = dlerror();
    const char *colon = reason[0] == '/' ? strstr(reason, ": ") : NULL;
    return synfix_fail(error, SYNFIX_INVALID, "%s: %.400s; name a shared object built as a synfix module",
                       path, colon != NULL ? colon + 2 : reason);
}

/* The real path of the shared object @p path, to be freed. A bare name would be looked up in the loader's
 * path: a module is a file that the user names. dlopen would wait for the writer of a pipe. */
static synfix_status_t find_object(const char *path, char **real, synfix_error_t *error)
{
    struct stat state;
    *real = realpath(path, NULL);
    if (*real == NULL) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: no such file; check the path of the module", path);
    }
    if (stat(*real, &state) != 0 || !S_ISREG(state.st_mode)) {
        free(*real);
        return synfix_fail(error, SYNFIX_INVALID, "%s: not a regular file; name a shared object", path);
    }
    return SYNFIX_OK;
}

/* Adds the module of the loaded library @p entry, whose strings remain the caller's after a failure. */
static synfix_status_t add_module(registry_t *registry, registry_entry_t *entry, const char *path,
                                  synfix_error_t *error)
{
    synfix_error_t reason;
    entry->module = dlsym(entry->library, SYNFIX_MODULE_SYMBOL);
    if (entry->module == NULL) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: the symbol %s is missing; build the module as in docs/how-to/write-a-module.md", path,
            SYNFIX_MODULE_SYMBOL);
    }
    const synfix_status_t status = check_module(registry, entry->module, &reason);
    return status != SYNFIX_OK ? synfix_fail(error, status, "%s: %.400s", path, reason.text)
                               : append(registry, entry, error);
}

synfix_status_t registry_load(registry_t *registry, const char *path, synfix_error_t *error)
{
    registry_entry_t entry = {0};
    synfix_status_t status = find_object(path, &entry.path, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    entry.library = dlopen(entry.path, RTLD_NOW | RTLD_LOCAL);
    if (entry.library == NULL) {
        free(entry.path);
        return fail_to_load(path, error);
    }
    status = add_module(registry, &entry, path, error);
    if (status != SYNFIX_OK) {
        (void)dlclose(entry.library);
        free(entry.path);
    }
    return status;
}

static int is_object(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".so") == 0;
}

synfix_status_t registry_load_directory(registry_t *registry, const char *path, synfix_error_t *error)
{
    struct dirent **names = NULL;
    const int count = scandir(path, &names, is_object, alphasort);
    if (count < 0) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: no such directory; check the path of the modules",
                           path);
    }
    synfix_status_t status = SYNFIX_OK;
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (status == SYNFIX_OK && asprintf(&file, "%s/%s", path, names[i]->d_name) >= 0) {
            status = registry_load(registry, file, error);
            free(file);
        }
        free(names[i]);
    }
    free(names);
    return status;
}

const synfix_module_t *registry_find(const registry_t *registry, synfix_module_kind_t kind, const char *name)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (registry->entries[i].module->kind == kind &&
            strcmp(registry->entries[i].module->name, name) == 0) {
            return registry->entries[i].module;
        }
    }
    return NULL;
}

const synfix_module_t *registry_at(const registry_t *registry, size_t index, const char **path)
{
    if (index >= registry->count) {
        return NULL;
    }
    if (path != NULL) {
        *path = registry->entries[index].path;
    }
    return registry->entries[index].module;
}
