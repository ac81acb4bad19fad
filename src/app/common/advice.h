/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file advice.h
 * What a user can do about an error that the operating system reports, whichever layer passes it on. Any
 * thread.
 */
#ifndef APP_COMMON_ADVICE_H
#define APP_COMMON_ADVICE_H

/**
 * Advice for the error message @p text, without `; ` before it. NULL: the message already has its own (it
 * contains `; `), or no advice is known.
 */
const char *advice_for(const char *text);

#endif
