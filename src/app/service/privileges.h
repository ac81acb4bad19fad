/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file privileges.h
 * Drops privileges after all sockets and files are open. Credentials belong to threads and are inherited:
 * drop them before any thread starts. The system call filter also covers existing threads.
 */
#ifndef APP_SERVICE_PRIVILEGES_H
#define APP_SERVICE_PRIVILEGES_H

#include <stdbool.h>
#include <synfix/status.h>

/** Returns SYNFIX_NOT_FOUND if the host has no account @p user; NULL (not configured) is valid. */
synfix_status_t privileges_check_user(const char *user, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same of @p group; SYNFIX_INVALID: a group without @p user. */
synfix_status_t privileges_check_group(const char *user, const char *group,
                                       synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Changes to @p user (NULL: no change) and @p group (NULL: the group of @p user), drops all capabilities, and
 * sets no_new_privs.
 */
synfix_status_t privileges_drop(const char *user, const char *group, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Installs the system call filter. A system call that is not in the list ends the process (SIGSYS) with a
 * message that names the call. The filter cannot be removed.
 */
synfix_status_t privileges_confine(synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
