/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file uncounted_links.h
 * Replaces fstat() in the test program: a file system that counts no links, as some of FUSE, or the mount
 * point of a deleted file, in a container whose host has replaced the file. Include it in one source file.
 */
#ifndef TESTS_UNCOUNTED_LINKS_H
#define TESTS_UNCOUNTED_LINKS_H

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

/* While true, each file has 0 links. */
static bool links_are_uncounted;

int fstat(int descriptor, struct stat *state)
{
    const int result = fstatat(descriptor, "", state, AT_EMPTY_PATH);
    if (result == 0 && links_are_uncounted) {
        state->st_nlink = 0;
    }
    return result;
}

#endif
