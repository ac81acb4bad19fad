/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_encoder.h
 * Observations as IPFIX messages: a block is one message. Its header's length is set by seal; export time,
 * sequence and domain are left 0 for session_write_header, because blocks are shared and the export thread
 * knows.
 */
#ifndef EXPORTER_IPFIX_MESSAGE_ENCODER_H
#define EXPORTER_IPFIX_MESSAGE_ENCODER_H

#include "exporter/ipfix/profile.h"
#include <synfix/module.h>

/** Bytes of the header that session_write_header makes anew. */
#define IPFIX_HEADER_SIZE 16u

#define IPFIX_MESSAGE_SIZE_MIN 512u
#define IPFIX_MESSAGE_SIZE_MAX 65535u

/** Settings of an IPFIX sink: owned by the sink from its open to its close. */
typedef struct ipfix_settings {
    ipfix_model_t *model;
    ipfix_profile_t *profile;
    uint32_t message_size;
    uint32_t domain;
    char *key; /* for the sink's encoding function */
} ipfix_settings_t;

/** Option lines of whatever writes IPFIX records. */
#define IPFIX_RECORD_OPTIONS                                                                                 \
    {"profile", SYNFIX_OPTION_STRING, "full", 0, 0, "full, compact, iana or the path of a profile file"},    \
        {"compat", SYNFIX_OPTION_STRING, NULL, 0, 0, "cert: add CERT's osName, osVersion, osFingerPrint"},   \
        {"pen", SYNFIX_OPTION_INTEGER, "32473", 1, 4294967295, "private enterprise number of our elements"}, \
        {"domain", SYNFIX_OPTION_INTEGER, "0", 0, 4294967295, "observation domain (0: as configured)"},      \
        {"state", SYNFIX_OPTION_STRING,                                                                      \
         NULL,    0,                                                                                         \
         0,       "directory that remembers template ids (default: $STATE_DIRECTORY, else none)"},           \
    {                                                                                                        \
        "templates", SYNFIX_OPTION_STRING, NULL, 0, 0, "directory of information model and profiles"         \
    }

/** Option lines that every sink of IPFIX messages has; @p size is the default message size as text. */
#define IPFIX_SINK_OPTIONS(size)                                                                             \
    IPFIX_RECORD_OPTIONS,                                                                                    \
        {"size",                                                                                             \
         SYNFIX_OPTION_INTEGER,                                                                              \
         size,                                                                                               \
         IPFIX_MESSAGE_SIZE_MIN,                                                                             \
         IPFIX_MESSAGE_SIZE_MAX,                                                                             \
         "bytes of a message at most"},                                                                      \
    {                                                                                                        \
        "options-interval", SYNFIX_OPTION_DURATION, "60", 1000, 86400000,                                    \
            "between two sendings of options records"                                                        \
    }

/** Reads the options above (message_size is 0 without `size`). Nothing is owned after a failure. */
synfix_status_t ipfix_settings_init(ipfix_settings_t *settings, const synfix_module_context_t *host,
                                    const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_settings_clear(ipfix_settings_t *settings);

/** Whether ipfix_settings_init takes @p options, but without the state directory, in which that would write.
 */
synfix_status_t ipfix_settings_check(const synfix_options_t *options,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Signatures whose part of the record an encoder remembers. */
#define IPFIX_CACHE_SLOTS 8192u

/** Data records in a block: what session_write_header has to be told. */
uint32_t ipfix_block_records(const synfix_block_t *block);

/** settings: an ipfix_settings_t. */
extern const synfix_encoding_t ipfix_encoding;

#endif
