/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_entries.h
 * Entries of the list of processed files, with an index: a directory of many files is scanned each second.
 * Private to follow_state.c. One thread.
 */
#ifndef CAPTURE_FILE_FOLLOW_ENTRIES_H
#define CAPTURE_FILE_FOLLOW_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct follow_entry {
    char *name;
    uint64_t inode;
    int64_t size;
    int64_t modified_ns;
    int64_t finished_ns; /* 0: of an earlier run */
} follow_entry_t;

/** All zero: empty. */
typedef struct follow_entries {
    follow_entry_t *items;
    size_t count;
    size_t room;
    uint32_t *slots; /* number of an item from 1; 0: free; twice @p room of them */
} follow_entries_t;

/** Adds @p entry, whose name then belongs to the list. False: out of memory, and nothing changed. */
bool follow_entries_add(follow_entries_t *entries, const follow_entry_t *entry);

/** Whether an entry has the name, inode, size and time of @p file. */
bool follow_entries_have(const follow_entries_t *entries, const follow_entry_t *file);

/** Removes the entries that @p is_wanted refuses. The order stays. */
void follow_entries_keep(follow_entries_t *entries,
                         bool (*is_wanted)(void *user, const follow_entry_t *entry), void *user);

/** Frees all. */
void follow_entries_clear(follow_entries_t *entries);

#endif
