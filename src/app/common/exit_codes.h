/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file exit_codes.h
 * Exit codes of the program, and the one format of its error messages.
 */
#ifndef APP_COMMON_EXIT_CODES_H
#define APP_COMMON_EXIT_CODES_H

#include <glib.h>
#include <synfix/status.h>

/** Documented in synfix(1); never renumbered. */
typedef enum app_exit {
    APP_EXIT_OK = 0,
    APP_EXIT_INPUT = 1,      /* input missing, unreadable or incomplete; all complete parts were processed */
    APP_EXIT_USAGE = 2,      /* option, configuration, database or template wrong: nothing was started */
    APP_EXIT_SINK = 3,       /* a sink could not be opened, failed, or lost records */
    APP_EXIT_PERMISSION = 4, /* the operating system denied permission */
    APP_EXIT_DEVICE = 5,     /* an interface vanished */
} app_exit_t;

/**
 * One line on standard error: `synfix: WHAT: WHY; WHAT TO DO`. @p format gives WHAT and WHY, and may give the
 * advice; without one, the advice for an error of the operating system is added (advice.h). Returns @p code.
 */
int app_fail(int code, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** One line on standard error about a run that continues: `synfix: WHAT`. */
void app_note(const char *format, ...) G_GNUC_PRINTF(1, 2);

/** The exit code of a failure @p status without a cause, at the start. */
int app_exit_of(synfix_status_t status);

/** The exit code of a failure: by the cause of @p error; without a cause, by @p status. */
int app_exit_of_error(synfix_status_t status, const synfix_error_t *error);

#endif
