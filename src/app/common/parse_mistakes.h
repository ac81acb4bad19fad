/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file parse_mistakes.h
 * Messages about words of a command line that its command does not accept. Each prints one line on standard
 * error and returns the exit code.
 */
#ifndef APP_COMMON_PARSE_MISTAKES_H
#define APP_COMMON_PARSE_MISTAKES_H

#include "app/common/command_line.h"

/** @p error is of g_option_context_parse(): an unknown option, a missing value, or a value of the wrong kind.
 */
int cli_fail_parse(const cli_command_t *command, const GError *error);

/**
 * The first word of @p argv that gives a value to an option without one, as `--quiet=no`; NULL: none. GLib
 * would ignore the value and set the option.
 */
const char *cli_flag_with_value(const cli_command_t *command, int argc, char *const *argv);

/** @p word is of cli_flag_with_value(). */
int cli_fail_flag(const char *word);

#endif
