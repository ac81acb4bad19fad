/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_entries.h"
#include "base/hash_mix.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64u
#define ROOM_MAX   (UINT32_MAX / 4)

static bool is_same(const follow_entry_t *entry, const follow_entry_t *file)
{
    return entry->inode == file->inode && entry->size == file->size &&
           entry->modified_ns == file->modified_ns && strcmp(entry->name, file->name) == 0;
}

/* The slot of the entry, or the free one where the search ends. */
static size_t find_slot(const follow_entries_t *entries, const follow_entry_t *file)
{
    const size_t mask = entries->room * 2 - 1;
    size_t slot =
        (size_t)hash_mix(file->inode, hash_mix((uint64_t)file->size, (uint64_t)file->modified_ns)) & mask;
    while (entries->slots[slot] != 0 && !is_same(&entries->items[entries->slots[slot] - 1], file)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void index_all(follow_entries_t *entries)
{
    memset(entries->slots, 0, entries->room * 2 * sizeof *entries->slots);
    for (size_t i = 0; i < entries->count; i++) {
        entries->slots[find_slot(entries, &entries->items[i])] = (uint32_t)(i + 1);
    }
}

static bool grow(follow_entries_t *entries)
{
    const size_t room = entries->room == 0 ? FIRST_ROOM : entries->room * 2;
    if (room > ROOM_MAX) {
        return false;
    }
    uint32_t *slots = calloc(room * 2, sizeof *slots);
    follow_entry_t *items = slots != NULL ? realloc(entries->items, room * sizeof *items) : NULL;
    if (items == NULL) {
        free(slots);
        return false;
    }
    free(entries->slots);
    entries->items = items;
    entries->slots = slots;
    entries->room = room;
    index_all(entries);
    return true;
}

bool follow_entries_add(follow_entries_t *entries, const follow_entry_t *entry)
{
    if (entries->count == entries->room && !grow(entries)) {
        return false;
    }
    entries->items[entries->count++] = *entry;
    entries->slots[find_slot(entries, entry)] = (uint32_t)entries->count;
    return true;
}

bool follow_entries_have(const follow_entries_t *entries, const follow_entry_t *file)
{
    return entries->count > 0 && entries->slots[find_slot(entries, file)] != 0;
}

void follow_entries_keep(follow_entries_t *entries,
                         bool (*is_wanted)(void *user, const follow_entry_t *entry), void *user)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++) {
        if (is_wanted(user, &entries->items[i])) {
            entries->items[kept++] = entries->items[i];
        } else {
            free(entries->items[i].name);
        }
    }
    if (kept != entries->count) {
        entries->count = kept;
        index_all(entries);
    }
}

void follow_entries_clear(follow_entries_t *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(entries->items[i].name);
    }
    free(entries->items);
    free(entries->slots);
    *entries = (follow_entries_t){0};
}
