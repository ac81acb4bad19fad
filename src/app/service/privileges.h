/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file privileges.h
 * Giving up what is not needed once everything is open. Rights before any thread is made: they belong to
 * threads, and are inherited. The filter of system calls reaches threads that are there already.
 */
#ifndef APP_SERVICE_PRIVILEGES_H
#define APP_SERVICE_PRIVILEGES_H

#include <stdbool.h>
#include <synfix/status.h>

/** Whether there are such a user and group; NULL: none asked for. */
synfix_status_t privileges_check(const char *user, const char *group,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Becomes @p user (NULL: stays who it is) and @p group (NULL: the user's), and in any case gives up every
 * capability, and the right to gain one (no_new_privs).
 */
synfix_status_t privileges_drop(const char *user, const char *group, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** From now on any system call that is not on the list ends the process (SIGSYS), which tells which one it
 * was. There is no way back. */
synfix_status_t privileges_confine(synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
