/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file capture_process.h
 * The life of a `synfix capture` process: open sockets, drop privileges, open sinks, capture until a signal,
 * report.
 */
#ifndef APP_COMMAND_CAPTURE_PROCESS_H
#define APP_COMMAND_CAPTURE_PROCESS_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "app/run/build_pipeline.h"

/**
 * Captures from the interfaces of @p settings until a signal ends the capture. The signals are blocked:
 * signal_thread_block(). Errors are printed on standard error.
 * @param words the command line, NULL-terminated; HUP evaluates the command line again
 * @param setup its `prepared` is the result of prepare_run() for @p settings; the setup is released on return
 * @return exit code of the process
 */
int capture_process(char **words, const settings_t *settings, setup_t *setup, log_t *log);

#endif
