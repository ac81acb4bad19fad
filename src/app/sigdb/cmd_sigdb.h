/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file cmd_sigdb.h
 * The command `synfix sigdb`, whose actions are the other files of this directory.
 */
#ifndef APP_SIGDB_CMD_SIGDB_H
#define APP_SIGDB_CMD_SIGDB_H

#include "app/common/command_line.h"

extern const cli_command_t command_sigdb;

#endif
