/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file advice.h
 * Advice for the user about an error of the operating system, for all layers that report one. Any thread.
 */
#ifndef APP_COMMON_ADVICE_H
#define APP_COMMON_ADVICE_H

/**
 * Advice for the error message @p text, without `; ` before it. NULL: the message already has its own (it
 * contains `; `), or no advice is known.
 */
const char *advice_for(const char *text);

#endif
