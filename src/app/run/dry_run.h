/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file dry_run.h
 * Description of a pipeline: sources, filters, database, workers, enrichers, sinks with all their options,
 * and the templates of sinks that write IPFIX.
 */
#ifndef APP_RUN_DRY_RUN_H
#define APP_RUN_DRY_RUN_H

#include "app/config/settings.h"
#include "pipeline/pipeline.h"

/** Appends the plan of @p config. Nothing is opened. */
synfix_status_t dry_run_append(GString *text, const pipeline_config_t *config, const settings_t *settings,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
