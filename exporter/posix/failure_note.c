/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/failure_note.h"
#include <stdio.h>
#include <string.h>

static const char *reason_of(const char *text)
{
    const char *reason = text;
    for (const char *at = strstr(text, ": "); at != NULL; at = strstr(reason, ": ")) {
        reason = at + 2;
    }
    return reason;
}

bool failure_note_set(failure_note_t *note, const char *text)
{
    char reason[sizeof note->reason];
    (void)snprintf(reason, sizeof reason, "%s", reason_of(text));
    const bool other = !note->failing || strcmp(reason, note->reason) != 0;
    note->failing = true;
    memcpy(note->reason, reason, sizeof reason);
    return other;
}

bool failure_note_clear(failure_note_t *note)
{
    const bool was = note->failing;
    note->failing = false;
    return was;
}
