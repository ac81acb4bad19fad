/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_spec.h
 * Module specification: `scheme:target?key=value&key=value` or `enricher?key=value`, parsed once.
 *
 * Dry run, configuration check, reload, log names and the pipeline read this struct. Nothing else reads the
 * source text. A specification is constant once it was given to a pipeline, and reference-counted: any thread
 * may hold a reference.
 */
#ifndef MODULE_MODULE_SPEC_H
#define MODULE_MODULE_SPEC_H

#include "module/module_options.h"
#include "module/module_registry.h"
#include <stdatomic.h>

typedef struct module_spec {
    const synfix_module_t *module; /* of the registry, which lives longer */
    synfix_options_t *options;     /* scheme, target, option values with defaults; never NULL */
    char *text;                    /* as the user wrote it */
    char *name; /* for logs and summaries: `scheme:target` of a sink or source, `name` of an enricher */
    atomic_uint references;
} module_spec_t;

/**
 * Parses @p text and finds its module; adds every unknown, repeated or empty option to @p mistakes.
 * module_spec_check() adds the rest.
 * @param kind sinks and sources begin with `scheme:`, enrichers with `name` and end there or with `?`
 * @return the caller's reference, also with mistakes: module_spec_unref(). NULL: no such module, or out of
 * memory; @p mistakes has the reason
 */
module_spec_t *module_spec_read(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                                synfix_mistakes_t *mistakes);

/**
 * Parses and checks a specification of @p module; @p text begins with its name.
 * @param spec on success the caller's reference: module_spec_unref()
 * @return SYNFIX_INVALID: an option is wrong; the message is the first mistake and begins with the module
 */
synfix_status_t module_spec_of(const synfix_module_t *module, const char *text, module_spec_t **spec,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** From a target that may hold any character (a file name, an interface); the options have their defaults. */
synfix_status_t module_spec_of_target(const synfix_module_t *module, const char *target, module_spec_t **spec,
                                      synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a reference, and returns @p spec. Any thread. */
module_spec_t *module_spec_ref(module_spec_t *spec);
/** NULL is allowed. */
void module_spec_unref(module_spec_t *spec);

/** Same module, target and option values, whatever the spelling. */
bool module_spec_equal(const module_spec_t *one, const module_spec_t *other);

/** Same scheme and target; options may differ. */
bool module_spec_same_target(const module_spec_t *one, const module_spec_t *other);

/** Option @p name of both is set to the same text. */
bool module_spec_same_option(const module_spec_t *one, const module_spec_t *other, const char *name);

/**
 * Runs the check of the module (synfix_module_t.check), and checks all values by type, range and choices.
 * @param mistakes gets each mistake once, without the name of the specification
 */
void module_spec_check(const module_spec_t *spec, synfix_mistakes_t *mistakes);

/** Writes @p reason after the specification without its options: `json:out.json: keep: ...`. Keeps the
 * cause. */
void module_spec_describe(const module_spec_t *spec, const synfix_error_t *reason, synfix_error_t *error);

/**
 * Returns the part of @p text after names of the module and its target at its beginning, for a line that
 * names the specification already: `refused` of `syslog: host:514: refused`, `tcp://host:4739: refused` or
 * `host: refused`.
 */
const char *module_spec_reason(const module_spec_t *spec, const char *text);

#endif
