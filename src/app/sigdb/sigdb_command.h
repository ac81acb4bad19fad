/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_command.h
 * Shared by the actions of `synfix sigdb`. Each prints to standard output and returns an exit code
 * (exit_codes.h).
 */
#ifndef APP_SIGDB_SIGDB_COMMAND_H
#define APP_SIGDB_SIGDB_COMMAND_H

#include "app/sigdb/sigdb_input.h"
#include "sigdb_tools/sigdb_tools.h"

typedef struct sigdb_command_options {
    char **sigdb;
    char **minimums;
    char *label;
    gboolean response;
    gboolean all;
    gint64 min_quality; /* 0 to 100 */
    gint64 half;        /* 0 all, 1 or 2: only collections of this half */
} sigdb_command_options_t;

typedef struct sigdb_command {
    const sigdb_command_options_t *options;
    synfix_sigdb_t *sigdb;       /* finished */
    synfix_sigdb_t *other;       /* of diff */
    sigdb_confusion_t confusion; /* of test */
    sigdb_calibration_t calibration;
    struct signature_learner *learner; /* of learn */
    gboolean no_memory;
    uint64_t frame;    /* of explain */
    uint64_t labelled; /* of test and calibrate: observations that were counted */
    uint64_t changed;
} sigdb_command_t;

/** Prints @p error and returns the exit code for @p status. */
int sigdb_command_fail(const synfix_error_t *error, synfix_status_t status);

/** One capture or list, by the ending of its name. */
synfix_status_t sigdb_command_read_input(const char *path, sigdb_item_function function,
                                         sigdb_command_t *command, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Reads all @p paths. Returns an exit code: not 0 without a path, and at the first that cannot be read. */
int sigdb_command_read_inputs(char **paths, sigdb_item_function function, sigdb_command_t *command);

/** Actions of `synfix sigdb`. @p arguments follow the name of the action, and end with NULL. Each returns an
 * exit code. */
int sigdb_command_test(sigdb_command_t *command, char **arguments);
int sigdb_command_calibrate(sigdb_command_t *command, char **arguments);
int sigdb_command_explain(sigdb_command_t *command, char **arguments);
int sigdb_command_learn(sigdb_command_t *command, char **arguments);
int sigdb_command_diff(sigdb_command_t *command, char **arguments);
int sigdb_command_convert(sigdb_command_t *command, char **arguments);

#endif
