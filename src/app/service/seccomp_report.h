/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file forbidden.h
 * The last words of a process that made a system call it may not make.
 */
#ifndef APP_FORBIDDEN_H
#define APP_FORBIDDEN_H

/** From now on SIGSYS, as a filter of system calls sends it instead of the call, tells which one it was on
 * standard error, and ends the process by that signal. */
void forbidden_tell(void);

#endif
