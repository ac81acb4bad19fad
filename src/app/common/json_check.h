/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_check.h
 * A check before JSON from outside is parsed: the parser of JSON-GLib recurses for each nested value, and a
 * deep nesting exhausts the stack.
 */
#ifndef APP_COMMON_JSON_CHECK_H
#define APP_COMMON_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/** Values within values that texts of this program and its inputs need at most. */
#define JSON_DEPTH_MAX 32u

/** Whether no value of @p text is nested deeper than JSON_DEPTH_MAX. The text need not be JSON. */
bool json_is_shallow(const char *text, size_t length);

#endif
