/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file capture_filter.h
 * Output of `synfix capture --print-filter`.
 */
#ifndef APP_COMMAND_CAPTURE_FILTER_H
#define APP_COMMAND_CAPTURE_FILTER_H

#include "app/common/mistakes.h"
#include "app/config/settings.h"

/**
 * Prints the filter program of the kernel for the first interface of @p settings, in the form of `tcpdump
 * -d`, on standard output. @p settings name at least one interface. Prints @p mistakes, with those of the
 * filter, on standard error.
 * @return exit code of the process
 */
int capture_filter_print(const settings_t *settings, mistakes_t *mistakes);

#endif
