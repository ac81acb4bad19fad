/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_registry.h
 * The modules that a program knows: built-in ones, those it adds, and shared objects that it loads. One
 * thread.
 */
#ifndef MODULE_MODULE_REGISTRY_H
#define MODULE_MODULE_REGISTRY_H

#include <synfix/module.h>

typedef struct registry registry_t;

/** An empty registry. NULL without memory. */
registry_t *registry_new(void);
/** Unloads the shared objects. Call this function after the last pipeline was freed. NULL is allowed. */
void registry_free(registry_t *registry);

/** Adds a descriptor that outlives the registry. SYNFIX_INVALID: the descriptor is wrong; @p error states
 * how. */
synfix_status_t registry_add(registry_t *registry, const synfix_module_t *module,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Loads the shared object @p path. The reason of a refusal begins with the path. */
synfix_status_t registry_load(registry_t *registry, const char *path,
                              synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Loads all `*.so` of a directory in the order of their names; stops at the first that is refused. */
synfix_status_t registry_load_directory(registry_t *registry, const char *path,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL when there is none. */
const synfix_module_t *registry_find(const registry_t *registry, synfix_module_kind_t kind, const char *name);

/** Number @p index, NULL beyond. @p path (may be NULL): the shared object, NULL for a built-in one. */
const synfix_module_t *registry_at(const registry_t *registry, size_t index, const char **path);

#endif
