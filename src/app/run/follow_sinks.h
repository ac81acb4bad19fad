/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_sinks.h
 * Sinks of `synfix read --follow`, which runs for long and is started again: a file that a new run replaces
 * would lose the records of the captures that are remembered as processed. One thread.
 */
#ifndef APP_RUN_FOLLOW_SINKS_H
#define APP_RUN_FOLLOW_SINKS_H

#include "module/module_spec.h"

/** Lines are added to their file, unless the specification has the option `append`. */
synfix_status_t follow_sinks_append(const module_spec_t *spec, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether the next run replaces the file of @p spec: an IPFIX file without rotation. */
bool follow_sinks_replaces(const module_spec_t *spec);

#endif
