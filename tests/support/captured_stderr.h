/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file captured_stderr.h
 * The text that a test makes the program write to standard error, which is a file meanwhile. Include cmocka.h
 * before this file.
 */
#ifndef SUPPORT_CAPTURED_STDERR_H
#define SUPPORT_CAPTURED_STDERR_H

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

typedef struct captured_stderr {
    FILE *file;
    int before;
} captured_stderr_t;

static inline captured_stderr_t stderr_capture(void)
{
    const captured_stderr_t captured = {.file = tmpfile(), .before = dup(STDERR_FILENO)};
    if (captured.file == NULL || captured.before < 0 || dup2(fileno(captured.file), STDERR_FILENO) < 0) {
        fail_msg("standard error cannot be captured");
    }
    return captured;
}

/* The text since stderr_capture(); standard error is as before. g_free the result. */
static inline char *stderr_release(captured_stderr_t *captured)
{
    char text[4096];
    (void)fflush(stderr);
    (void)dup2(captured->before, STDERR_FILENO);
    (void)close(captured->before);
    rewind(captured->file);
    const size_t length = fread(text, 1, sizeof text - 1, captured->file);
    (void)fclose(captured->file);
    return g_strndup(text, length);
}

#endif
