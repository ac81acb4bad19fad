/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_input.h
 * Inputs and filters of the commands about hosts: captures, IPFIX files and inventories, merged into one host
 * model.
 */
#ifndef APP_HOSTS_HOSTS_INPUT_H
#define APP_HOSTS_HOSTS_INPUT_H

#include "app/common/command_line.h"
#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <synfix/counters.h>

/** Values of HOSTS_INPUT_OPTIONS. Start with zeros. */
typedef struct hosts_options {
    char **sigdb;
    char *host_table;
    char *since;
    char *until;
    char **nets;
    char *os;
    gboolean changed;
    gboolean shared;
    gboolean tools;
    gboolean unknown;
    gboolean unsupported;
} hosts_options_t;

/* Rows of a cli_option_t table; @p type has a hosts_options_t named `input`. */
#define HOSTS_INPUT_OPTIONS(type)                                                                            \
    {"sigdb",   'd',                                                                                         \
     CLI_FILES, offsetof(type, input.sigdb),                                                                 \
     "FILE",    "Signature database for captures (repeatable; the first match wins)",                        \
     NULL,      "Input",                                                                                     \
     NULL},                                                                                                  \
        {"host-table", 0,                                                                                    \
         CLI_TEXT,     offsetof(type, input.host_table),                                                     \
         "N",          "Rows kept in memory, one for each host and role; beyond N the oldest are omitted",   \
         "1M",         "Input",                                                                              \
         NULL},                                                                                              \
        {"since",  's',                                                                                      \
         CLI_TEXT, offsetof(type, input.since),                                                              \
         "TIME",   "Only observations from TIME on: 2026-11-29T10:00 (UTC), or 2h before now",               \
         NULL,     "Filter",                                                                                 \
         NULL},                                                                                              \
        {"until", 'u',      CLI_TEXT, offsetof(type, input.until), "TIME", "Only observations before TIME",  \
         NULL,    "Filter", NULL},                                                                           \
        {"net",    'n',                                                                                      \
         CLI_LIST, offsetof(type, input.nets),                                                               \
         "CIDR",   "Only addresses in CIDR, as in 10.0.0.0/8 (repeatable)",                                  \
         NULL,     "Filter",                                                                                 \
         NULL},                                                                                              \
        {"os", 0,        CLI_TEXT, offsetof(type, input.os), "TEXT", "Only hosts whose label contains TEXT", \
         NULL, "Filter", NULL},                                                                              \
        {"changed", 0,        CLI_FLAG, offsetof(type, input.changed), NULL, "Only hosts that changed",      \
         NULL,      "Filter", NULL},                                                                         \
        {"shared", 0,                                                                                        \
         CLI_FLAG, offsetof(type, input.shared),                                                             \
         NULL,     "Only addresses that several hosts share",                                                \
         NULL,     "Filter",                                                                                 \
         NULL},                                                                                              \
        {"tools", 0,        CLI_FLAG, offsetof(type, input.tools), NULL, "Only scanners and other tools",    \
         NULL,    "Filter", NULL},                                                                           \
        {"unsupported", 0,                                                                                   \
         CLI_FLAG,      offsetof(type, input.unsupported),                                                   \
         NULL,          "Only systems whose security support has ended",                                     \
         NULL,          "Filter",                                                                            \
         NULL},                                                                                              \
    {                                                                                                        \
        "unknown", 0, CLI_FLAG, offsetof(type, input.unknown), NULL, "Only hosts without a label", NULL,     \
            "Filter", NULL                                                                                   \
    }

/** The filters of @p options, whose texts live as long as @p filter. */
synfix_status_t hosts_filter_parse(const hosts_options_t *options, host_filter_t *filter,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

typedef struct hosts_input {
    host_model_t *model;
    host_filter_t filter;
    synfix_engine_counters_t counters; /* of all captures */
    unsigned captures;
    unsigned inventories;
    unsigned archives; /* IPFIX files and directories */
    uint64_t records;  /* of archives */
    bool began;        /* the inputs were read; false: wrong options, or no database */
} hosts_input_t;

/**
 * Reads all @p paths (captures, `-`, IPFIX files and directories, inventories) into a new model. An input
 * that cannot be read is reported, and the others are still read. Returns the exit code;
 * hosts_input_clear() frees @p input whatever the result.
 */
int hosts_input_read(const hosts_options_t *options, char *const *paths, hosts_input_t *input);
/** Whether there is something to list: @p code of hosts_input_read() is APP_EXIT_OK, or a host was observed.
 */
bool hosts_input_has_content(const hosts_input_t *input, int code);
void hosts_input_clear(hosts_input_t *input);
void hosts_options_clear(hosts_options_t *options);

#endif
