/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collect_signals.h
 * Signals of `synfix collect`, and its summary. Only the thread that runs the collecting process.
 */
#ifndef APP_COMMAND_COLLECT_SIGNALS_H
#define APP_COMMAND_COLLECT_SIGNALS_H

#include "exporter/collector/collecting_process.h"

typedef struct collect_signals collect_signals_t;

/**
 * INT and TERM end @p collect, HUP opens the files of its outputs again, USR1 prints the summary. The caller
 * has blocked them with signal_thread_block(). collect_signals_free, before @p collect is freed.
 * SYNFIX_NO_MEMORY: the system has no thread. SYNFIX_IO: no descriptor.
 */
synfix_status_t collect_signals_new(collect_t *collect, collect_signals_t **signals,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;
void collect_signals_free(collect_signals_t *signals);

/** Prints records, messages, sessions and reached limits to standard error. */
void collect_print_summary(const collect_t *collect);

#endif
