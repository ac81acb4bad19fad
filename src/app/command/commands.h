/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file commands.h
 * The commands of the program, each defined in cmd_NAME.c.
 */
#ifndef APP_COMMAND_COMMANDS_H
#define APP_COMMAND_COMMANDS_H

#include "app/common/command_line.h"

extern const cli_command_t command_hosts;
extern const cli_command_t command_query;
extern const cli_command_t command_report;
extern const cli_command_t command_read;
extern const cli_command_t command_capture;
extern const cli_command_t command_modules;
extern const cli_command_t command_collect;
extern const cli_command_t command_dump;
extern const cli_command_t command_elements;
extern const cli_command_t command_recover;
extern const cli_command_t command_help;

/** Help of the examples without --to, in all help texts. */
#define COMMANDS_TEXT_HELP "print each SYN, SYN+ACK, MTU and uptime estimate as a block of text"

/** All of them in the order of `synfix --help`; ends with NULL. */
extern const cli_command_t *const commands[];

/** A command by its name; NULL: no such command. */
const cli_command_t *commands_find(const char *name);

/** Appends the text of `synfix --help`. */
void commands_help(GString *out);

/** Reports an unknown command @p word with a suggestion; returns the exit code. */
int commands_unknown(const char *word);

#endif
