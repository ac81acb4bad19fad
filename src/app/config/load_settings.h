/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file load_settings.h
 * Settings from a command line together with the configuration file that it names.
 */
#ifndef APP_CONFIG_LOAD_SETTINGS_H
#define APP_CONFIG_LOAD_SETTINGS_H

#include "app/config/settings.h"

/**
 * Parses @p words (the first is the command's name; not changed) and the file of --config. NULL with *code
 * set when it was --help or a mistake (reported). *rest (may be NULL) gets the words left over, owned by the
 * caller.
 */
settings_t *load_settings(char **words, unsigned command, const cli_command_t *about, char ***rest,
                          int *code);

/** Level of --log-level; -1 after reporting the mistake. */
int load_log_level(const settings_t *settings);

#endif
