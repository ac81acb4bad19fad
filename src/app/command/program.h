/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file program.h
 * The program from its command line to its exit code.
 */
#ifndef APP_COMMAND_PROGRAM_H
#define APP_COMMAND_PROGRAM_H

/** Runs `synfix ARGUMENT...` and returns its exit code. @p argv[0] is the program's name, @p argv[argc] NULL.
 * The array is changed; its words have to live until the process ends. */
int program_run(int argc, char **argv);

#endif
