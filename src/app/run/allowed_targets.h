/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file allowed_targets.h
 * Rules of Landlock for the kinds of things that command lines and configurations name. One thread.
 */
#ifndef APP_RUN_ALLOWED_TARGETS_H
#define APP_RUN_ALLOWED_TARGETS_H

#include "app/service/landlock.h"

/** Permits the access that every program needs: to libraries, certificates, time zones, the data of synfix,
 * and name services. */
void allow_system(landlock_rules_t *rules);

/** A file to write; a part after `%` is a date pattern. `-`: nothing. */
void allow_target(landlock_rules_t *rules, const char *target);

/** The TCP ports of HOST:PORT, separated by commas. A port that is missing or a name allows all ports; a path
 * allows none. */
void allow_ports_of(landlock_rules_t *rules, const char *target);

/** A file or directory to read, when @p value names one that exists. NULL: nothing. */
void allow_named_file(landlock_rules_t *rules, const char *value);

#endif
