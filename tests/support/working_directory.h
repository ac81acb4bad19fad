/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file working_directory.h
 * A temporary directory that is the working directory of one test.
 */
#ifndef SUPPORT_WORKING_DIRECTORY_H
#define SUPPORT_WORKING_DIRECTORY_H

#include "support/temporary_directory.h"
#include <unistd.h>

/** Set-up and teardown of a test whose state is the path. */
static inline int enter_temporary_directory(void **state)
{
    return make_temporary_directory(state) != 0 || chdir(*state) != 0 ? -1 : 0;
}

static inline int leave_temporary_directory(void **state)
{
    return chdir("/") != 0 ? -1 : remove_temporary_directory(state);
}

#endif
