/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_encoder.h
 * Encodes observations as IPFIX messages. A block is one message. seal() sets the length in the header;
 * export time, sequence number and domain stay 0 until ipfix_session_stamp(), because several sinks may
 * share a block and only the export thread knows these values.
 */
#ifndef EXPORTER_IPFIX_MESSAGE_ENCODER_H
#define EXPORTER_IPFIX_MESSAGE_ENCODER_H

#include "exporter/ipfix/profile.h"
#include <synfix/module.h>

/** Length of the header that ipfix_session_stamp writes. */
#define IPFIX_HEADER_SIZE 16u

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
    {"profile", SYNFIX_OPTION_STRING, "full", 0, 0, "full, compact, iana or the path of a profile file"},    \
        {"annotations",                                                                                      \
         SYNFIX_OPTION_STRING,                                                                               \
         NULL,                                                                                               \
         0,                                                                                                  \
         0,                                                                                                  \
         "file that declares elements for annotations of enrichers"},                                        \
        {"compat", SYNFIX_OPTION_STRING, NULL, 0, 0, "cert: add elements that tools of CERT expect"},        \
        {"pen",      SYNFIX_OPTION_INTEGER,                                                                  \
         "32473",    1,                                                                                      \
         4294967295, "private enterprise number of the synfix elements"},                                    \
        {"domain", SYNFIX_OPTION_INTEGER, "0", 0, 4294967295, "observation domain (0: as configured)"},      \
        {"state", SYNFIX_OPTION_STRING,                                                                      \
         NULL,    0,                                                                                         \
         0,       "directory that remembers template ids (default: $STATE_DIRECTORY, else none)"},           \
    {                                                                                                        \
        "templates", SYNFIX_OPTION_STRING, NULL, 0, 0, "directory of the information model and the profiles" \
    }

/** Options of all sinks of IPFIX messages. @p size is the default message size as text. */
#define IPFIX_SINK_OPTIONS(size)                                                                             \
    IPFIX_RECORD_OPTIONS,                                                                                    \
        {"size",                                                                                             \
         SYNFIX_OPTION_INTEGER,                                                                              \
         size,                                                                                               \
         IPFIX_MESSAGE_SIZE_MIN,                                                                             \
         IPFIX_MESSAGE_SIZE_MAX,                                                                             \
         "maximum size of a message in bytes"},                                                              \
        {"options", SYNFIX_OPTION_STRING,                                                                    \
         "all",     0,                                                                                       \
         0,         "options records: all, types (of the elements only), or none"},                          \
    {                                                                                                        \
        "options-interval", SYNFIX_OPTION_DURATION, "60", 1000, 86400000,                                    \
            "time between two transmissions of options records"                                              \
    }

/**
 * Reads the options above. message_size is 0 without the option `size`. After a failure the caller owns
 * nothing.
 */
synfix_status_t ipfix_settings_init(ipfix_settings_t *settings, const synfix_module_context_t *context,
                                    const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_settings_clear(ipfix_settings_t *settings);

/**
 * Returns whether ipfix_settings_init accepts @p options. Skips the state directory, because
 * ipfix_settings_init writes there.
 */
synfix_status_t ipfix_settings_check(const synfix_options_t *options,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Number of signatures whose encoded run an encoder caches. */
#define IPFIX_CACHE_SLOTS 8192u

/** Number of data records in a block, for ipfix_session_stamp. */
uint32_t ipfix_block_records(const synfix_block_t *block);

/** settings: an ipfix_settings_t. */
extern const synfix_encoding_t ipfix_encoding;

#endif
