/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file failure_note.h
 * Which failure of a target was logged: each reason once, until the target works again. One thread.
 */
#ifndef EXPORTER_POSIX_FAILURE_NOTE_H
#define EXPORTER_POSIX_FAILURE_NOTE_H

#include <stdbool.h>

/** All zeros: the target works. */
typedef struct failure_note {
    bool failing;
    char reason[96]; /* behind the last `: ` of the message; names before it may change with each attempt */
} failure_note_t;

/** Notes the failure @p text. Returns whether its reason is another one than that of the failure before. */
bool failure_note_set(failure_note_t *note, const char *text);

/** Notes that the target works. Returns whether it was failing. */
bool failure_note_clear(failure_note_t *note);

#endif
