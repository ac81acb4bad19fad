/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file prepare_run.h
 * Settings to everything that a run needs, without opening a source or a sink: the one check behind
 * `--check-config`, the start of a run, and HUP. Nothing is parsed again after this.
 */
#ifndef APP_RUN_PREPARE_RUN_H
#define APP_RUN_PREPARE_RUN_H

#include "app/config/settings.h"
#include "module/module_spec.h"
#include "pipeline/pipeline.h"

/** The parsed meaning of the settings. Initialise with zero; prepared_clear() releases it. */
typedef struct prepared {
    registry_t *registry; /* built-in modules and those of `load` */
    synfix_sigdb_t *sigdb;
    header_filter_t *filter; /* NULL: every packet passes */
    synfix_uptime_mode_t uptime;
    synfix_signature_mode_t signatures;
    unsigned workers;
    bool has_cpus;
    int cpus[PIPELINE_WORKERS_MAX];
    GPtrArray *enrichers; /* of module_spec_t, in the order of `enrich`; NULL: one with a mistake */
    GPtrArray *sinks;     /* of module_spec_t, in the order of `to`; NULL: one with a mistake */
} prepared_t;

/** A registry with all built-in modules and those of @p load (NULL-terminated; may be NULL): shared objects
 * and directories of them. */
synfix_status_t registry_of_program(char *const *load, registry_t **registry,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Reads all of @p settings.
 * @param inputs   capture files that a sink must not replace (NULL-terminated); NULL: none
 * @param live     for interfaces: also checks what only `capture` has
 * @param mistakes gets every mistake; with a mistake, @p prepared may only be cleared
 */
void prepare_run(const settings_t *settings, char *const *inputs, bool live, prepared_t *prepared,
                 mistakes_t *mistakes);

/** Releases all parts; modules that were loaded are unloaded. */
void prepared_clear(prepared_t *prepared);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(prepared_t, prepared_clear)

#endif
