/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_state.h"
#include "capture/file/follow_entries.h"
#include "capture/file/follow_line.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_LINE     "# synfix read --follow: inode size modified-ns check name\n"
#define OLD_FIRST_LINE "# synfix read --follow: inode size modified-ns name\n" /* of version 0.1.0 */
#define SIZE_MAX_BYTES (64 << 20)

struct follow_state {
    char *path;
    follow_entries_t entries;
    unsigned damaged_lines;
    bool changed;
};

static synfix_status_t advise(const synfix_error_t *reason, synfix_status_t status, synfix_error_t *error)
{
    return synfix_fail(error, status, "%.400s; name another file with --follow-state", reason->text);
}

/* Changes @p text. A damaged line is skipped: its file is read again. False: out of memory. */
static bool read_lines(follow_state_t *state, char *text, bool checked)
{
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        follow_entry_t entry;
        const char *name = follow_line_read(line, checked, &entry);
        if (name == NULL) {
            state->damaged_lines++;
            continue;
        }
        entry.name = strdup(name);
        if (entry.name == NULL || !follow_entries_add(&state->entries, &entry)) {
            free(entry.name);
            return false;
        }
    }
    return true;
}

/* A byte 0 would end the text and hide the lines after it. */
static void replace_zeros(char *text, size_t length)
{
    for (char *zero = text; (zero = memchr(zero, '\0', (size_t)(text + length - zero))) != NULL;) {
        *zero = '?';
    }
}

static synfix_status_t load(follow_state_t *state, synfix_error_t *error)
{
    synfix_error_t reason;
    char *text = NULL;
    size_t length = 0;
    const synfix_status_t status = file_read_whole(state->path, SIZE_MAX_BYTES, &text, &length, &reason);
    if (status != SYNFIX_OK) {
        return status == SYNFIX_NOT_FOUND ? SYNFIX_OK : advise(&reason, status, error);
    }
    replace_zeros(text, length);
    const bool checked = strncmp(text, FIRST_LINE, sizeof FIRST_LINE - 1) == 0;
    const bool ours = checked || strncmp(text, OLD_FIRST_LINE, sizeof OLD_FIRST_LINE - 1) == 0;
    const bool whole = !ours || read_lines(state, strchr(text, '\n') + 1, checked);
    free(text);
    if (!whole) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", state->path);
    }
    return ours
               ? SYNFIX_OK
               : synfix_fail(
                     error, SYNFIX_INVALID,
                     "%s: not a state of --follow; remove the file, or name another file with --follow-state",
                     state->path);
}

synfix_status_t follow_state_open(const char *path, follow_state_t **state, synfix_error_t *error)
{
    follow_state_t *made = calloc(1, sizeof *made);
    char *copy = strdup(path);
    if (made == NULL || copy == NULL) {
        free(made);
        free(copy);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    }
    made->path = copy;
    const synfix_status_t status = load(made, error);
    if (status != SYNFIX_OK) {
        follow_state_free(made);
        return status;
    }
    *state = made;
    return SYNFIX_OK;
}

void follow_state_free(follow_state_t *state)
{
    if (state == NULL) {
        return;
    }
    follow_entries_clear(&state->entries);
    free(state->path);
    free(state);
}

static follow_entry_t entry_of(const followed_file_t *file)
{
    return (follow_entry_t){.name = (char *)(uintptr_t)file->name,
                            .inode = file->inode,
                            .size = file->size,
                            .modified_ns = file->modified_ns};
}

bool follow_state_has(const follow_state_t *state, const followed_file_t *file)
{
    const follow_entry_t entry = entry_of(file);
    return follow_entries_have(&state->entries, &entry);
}

unsigned follow_state_damaged(const follow_state_t *state)
{
    return state->damaged_lines;
}

bool follow_state_add(follow_state_t *state, const followed_file_t *file, int64_t finished_ns)
{
    follow_entry_t entry = entry_of(file);
    entry.name = strdup(file->name);
    entry.finished_ns = finished_ns;
    if (entry.name == NULL || !follow_entries_add(&state->entries, &entry)) {
        free(entry.name);
        return false;
    }
    state->changed = true;
    return true;
}

bool follow_state_changed(const follow_state_t *state)
{
    return state->changed;
}

/* Removes entries of deleted files, so that the state does not grow without limit. */
static bool is_there(void *directory, const follow_entry_t *entry)
{
    return faccessat(*(const int *)directory, entry->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Closes @p descriptor. False with errno. */
static bool write_entries(const follow_state_t *state, int64_t until_ns, int descriptor)
{
    FILE *file = fdopen(descriptor, "w");
    if (file == NULL) {
        (void)close(descriptor);
        return false;
    }
    bool good = fputs(FIRST_LINE, file) >= 0;
    for (size_t i = 0; good && i < state->entries.count; i++) {
        const follow_entry_t *entry = &state->entries.items[i];
        good = entry->finished_ns > until_ns || follow_line_write(entry, file);
    }
    good = good && fflush(file) == 0 && file_sync(descriptor) == 0;
    const int number = errno;
    const bool closed = fclose(file) == 0;
    errno = good ? errno : number;
    return good && closed;
}

static bool has_pending(const follow_state_t *state, int64_t until_ns)
{
    for (size_t i = 0; i < state->entries.count; i++) {
        if (state->entries.items[i].finished_ns > until_ns) {
            return true;
        }
    }
    return false;
}

/* A temporary file that a killed run left. */
static void remove_rest(const directory_entry_t *entry)
{
    struct stat info;
    if (file_state(entry, &info) == 0 && file_is_ours(entry, &info)) {
        (void)file_remove(entry);
    }
}

/* 0, or an errno. */
static int replace(const follow_state_t *state, int64_t until_ns, directory_entry_t *entry)
{
    char name[NAME_MAX + 1];
    (void)snprintf(name, sizeof name, "%s", entry->name);
    (void)snprintf(entry->name, sizeof entry->name, "%.*s.new", NAME_MAX - 4, name);
    remove_rest(entry);
    const int descriptor = file_create(entry, O_WRONLY, 0640);
    if (descriptor < 0) {
        return errno;
    }
    if (!write_entries(state, until_ns, descriptor) || file_rename(entry, name) != 0) {
        const int number = errno;
        (void)file_remove(entry);
        return number;
    }
    directory_entry_sync(entry);
    return 0;
}

synfix_status_t follow_state_save(follow_state_t *state, int directory, int64_t until_ns,
                                  synfix_error_t *error)
{
    synfix_error_t reason;
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    follow_entries_keep(&state->entries, is_there, &directory);
    synfix_status_t status = directory_entry_open(&entry, state->path, DIRECTORY_ENTRY_NAME, &reason);
    if (status == SYNFIX_OK) {
        errno = replace(state, until_ns, &entry);
        status = errno == 0 ? SYNFIX_OK : file_fail(state->path, &reason);
        directory_entry_close(&entry);
    }
    state->changed = status != SYNFIX_OK || has_pending(state, until_ns);
    return status == SYNFIX_OK ? SYNFIX_OK : advise(&reason, status, error);
}
