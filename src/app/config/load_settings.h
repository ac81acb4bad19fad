/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file load_settings.h
 * Settings from a command line together with the configuration file that it names.
 */
#ifndef APP_CONFIG_LOAD_SETTINGS_H
#define APP_CONFIG_LOAD_SETTINGS_H

#include "app/config/settings.h"

/** What a command's --help says around its options. */
typedef struct load_texts {
    const char *usage;
    const char *description;
} load_errors_t;

/**
 * Parses @p words (the first is the command's name; not changed) and the file of --config. NULL with *code
 * set when it was --help or a mistake (told). *rest (may be NULL) gets the words left over, owned by the
 * caller.
 */
settings_t *load_settings(char **words, unsigned command, const load_errors_t *texts, char ***rest,
                          int *code);

/** Level of --log-level; -1 after telling the mistake. */
int load_log_level(const settings_t *settings);

#endif
