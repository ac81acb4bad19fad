/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file seccomp_report.h
 * Reports a system call that the filter refuses.
 */
#ifndef APP_SERVICE_SECCOMP_REPORT_H
#define APP_SERVICE_SECCOMP_REPORT_H

/**
 * Installs a handler for SIGSYS, which the system call filter sends instead of the call. The handler names
 * the call on standard error and ends the process by that signal.
 */
void seccomp_report_install(void);

#endif
