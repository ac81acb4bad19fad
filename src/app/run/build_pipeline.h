/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file build_pipeline.h
 * Builds a pipeline that is ready to run from the settings.
 */
#ifndef APP_RUN_BUILD_PIPELINE_H
#define APP_RUN_BUILD_PIPELINE_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "app/run/prepare_run.h"
#include "app/service/landlock.h"
#include "app/service/query_server.h"
#include "hosts/host_model.h"
#include "pipeline/pipeline.h"

/** Everything that a run needs. Initialise with zero; setup_release() releases it. */
typedef struct setup {
    prepared_t prepared;
    pipeline_t *pipeline;
    landlock_rules_t *allowed; /* files and ports that the process may use; NULL: all */
    host_model_t *hosts;       /* for host changes and queries; NULL: neither is wanted */
    query_server_t *queries;   /* owned by the caller; NULL: no query socket */
    mistakes_t *mistakes;      /* of the caller: gets those that setup_open() finds in paths */
    GString *plan;             /* with dry_run: the description of the pipeline; else NULL */
} setup_t;

/**
 * Opens everything for @p inputs (NULL-terminated: files, or interfaces when @p live); interfaces before the
 * program changes to the user and group of @p settings, sinks after.
 * @param setup its `prepared` is what prepare_run() made of @p settings, without a mistake. setup_release()
 *              it, whatever the result
 * @return a failure has its cause: app_exit_of_error()
 */
synfix_status_t setup_open(setup_t *setup, const settings_t *settings, char *const *inputs, bool live,
                           log_t *log, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Observations that no packet of this run makes: see `observations` of pipeline_config_t. */
typedef struct observation_source {
    synfix_status_t (*run)(void *user, pipeline_feed_t *feed, synfix_error_t *error);
    void *user;
} observation_source_t;

/** setup_open() with observations of @p source, which lives as long as the setup, instead of inputs. */
synfix_status_t setup_open_observations(setup_t *setup, const settings_t *settings,
                                        const observation_source_t *source, log_t *log,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Changes a running pipeline to the sinks, enrichers and observation domain of @p prepared: see
 * pipeline_set_outputs(). Modules are those that were there at the start.
 */
synfix_status_t setup_change_outputs(const setup_t *setup, const prepared_t *prepared,
                                     uint32_t observation_domain, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Frees all parts except `queries`; the setup is as before setup_open(). */
void setup_release(setup_t *setup);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(setup_t, setup_release)

#endif
