/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file habits.h
 * Advice for options and operands of other programs and commands that users type by mistake.
 */
#ifndef APP_COMMON_HABITS_H
#define APP_COMMON_HABITS_H

#include <glib.h>

/** Returns the advice for the unknown option @p word (`-w`, `--json`) of @p command; NULL: none. */
const char *habit_advice(const char *word, const char *command);

/**
 * Returns whether an operand begins as filters of libpcap do (`tcp`, `port 80`), and is hardly the name of a
 * file or of an interface.
 */
gboolean habit_is_filter(const char *operand);

#endif
