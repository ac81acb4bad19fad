/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Recovers unfinished files: whole messages are kept. */
#include "base/message_text.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/ipfix_file/message_count.h"
#include "exporter/ipfix_file/name_pattern.h"
#include "exporter/ipfix_file/whole_messages.h"
#include "files/directory_entry.h"
#include "files/file_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAMES_TRIED 10

/* A file without a whole message is removed up to this size; a larger file is more than an archive that was
 * just begun, and is kept. */
#define REMOVED_MAX 131072u

/* Renames the file to its final name, or to the first free name with a number. */
static synfix_status_t rename_part(const directory_entry_t *entry, const char *part, bool aside,
                                   ipfix_file_recovered_t *recovered, synfix_error_t *error)
{
    g_autofree char *wanted = g_strndup(part, strlen(part) - strlen(ARCHIVE_PART_SUFFIX));
    for (int i = 0; i < NAMES_TRIED; i++) {
        /* ipfix_file_free_name() does not return the name of a .part file: test it first. */
        const bool used = aside || i > 0 || access(wanted, F_OK) == 0;
        g_free(recovered->name);
        recovered->name = used ? ipfix_file_free_name(wanted) : g_strdup(wanted);
        const char *const slash = strrchr(recovered->name, '/');
        if (file_rename_new(entry, slash != NULL ? slash + 1 : recovered->name) == 0) {
            return SYNFIX_OK;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return ipfix_file_failed(part, "rename", error);
}

/* Finds the whole messages. SYNFIX_INVALID: recovery may not change the file. */
static synfix_status_t examine(const char *part, int descriptor, whole_messages_t *found, size_t *length,
                               synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    GMappedFile *map = g_mapped_file_new_from_fd(descriptor, FALSE, &problem);
    if (map == NULL) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", part, problem->message);
    }
    const uint8_t *data = (const uint8_t *)g_mapped_file_get_contents(map);
    synfix_error_t reason;
    *length = data != NULL ? g_mapped_file_get_length(map) : 0;
    const synfix_status_t status = whole_messages_find(data, *length, found, &reason);
    const bool begins = whole_messages_may_begin(data, *length);
    g_mapped_file_unref(map);
    if (status != SYNFIX_OK) {
        return synfix_fail(error, status, "%s: not changed: %.400s", part, reason.text);
    }
    const bool ours = found->packed && found->end > 0 ? message_count(descriptor, part, 1) > 0 : begins;
    if (!ours) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: not an IPFIX file, not changed", part);
    }
    if (found->end == 0 && *length > REMOVED_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: %zu bytes without a whole message, not changed", part,
                           *length);
    }
    return SYNFIX_OK;
}

