/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file allowed_calls.h
 * The system calls that the running service may use.
 */
#ifndef APP_SERVICE_ALLOWED_CALLS_H
#define APP_SERVICE_ALLOWED_CALLS_H

#include <stddef.h>

/** Numbers of libseccomp (SCMP_SYS), without duplicates; negative: this processor does not have the call. */
extern const int allowed_calls[];
extern const size_t allowed_call_count;

#endif
