/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file directory_with_file.h
 * Set-up and teardown of a test that runs in a directory of its own with `mine`, a file of 5 bytes.
 */
#ifndef SUPPORT_DIRECTORY_WITH_FILE_H
#define SUPPORT_DIRECTORY_WITH_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int set_up(void **state)
{
    char *const directory = strdup("/tmp/synfix-files-XXXXXX");
    *state = directory;
    if (!mkdtemp(directory) || chdir(directory) != 0) {
        return -1;
    }
    FILE *const file = fopen("mine", "w");
    return fputs("hello", file) < 0 ? -1 : fclose(file);
}

static inline int tear_down(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    const int result = system(command);
    free(*state);
    return result;
}

#endif
