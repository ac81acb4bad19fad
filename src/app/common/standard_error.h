/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file standard_error.h
 * Text on standard error. Its reader may pause: a full pipe, a stopped terminal, a journal that does not
 * respond. Any thread.
 */
#ifndef APP_COMMON_STANDARD_ERROR_H
#define APP_COMMON_STANDARD_ERROR_H

/** After standard_error_skip(): limit of the wait for a reader that pauses. */
#define STANDARD_ERROR_WAIT_MS 1000

/** Writes whole lines of any length. Before standard_error_skip() the text waits without a limit. */
void standard_error_write(const char *text);

/** Writes text that is replaced soon, such as progress. Never waits: a reader that pauses misses text. */
void standard_error_show(const char *text);

/**
 * From now on, and for texts that wait already, a reader that pauses does not stop the program. The first
 * line waits for STANDARD_ERROR_WAIT_MS, further lines do not wait. Lines that the reader did not receive, or
 * received in part, are counted; the number is written when the reader continues. A terminal is opened again,
 * for writes that do not wait: call this function before privileges are dropped.
 */
void standard_error_skip(void);

#endif