static synfix_status_t recover_locked(const directory_entry_t *entry, const char *part, int descriptor,
                                      bool aside, ipfix_file_recovered_t *recovered, synfix_error_t *error)
{
    whole_messages_t found = {0};
    size_t length = 0;
    const synfix_status_t status = examine(part, descriptor, &found, &length, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    recovered->bytes_damaged = found.damaged;
    recovered->bytes_dropped = length - found.end;
    if (found.end == 0) {
        return file_remove(entry) == 0 ? SYNFIX_OK : ipfix_file_failed(part, "remove", error);
    }
    if (ftruncate(descriptor, (off_t)found.end) != 0 || file_sync(descriptor) != 0) {
        return ipfix_file_failed(part, "truncate", error);
    }
    recovered->messages = found.packed ? message_count(descriptor, part, UINT64_MAX) : found.messages;
    return rename_part(entry, part, aside, recovered, error);
}

static synfix_status_t recover_at(const directory_entry_t *entry, const char *part, bool aside,
                                  ipfix_file_recovered_t *recovered, synfix_error_t *error)
{
    struct stat state;
    const int descriptor = file_open(entry, O_RDWR, 0);
    if (descriptor < 0) {
        return ipfix_file_failed(part, "open", error);
    }
    synfix_status_t status = SYNFIX_AGAIN;
    if (fstat(descriptor, &state) != 0 || !file_is_ours(entry, &state)) {
        status =
            synfix_fail(error, SYNFIX_PERMISSION, "%s: %s", part, file_entry_reason(FILE_ERRNO_NOT_OURS));
    } else if (file_lock(descriptor) != 0) {
        status = file_lock_is_held(errno) ? SYNFIX_AGAIN : file_lock_fail(part, "", error);
    } else if (file_is_same(entry, descriptor)) {
        status = recover_locked(entry, part, descriptor, aside, recovered, error);
    }
    (void)close(descriptor);
    return status;
}

static synfix_status_t recover(const char *part, bool aside, ipfix_file_recovered_t *recovered,
                               synfix_error_t *error)
{
    *recovered = (ipfix_file_recovered_t){0};
    if (!g_str_has_suffix(part, ARCHIVE_PART_SUFFIX)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: not an unfinished file; name a file that ends in " ARCHIVE_PART_SUFFIX, part);
    }
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    synfix_status_t status = directory_entry_open(&entry, part, DIRECTORY_ENTRY_NAME, error);
    if (status == SYNFIX_OK) {
        status = recover_at(&entry, part, aside, recovered, error);
        directory_entry_close(&entry);
    }
    return status;
}

synfix_status_t ipfix_file_recover(const char *part, ipfix_file_recovered_t *recovered, synfix_error_t *error)
{
    ipfix_file_recovered_t unwanted = {0};
    const synfix_status_t status = recover(part, false, recovered != NULL ? recovered : &unwanted, error);
    g_free(unwanted.name);
    return status;
}

static void log_damage(const ipfix_file_recovered_t *recovered,
                       void (*log)(void *user, int level, const char *text), void *user)
{
    if (recovered->bytes_damaged > 0) {
        g_autofree char *text =
            g_strdup_printf("%s: %" PRIu64 " damaged bytes before its last message; readers skip them",
                            recovered->name, recovered->bytes_damaged);
        log(user, 1, text);
    }
}

static void recover_and_log(const char *part, bool aside,
                            void (*log)(void *user, int level, const char *text), void *user)
{
    ipfix_file_recovered_t recovered;
    synfix_error_t error;
    const synfix_status_t status = recover(part, aside, &recovered, &error);
    if (status < 0) {
        log(user, 1, error.text);
    } else if (status == SYNFIX_OK && recovered.name == NULL) {
        g_autofree char *text = g_strdup_printf("%s: no whole message, removed", part);
        log(user, 2, text);
    } else if (status == SYNFIX_OK) {
        g_autofree char *text = g_strdup_printf(
            "%s: recovered %" PRIu64 " message%s of an unfinished file, %" PRIu64 " byte%s dropped",
            recovered.name, recovered.messages, plural(recovered.messages), recovered.bytes_dropped,
            plural(recovered.bytes_dropped));
        log(user, 2, text);
        log_damage(&recovered, log, user);
    }
    g_free(recovered.name);
}

/* Any text fits a conversion without known texts: an empty file of such a name may belong to another program.
 */
static bool may_recover(const name_pattern_t *parts, const char *part)
{
    struct stat state;
    return name_pattern_is_exact(parts) || (lstat(part, &state) == 0 && state.st_size > 0);
}

void ipfix_file_recover_all(const char *target, bool aside,
                            void (*log)(void *user, int level, const char *text), void *user)
{
    g_autofree char *directory = g_path_get_dirname(target);
    g_autofree char *base = g_path_get_basename(target);
    g_autoptr(name_pattern_t) parts = name_pattern_new(base, ARCHIVE_PART_SUFFIX);
    GDir *entries = strcmp(target, "-") != 0 ? g_dir_open(directory, 0, NULL) : NULL;
    if (entries == NULL) {
        return;
    }
    for (const char *name = g_dir_read_name(entries); name != NULL; name = g_dir_read_name(entries)) {
        if (name_pattern_matches(parts, name)) {
            g_autofree char *part = g_build_filename(directory, name, NULL);
            if (may_recover(parts, part)) {
                recover_and_log(part, aside, log, user);
            }
        }
    }
    g_dir_close(entries);
}
