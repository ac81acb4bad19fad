/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file seccomp_report.h
 * The last words of a process that made a system call it may not make.
 */
#ifndef APP_SERVICE_SECCOMP_REPORT_H
#define APP_SERVICE_SECCOMP_REPORT_H

/** From now on SIGSYS, as a filter of system calls sends it instead of the call, tells which one it was on
 * standard error, and ends the process by that signal. */
void seccomp_report_install(void);

#endif
