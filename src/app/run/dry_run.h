/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plan.h
 * A pipeline as it would run, in words: sources, filters, database, workers, enrichers, sinks with all their
 * options, and the templates of those that write IPFIX.
 */
#ifndef APP_PLAN_H
#define APP_PLAN_H

#include "app/settings.h"
#include "engine/pipeline.h"

/** Appends the plan of @p config. The options of all modules are checked on the way, nothing is opened. */
synfix_status_t plan_append(GString *text, const pipeline_config_t *config, const settings_t *settings,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
