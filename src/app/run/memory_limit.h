/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file memory_limit.h
 * The memory limit of the control group (cgroup) that the process runs in, and the memory that the settings
 * of `capture` permit. The kernel kills a process that exceeds the limit, without a message of the process.
 */
#ifndef APP_RUN_MEMORY_LIMIT_H
#define APP_RUN_MEMORY_LIMIT_H

#include "app/common/log.h"
#include "app/config/settings.h"

#include <stdint.h>

/**
 * Returns the lowest limit, in bytes, of the cgroup (version 1 or 2) and of those above it; UINT64_MAX: no
 * limit, or the limit is not known.
 * @param root directory with `proc` and `sys`: `/`, another one in tests
 */
uint64_t memory_limit_read(const char *root);

/** Returns the bytes that the tables and queues of @p settings need when they are full, with the program
 * itself. */
uint64_t memory_limit_need(const settings_t *settings);

/** Logs a warning if the limit is less than the need. Call before access to files is restricted. */
void memory_limit_warn(const settings_t *settings, log_t *log);

#endif
