/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file check_notes.h
 * Notes of a configuration check about facts of this host that may change before the start: they are no
 * mistakes.
 */
#ifndef APP_RUN_CHECK_NOTES_H
#define APP_RUN_CHECK_NOTES_H

#include "app/config/settings.h"
#include "app/run/prepare_run.h"

/** Prints a line to standard error for each interface that does not exist, and for each output that is a
 * pipe. */
void check_notes_print(const settings_t *settings, const prepared_t *prepared);

#endif
