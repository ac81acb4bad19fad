/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file setting_values.h
 * Values of settings that are texts or lists.
 */
#ifndef APP_CONFIG_SETTING_VALUES_H
#define APP_CONFIG_SETTING_VALUES_H

#include "app/config/settings.h"
#include "pipeline/pipeline.h"

/**
 * Port, address and encapsulation lists.
 * @param filter   NULL when there are none, or one of them is wrong; else the caller's reference
 * @param mistakes gets each list that is wrong
 */
void values_filter(const settings_t *settings, header_filter_t **filter, mistakes_t *mistakes);

/**
 * Number of workers, as set. With `auto`: for interfaces, one for each CPU that the process may use; for
 * files, one less, because one thread reads the file for all workers, and at most 5. Files with `ordered`: 1.
 */
synfix_status_t values_workers(const settings_t *settings, bool live, unsigned *workers,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The table of settings has checked the words of both. */
synfix_uptime_mode_t values_uptime(const settings_t *settings);
synfix_signature_mode_t values_signatures(const settings_t *settings);

/** Parses a list of CPUs. Worker k runs on cpus[k]; a shorter list is repeated. */
synfix_status_t values_cpus(const char *text, int cpus[PIPELINE_WORKERS_MAX],
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether an entry of `interface` is a specification of the source `sflow`, as sflow://:6343. */
bool values_is_sflow(const char *interface);

/** Permissions of a socket: octal, 0 to 0777. */
synfix_status_t values_socket_mode(const char *text, unsigned *mode, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
