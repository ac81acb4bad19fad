/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collect_confinement.h
 * Confinement of a collecting process. The process receives bytes from any sender, so a fault in the process
 * must not reach other files and programs. One thread.
 */
#ifndef APP_COMMAND_COLLECT_CONFINEMENT_H
#define APP_COMMAND_COLLECT_CONFINEMENT_H

#include <synfix/status.h>

/** Paths and addresses of the command line; NULL: not named. Lists end with NULL. */
typedef struct collect_names {
    const char *const *listen;
    const char *const *outputs;
    const char *templates;
    const char *metrics_listen;
    const char *metrics_file;
} collect_names_t;

/**
 * Restricts files to the directories of @p names and of the system, and TCP ports to those of @p names
 * (Landlock). For threads that start later. Sets no_new_privs. A kernel without Landlock restricts
 * nothing: a line on standard error, no failure. SYNFIX_PERMISSION: no_new_privs was refused.
 */
synfix_status_t collect_restrict_files(const collect_names_t *names, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
