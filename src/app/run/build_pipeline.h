/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file build_pipeline.h
 * From settings to a pipeline that is ready to run.
 */
#ifndef APP_RUN_BUILD_PIPELINE_H
#define APP_RUN_BUILD_PIPELINE_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "module/module_registry.h"
#include "pipeline/pipeline.h"

/** Owns everything that a run needs. */
typedef struct setup {
    registry_t *registry;
    synfix_sigdb_t *sigdb;
    filter_t *filter; /* NULL: none asked for */
    pipeline_t *pipeline;
    GString *plan; /* with dry_run: the pipeline in words */
    int cpus[PIPELINE_WORKERS_MAX];
} setup_t;

/** A registry with all built-in modules and those that --load names. */
synfix_status_t setup_registry(char *const *load, registry_t **registry,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Opens everything for @p inputs (NULL-terminated: files, or interfaces when @p live); interfaces before the
 * user and group of @p settings are taken on, sinks after. @p setup is to be released whatever comes back.
 */
synfix_status_t setup_open(setup_t *setup, const settings_t *settings, char *const *inputs, bool live,
                           log_t *log, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether @p settings are good: all of setup_open's checks without opening a source or a sink. A mistake
 * that stands in a file is told with file and line. */
synfix_status_t setup_check(const settings_t *settings, bool live, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Sinks, enrichers and observation domain of @p settings for the pipeline of @p setup, which runs: see
 * pipeline_set_outputs. Modules are those that were there at the start. */
synfix_status_t setup_change_outputs(const setup_t *setup, const settings_t *settings,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

void setup_release(setup_t *setup);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(setup_t, setup_release)

/**
 * The exit code of a failure to open: @p of_input when @p error begins with the name of an input, that of a
 * sink when it begins with a sink's target, else what @p status says.
 */
int setup_exit_of(synfix_status_t status, const settings_t *settings, char *const *inputs, int of_input,
                  const synfix_error_t *error);

#endif
