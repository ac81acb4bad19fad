/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file exit_codes.h
 * What all subcommands share: their table entry, exit codes, and how a person is told of a mistake.
 */
#ifndef APP_COMMON_EXIT_CODES_H
#define APP_COMMON_EXIT_CODES_H

#include <glib.h>
#include <synfix/status.h>

/** Documented in synfix(1); never renumbered. */
typedef enum app_exit {
    APP_EXIT_OK = 0,
    APP_EXIT_INPUT = 1,      /* input missing, unreadable or incomplete; what was whole was delivered */
    APP_EXIT_USAGE = 2,      /* option, configuration, database or template wrong: nothing was started */
    APP_EXIT_SINK = 3,       /* a sink could not be opened, failed, or gave records up */
    APP_EXIT_PERMISSION = 4, /* the operating system says no */
    APP_EXIT_DEVICE = 5,     /* an interface vanished */
} app_exit_t;

/** A subcommand. argv[0] is its name; what it returns is the exit code. */
typedef struct app_command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} app_command_t;

int cmd_capture(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_modules(int argc, char **argv);
int cmd_elements(int argc, char **argv);
int cmd_recover(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_collect(int argc, char **argv);
int cmd_sigdb(int argc, char **argv);

/** One line on standard error: `synfix: ` and the text. Returns @p code, to be returned. */
int app_fail(int code, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** The exit code that fits a failure @p status while starting. */
int app_exit_of(synfix_status_t status);

/**
 * Parses options with the program name set to `synfix COMMAND`. TRUE to go on; FALSE when it was --help (exit
 * code OK) or a mistake (told, exit code USAGE); @p code is then set. Takes @p context.
 */
gboolean app_parse(GOptionContext *context, int *argc, char ***argv, int *code);

#endif
