/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file child_process.h
 * Runs a function in a child process, because dropped capabilities and filters of system calls remain until
 * the process ends. Include cmocka.h before this file.
 */
#ifndef SUPPORT_CHILD_PROCESS_H
#define SUPPORT_CHILD_PROCESS_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * Runs @p body in a child, which ends with the result of @p body as its exit code.
 * @return the wait status of the child (wait(2))
 */
static inline int status_of_child(int (*body)(void))
{
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(body());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

#endif
