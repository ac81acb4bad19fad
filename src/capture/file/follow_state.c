/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_state.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE     "# synfix read --follow: inode size modified-ns name\n"
#define SIZE_MAX_BYTES (64 << 20)

typedef struct entry {
    char *name;
    uint64_t inode;
    int64_t size;
    int64_t modified_ns;
} entry_t;

struct follow_state {
    char *path;
    entry_t *entries;
    size_t count;
    size_t room;
    bool changed;
};

static synfix_status_t fail(const follow_state_t *state, int reason, synfix_error_t *error)
{
    return synfix_fail(error,
                       reason == EACCES || reason == EPERM || reason == EROFS ? SYNFIX_PERMISSION : SYNFIX_IO,
                       "%s: %s; name another file with --follow-state", state->path, strerror(reason));
}

static bool append(follow_state_t *state, const entry_t *entry)
{
    if (state->count == state->room) {
        const size_t room = state->room == 0 ? 64 : state->room * 2;
        entry_t *more = realloc(state->entries, room * sizeof *more);
        if (more == NULL) {
            return false;
        }
        state->entries = more;
        state->room = room;
    }
    state->entries[state->count++] = *entry;
    return true;
}

/* One line: three numbers and the name, which may hold spaces. */
static bool read_line(follow_state_t *state, char *line)
{
    entry_t entry = {.name = NULL};
    int at = 0;
    if (sscanf(line, "%" SCNu64 " %" SCNd64 " %" SCNd64 " %n", &entry.inode, &entry.size, &entry.modified_ns,
               &at) != 3 ||
        at == 0 || line[at] == '\0') {
        return false;
    }
    entry.name = strdup(line + at);
    if (entry.name == NULL || !append(state, &entry)) {
        free(entry.name);
        return false;
    }
    return true;
}

static bool read_lines(follow_state_t *state, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    bool good = getline(&line, &size, file) >= 0 && strcmp(line, FIRST_LINE) == 0;
    while (good && getline(&line, &size, file) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        good = read_line(state, line);
    }
    free(line);
    return good && ferror(file) == 0;
}

/* Only a regular file of a bounded size: a FIFO would block, and a large file is something else. */
static synfix_status_t load(follow_state_t *state, synfix_error_t *error)
{
    struct stat info;
    const int descriptor = open(state->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) {
        return errno == ENOENT ? SYNFIX_OK : fail(state, errno, error);
    }
    const bool regular =
        fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= SIZE_MAX_BYTES;
    FILE *file = regular ? fdopen(descriptor, "r") : NULL;
    const bool good = file != NULL && read_lines(state, file);
    if (file != NULL) {
        (void)fclose(file);
    } else {
        (void)close(descriptor);
    }
    return good ? SYNFIX_OK
                : synfix_fail(
                      error, SYNFIX_INVALID,
                      "%s: not a state of --follow; remove it, or name another file with --follow-state",
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
    for (size_t i = 0; i < state->count; i++) {
        free(state->entries[i].name);
    }
    free(state->entries);
    free(state->path);
    free(state);
}

bool follow_state_has(const follow_state_t *state, const followed_file_t *file)
{
    for (size_t i = state->count; i-- > 0;) {
        const entry_t *entry = &state->entries[i];
        if (entry->inode == file->inode && entry->size == file->size &&
            entry->modified_ns == file->modified_ns && strcmp(entry->name, file->name) == 0) {
            return true;
        }
    }
    return false;
}

bool follow_state_add(follow_state_t *state, const followed_file_t *file)
{
    const entry_t entry = {.name = strdup(file->name),
                           .inode = file->inode,
                           .size = file->size,
                           .modified_ns = file->modified_ns};
    if (entry.name == NULL || !append(state, &entry)) {
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

/* Files that were rotated away are forgotten, so that the state does not grow forever. */
static void prune(follow_state_t *state, int directory)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->count; i++) {
        if (faccessat(directory, state->entries[i].name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
            state->entries[kept++] = state->entries[i];
        } else {
            free(state->entries[i].name);
        }
    }
    state->count = kept;
}

static bool write_entries(const follow_state_t *state, int descriptor)
{
    FILE *file = fdopen(descriptor, "w");
    if (file == NULL) {
        (void)close(descriptor);
        return false;
    }
    bool good = fputs(FIRST_LINE, file) >= 0;
    for (size_t i = 0; good && i < state->count; i++) {
        const entry_t *entry = &state->entries[i];
        good = fprintf(file, "%" PRIu64 " %" PRId64 " %" PRId64 " %s\n", entry->inode, entry->size,
                       entry->modified_ns, entry->name) > 0;
    }
    good = good && fflush(file) == 0 && fsync(descriptor) == 0;
    return fclose(file) == 0 && good;
}

synfix_status_t follow_state_save(follow_state_t *state, int directory, synfix_error_t *error)
{
    prune(state, directory);
    const size_t size = strlen(state->path) + sizeof ".new";
    char *temporary = malloc(size);
    if (temporary == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", state->path);
    }
    (void)snprintf(temporary, size, "%s.new", state->path);
    (void)unlink(temporary); /* of a run that was killed */
    const int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    const bool good =
        descriptor >= 0 && write_entries(state, descriptor) && rename(temporary, state->path) == 0;
    const synfix_status_t status = good ? SYNFIX_OK : fail(state, errno, error);
    state->changed = !good;
    free(temporary);
    return status;
}
