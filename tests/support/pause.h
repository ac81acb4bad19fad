/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pause.h
 * For loops that wait for another thread.
 */
#ifndef SUPPORT_PAUSE_H
#define SUPPORT_PAUSE_H

#include <time.h>

/** Sleeps for 0.1 ms: on a loaded machine, threads that only yield keep the awaited thread from running. */
static inline void pause_briefly(void)
{
    const struct timespec time = {.tv_nsec = 100000};
    (void)nanosleep(&time, NULL);
}

#endif
