/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file landlock.h
 * Restricts the process to directories and TCP ports (Linux 5.13: files, 6.7: ports; landlock(7)). Rules are
 * collected first and applied once; threads that are started later are restricted too. One thread.
 */
#ifndef APP_SERVICE_LANDLOCK_H
#define APP_SERVICE_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

typedef enum landlock_use {
    LANDLOCK_READ = 1,  /* read files and list directories */
    LANDLOCK_WRITE = 2, /* also create, write, rename and remove files and directories */
} landlock_use_t;

typedef struct landlock_rules landlock_rules_t;

/** No rules: nothing is allowed yet. Never NULL. */
landlock_rules_t *landlock_rules_new(void);
/** @p rules may be NULL. */
void landlock_rules_free(landlock_rules_t *rules);

/** Allows @p use of everything below the directory @p path. A directory that does not exist stands for the
 * nearest one above it that does. */
void landlock_allow_directory(landlock_rules_t *rules, const char *path, landlock_use_t use);

/** Allows @p use of the directories of the file @p path and of the file that the path leads to. */
void landlock_allow_file(landlock_rules_t *rules, const char *path, landlock_use_t use);

/** Allows connections to the TCP port @p port, and listening on it. */
void landlock_allow_port(landlock_rules_t *rules, uint16_t port);
/** Allows all TCP ports. */
void landlock_allow_ports(landlock_rules_t *rules);

/**
 * The first directory or port of @p wanted that @p allowed does not cover, as text in @p text. False: there
 * is none.
 */
bool landlock_missing(const landlock_rules_t *allowed, const landlock_rules_t *wanted, char *text,
                      size_t size);

/**
 * Restricts the calling thread and all threads that it starts. The process needs no_new_privs.
 * SYNFIX_UNSUPPORTED: the kernel has no Landlock; nothing is restricted. Kernels that have a part of it
 * restrict that part.
 */
synfix_status_t landlock_apply(const landlock_rules_t *rules, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
