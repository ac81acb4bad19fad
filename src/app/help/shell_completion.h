/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file shell_completion.h
 * Completion scripts for shells, generated from the tables that also give --help.
 */
#ifndef APP_HELP_SHELL_COMPLETION_H
#define APP_HELP_SHELL_COMPLETION_H

#include "app/common/command_line.h"

/** Appends the script for @p shell (bash, zsh or fish); @p commands ends with NULL. FALSE: no such shell. */
gboolean shell_completion(GString *out, const char *shell, const cli_command_t *const *commands);

#endif
