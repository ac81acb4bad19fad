/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file failure_note.h
 * Which failure of a target was logged: each reason once, until a write to the target succeeds again. One
 * thread.
 */
#ifndef EXPORTER_POSIX_FAILURE_NOTE_H
#define EXPORTER_POSIX_FAILURE_NOTE_H

#include <stdbool.h>

/** All zeros: no failure. */
typedef struct failure_note {
    bool failing;
    char reason[96]; /* after the last `: ` of the message; names before it may change with each attempt */
} failure_note_t;

/** Notes the failure @p text. Returns whether its reason is another one than that of the failure before. */
bool failure_note_set(failure_note_t *note, const char *text);

/** Notes that a write to the target has succeeded. Returns whether it was failing. */
bool failure_note_clear(failure_note_t *note);

#endif
