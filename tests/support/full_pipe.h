/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file full_pipe.h
 * A pipe whose reader does not read. Include cmocka.h before this file.
 */
#ifndef SUPPORT_FULL_PIPE_H
#define SUPPORT_FULL_PIPE_H

#include <fcntl.h>
#include <unistd.h>

/* Writes to the end @p writing of a pipe until nothing more fits. */
static inline void pipe_fill(int writing)
{
    static const char page[4096];
    assert_int_equal(fcntl(writing, F_SETFL, O_NONBLOCK), 0);
    while (write(writing, page, sizeof page) > 0) {
    }
    assert_int_equal(fcntl(writing, F_SETFL, 0), 0);
}

#endif
