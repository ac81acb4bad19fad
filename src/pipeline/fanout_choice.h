/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_choice.h
 * How workers share an interface.
 */
#ifndef PIPELINE_FANOUT_CHOICE_H
#define PIPELINE_FANOUT_CHOICE_H

#include "capture/fanout/fanout_group.h"
#include "pipeline/pipeline.h"

/** Chooses how the workers share each interface, tries it with packets of its own, and logs the result. */
synfix_status_t live_choose_fanout(const pipeline_t *pipeline, fanout_mode_t *mode, synfix_error_t *error);

#endif
