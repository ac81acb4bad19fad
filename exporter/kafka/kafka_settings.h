/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file kafka_settings.h
 * Settings of librdkafka in the options of the sink `kafka`: `set`, `set-file` and `password-file`. Error
 * messages do not contain values, which may be secrets.
 */
#ifndef EXPORTER_KAFKA_KAFKA_SETTINGS_H
#define EXPORTER_KAFKA_KAFKA_SETTINGS_H

#include <synfix/module.h>

/** Receives one setting. False: refused, with the reason in @p error. */
typedef bool (*kafka_setting_fn)(void *user, const char *name, const char *value, synfix_error_t *error);

/**
 * Passes each setting of @p options to @p take (NULL: only their form is checked), in the order `set-file`,
 * `set`, `password-file`. In values, `\,` is a comma, `\\` a backslash and `${NAME}` the environment variable
 * NAME.
 */
synfix_status_t kafka_settings_read(const synfix_options_t *options, kafka_setting_fn take, void *user,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** As kafka_settings_read(); each of the three options gets its own mistake. */
void kafka_settings_check(const synfix_options_t *options, kafka_setting_fn take, void *user,
                          synfix_mistakes_t *mistakes);

#define KAFKA_SETTINGS_OPTIONS                                                                               \
    {.name = "set",                                                                                          \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .help = "settings of librdkafka: name=value,name=value; \\, for a comma, ${NAME} for the environment"}, \
        {.name = "set-file",                                                                                 \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "file with settings of librdkafka, one name=value in each line"},                           \
    {                                                                                                        \
        .name = "password-file", .type = SYNFIX_OPTION_STRING,                                               \
        .help = "file whose first line is sasl.password"                                                     \
    }

#endif
