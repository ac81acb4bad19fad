/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file syslog_message.h
 * Observations as syslog messages: the header of RFC 5424, or the form that local daemons read from /dev/log,
 * and the JSON event. Each message of a block follows its length.
 */
#ifndef EXPORTER_SYSLOG_SYSLOG_MESSAGE_H
#define EXPORTER_SYSLOG_SYSLOG_MESSAGE_H

#include <stdbool.h>
#include <synfix/module.h>

/** RFC 5424 section 6: limits of the header fields in bytes. */
#define SYSLOG_HOSTNAME_MAX 255u
#define SYSLOG_APP_NAME_MAX 48u

/** Bounds of the longest message in bytes, without the length in front of it on a stream. */
#define SYSLOG_MESSAGE_MIN     480u /* RFC 5424 section 6.1: every receiver accepts that */
#define SYSLOG_MESSAGE_MAX     65000u
#define SYSLOG_MESSAGE_DEFAULT "8192" /* rsyslog's own limit */

typedef struct syslog_settings {
    bool local;           /* `<PRI>app[pid]: ` without host and time */
    unsigned priority[2]; /* of observations; of host changes */
    uint32_t message_max;
    char *header[2]; /* the text after PRI; with RFC 5424: before and after the time */
    char *prefix;    /* before the JSON, may be empty */
    char *key;       /* equal if and only if the settings are equal */
} syslog_settings_t;

/** Adds a mistake for each option of SYSLOG_MESSAGE_OPTIONS that syslog_settings_read would refuse. */
void syslog_settings_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** Reads the options of SYSLOG_MESSAGE_OPTIONS. @p local: the default of `format`. Clear after failure too.
 */
synfix_status_t syslog_settings_read(const synfix_options_t *options, bool local, syslog_settings_t *settings,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;
void syslog_settings_clear(syslog_settings_t *settings);

#define SYSLOG_SEVERITIES "emerg alert crit err warning notice info debug"
#define SYSLOG_MESSAGE_OPTIONS                                                                               \
    {.name = "facility",                                                                                     \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "daemon",                                                                                   \
     .choices = "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 "    \
                "local3 local4 local5 local6 local7",                                                        \
     .help = "facility: user, daemon, auth, local0 to local7 ..."},                                          \
        {.name = "severity",                                                                                 \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "info",                                                                                 \
         .choices = SYSLOG_SEVERITIES,                                                                       \
         .help = "severity of observations and uptimes: debug, info, notice, warning ..."},                  \
        {.name = "change-severity",                                                                          \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "notice",                                                                               \
         .choices = SYSLOG_SEVERITIES,                                                                       \
         .help = "severity of host changes"},                                                                \
        {.name = "format",                                                                                   \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "auto",                                                                                 \
         .choices = "rfc5424 local auto",                                                                    \
         .help = "rfc5424; local: the form that local daemons read; auto: local for a Unix socket"},         \
        {.name = "hostname",                                                                                 \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "HOSTNAME of the messages (default: name of this host)"},                                   \
        {.name = "app-name",                                                                                 \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "synfix",                                                                               \
         .help = "APP-NAME of the messages"},                                                                \
        {.name = "prefix",                                                                                   \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "",                                                                                     \
         .help = "text before the JSON, as @cee:"},                                                          \
    {                                                                                                        \
        .name = "max-size", .type = SYNFIX_OPTION_INTEGER, .fallback = SYSLOG_MESSAGE_DEFAULT,               \
        .minimum = SYSLOG_MESSAGE_MIN, .maximum = SYSLOG_MESSAGE_MAX,                                        \
        .help = "longest message in bytes; longer ones are dropped and counted"                              \
    }

/** The settings are a syslog_settings_t. */
extern const synfix_encoding_t syslog_encoding;

typedef struct syslog_message {
    const uint8_t *bytes;
    uint32_t length;
} syslog_message_t;

/** The message at @p offset of @p block; returns the offset of the next one. */
uint32_t syslog_message_at(const synfix_block_t *block, uint32_t offset, syslog_message_t *message);

#endif
