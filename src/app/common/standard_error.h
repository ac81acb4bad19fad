/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file standard_error.h
 * Text on standard error, whose reader may pause: a full pipe, a stopped terminal, a stuck journal. Any
 * thread.
 */
#ifndef APP_COMMON_STANDARD_ERROR_H
#define APP_COMMON_STANDARD_ERROR_H

/** Time for which a text waits for the reader, after standard_error_skip(). */
#define STANDARD_ERROR_WAIT_MS 1000

/** Writes whole lines of any length. Without standard_error_skip() the text waits until the reader reads. */
void standard_error_write(const char *text);

/** Writes text that is replaced soon, such as progress. Never waits: a reader that pauses misses text. */
void standard_error_show(const char *text);

/**
 * From now on, and for texts that wait already, the program goes on without the reader: a line waits for
 * STANDARD_ERROR_WAIT_MS, further ones not at all. Lines that the reader missed or got in part are counted;
 * their number is written when it reads again. A terminal is opened for writes that do not wait: call this
 * before privileges are dropped.
 */
void standard_error_skip(void);

#endif
