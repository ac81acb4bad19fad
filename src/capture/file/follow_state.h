/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_state.h
 * Which files of a directory were processed, remembered in a file. A file is known by name, inode, size and
 * time of its last modification: a file that changes is another file. One thread.
 */
#ifndef CAPTURE_FILE_FOLLOW_STATE_H
#define CAPTURE_FILE_FOLLOW_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/status.h>

typedef struct followed_file {
    const char *name; /* in the directory; without a newline */
    uint64_t inode;
    int64_t size;
    int64_t modified_ns; /* since 1970 */
} followed_file_t;

typedef struct follow_state follow_state_t;

/**
 * Reads @p path; a missing file is an empty state.
 * @return SYNFIX_INVALID: not such a file; SYNFIX_PERMISSION, SYNFIX_IO; the error names the path
 */
synfix_status_t follow_state_open(const char *path, follow_state_t **state,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Frees the state without saving it. @p state may be NULL. */
void follow_state_free(follow_state_t *state);

/** Lines of the file that were no entries: their files are read again. */
unsigned follow_state_damaged(const follow_state_t *state);
bool follow_state_has(const follow_state_t *state, const followed_file_t *file);
/** Adds a file whose last packet was delivered at @p finished_ns of the monotonic clock. The name is copied.
 * False: out of memory. */
bool follow_state_add(follow_state_t *state, const followed_file_t *file, int64_t finished_ns);
/** Returns whether entries exist that no save has written. */
bool follow_state_changed(const follow_state_t *state);

/**
 * Writes the entries that were finished by @p until_ns and whose file is still in the directory @p directory.
 * The state file is replaced by a synced new one. Later entries stay for the next save.
 */
synfix_status_t follow_state_save(follow_state_t *state, int directory, int64_t until_ns,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
