/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_settings.h
 * Module options and settings of all sinks that write IPFIX records.
 */
#ifndef EXPORTER_IPFIX_IPFIX_SETTINGS_H
#define EXPORTER_IPFIX_IPFIX_SETTINGS_H

#include "exporter/ipfix/profile.h"
#include <synfix/module.h>

#define IPFIX_MESSAGE_SIZE_MIN 512u
#define IPFIX_MESSAGE_SIZE_MAX 65535u

/** Which options templates and options records a sink sends. */
typedef enum options_choice {
    OPTIONS_ALL,
    OPTIONS_TYPES, /* type records (RFC 5610) only */
    OPTIONS_NONE,
} options_choice_t;

/** Settings of an IPFIX sink. The sink owns them from open to close. */
typedef struct ipfix_settings {
    ipfix_model_t *model;
    ipfix_profile_t *profile;
    uint32_t message_size;
    uint32_t domain;
    options_choice_t options;
    char *key; /* for the encoding function of the sink */
} ipfix_settings_t;

/** Options of all writers of IPFIX records. */
#define IPFIX_RECORD_OPTIONS                                                                                 \
    {.name = "profile",                                                                                      \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "full",                                                                                     \
     .help = "full, compact, iana or the path of a profile file"},                                           \
        {.name = "annotations",                                                                              \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "file that declares elements for annotations of enrichers"},                                \
        {.name = "compat",                                                                                   \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .choices = "cert",                                                                                  \
         .help = "cert: add elements that tools of CERT expect"},                                            \
        {.name = "pen",                                                                                      \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "32473",                                                                                \
         .minimum = 1,                                                                                       \
         .maximum = 4294967295,                                                                              \
         .help = "private enterprise number of the synfix elements"},                                        \
        {.name = "domain",                                                                                   \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "0",                                                                                    \
         .minimum = 0,                                                                                       \
         .maximum = 4294967295,                                                                              \
         .help = "observation domain (0: as configured)"},                                                   \
        {.name = "state",                                                                                    \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "directory that remembers template ids (default: $STATE_DIRECTORY, else none)"},            \
    {                                                                                                        \
        .name = "templates", .type = SYNFIX_OPTION_STRING,                                                   \
        .help = "directory of the information model and the profiles"                                        \
    }

/** Options of all sinks of IPFIX messages. @p size is the default message size as text. */
#define IPFIX_SINK_OPTIONS(size)                                                                             \
    IPFIX_RECORD_OPTIONS,                                                                                    \
        {.name = "size",                                                                                     \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = size,                                                                                   \
         .minimum = IPFIX_MESSAGE_SIZE_MIN,                                                                  \
         .maximum = IPFIX_MESSAGE_SIZE_MAX,                                                                  \
         .help = "maximum size of a message in bytes"},                                                      \
        {.name = "options",                                                                                  \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .fallback = "all",                                                                                  \
         .choices = "all types none",                                                                        \
         .help = "options records: all, types (of the elements only), or none"},                             \
    {                                                                                                        \
        .name = "options-interval", .type = SYNFIX_OPTION_DURATION, .fallback = "60", .minimum = 1000,       \
        .maximum = 86400000, .help = "time between two transmissions of options records"                     \
    }

/**
 * Reads the options above. message_size is 0 without the option `size`. After a failure the caller owns
 * nothing.
 */
synfix_status_t ipfix_settings_init(ipfix_settings_t *settings, const synfix_module_context_t *context,
                                    const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_settings_clear(ipfix_settings_t *settings);

/**
 * Adds the reason why ipfix_settings_init would not accept @p options, apart from values that are wrong by
 * themselves. Skips the state directory, because ipfix_settings_init writes there.
 */
void ipfix_settings_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

#endif
