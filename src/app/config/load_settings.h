/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file load_settings.h
 * Settings from a command line together with the configuration file that it names.
 */
#ifndef APP_CONFIG_LOAD_SETTINGS_H
#define APP_CONFIG_LOAD_SETTINGS_H

#include "app/config/settings.h"

/**
 * Parses @p words (the first is the command's name; not changed) and the file of --config.
 * @param rest     may be NULL; receives the remaining words, owned by the caller
 * @param mistakes gets wrong values of the command line and of the file; the settings contain the right
 *                 values
 * @return NULL with *code set: --help was printed, or an unknown option was reported
 */
settings_t *load_settings(char **words, unsigned command, const cli_command_t *about, char ***rest,
                          mistakes_t *mistakes, int *code);

/** Prints each mistake; without @p all, the first ones and the number of the others. Returns the exit code;
 * OK: no mistake. */
int load_report(const mistakes_t *mistakes, gboolean all);

#endif
