/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/inventory/inventory_internal.h"
#include "files/directory_entry.h"
#include "files/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char header[] = "SQLite format 3";

bool inventory_is_database(const char *path)
{
    char found[sizeof header] = {0};
    struct stat state;
    if (stat(path, &state) != 0 || !S_ISREG(state.st_mode)) {
        return false; /* the bytes of a pipe can be read only once */
    }
    FILE *file = fopen(path, "rbe");
    const bool read = file != NULL && fread(found, 1, sizeof found, file) == sizeof found;
    if (file != NULL) {
        (void)fclose(file);
    }
    return read && memcmp(found, header, sizeof header) == 0;
}

synfix_status_t inventory_fail(const inventory_t *inventory, synfix_error_t *error)
{
    const char *path = inventory->path;
    const char *reason = sqlite3_errmsg(inventory->database);
    switch (sqlite3_errcode(inventory->database)) {
    case SQLITE_NOTADB:
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: not an SQLite database, so not an inventory, and not changed; name another file", path);
    case SQLITE_CORRUPT:
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: the database is damaged (%s), and was not changed; `sqlite3 %s .recover` "
                           "recovers the readable part",
                           path, reason, path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return synfix_fail(error, SYNFIX_IO,
                           "%s: locked by another process; end that process, or name another file", path);
    case SQLITE_FULL:
        return synfix_fail(error, SYNFIX_IO, "%s: no space left on device; free some space", path);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return synfix_fail(error, SYNFIX_PERMISSION, "%s: %s", path, reason);
    case SQLITE_NOMEM:
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    default:
        break;
    }
    const int cause = sqlite3_system_errno(inventory->database);
    if (cause == ENOSPC) { /* also for the companion files of the database */
        return synfix_fail(error, SYNFIX_IO, "%s: no space left on device; free some space", path);
    }
    return cause != 0 ? synfix_fail(error, SYNFIX_IO, "%s: %s (%s)", path, reason, strerror(cause))
                      : synfix_fail(error, SYNFIX_IO, "%s: %s", path, reason);
}

synfix_status_t inventory_execute(inventory_t *inventory, const char *sql, synfix_error_t *error)
{
    return sqlite3_exec(inventory->database, sql, NULL, NULL, NULL) == SQLITE_OK
               ? SYNFIX_OK
               : inventory_fail(inventory, error);
}

void inventory_rollback(inventory_t *inventory)
{
    if (sqlite3_get_autocommit(inventory->database) == 0) {
        (void)sqlite3_exec(inventory->database, "ROLLBACK", NULL, NULL, NULL);
    }
}

synfix_status_t inventory_number(inventory_t *inventory, const char *sql, int64_t *number,
                                 synfix_error_t *error)
{
    sqlite3_stmt *statement = NULL;
    synfix_status_t status = SYNFIX_OK;
    if (sqlite3_prepare_v2(inventory->database, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        status = inventory_fail(inventory, error);
    } else {
        *number = sqlite3_column_int64(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static synfix_status_t fail_file(const char *path, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status = reason == ENOENT                      ? SYNFIX_NOT_FOUND
                                   : reason == EACCES || reason == EPERM ? SYNFIX_PERMISSION
                                                                         : SYNFIX_IO;
    return synfix_fail(error, status, "%s: %s", path, strerror(reason));
}

/* SQLite opens companion files of the database by name: none of them may be a link of another user. */
static synfix_status_t check_companion(const inventory_t *inventory, const directory_entry_t *database,
                                       synfix_error_t *error)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    directory_entry_t entry = *database;
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        struct stat state;
        (void)snprintf(entry.name, sizeof entry.name, "%.*s%s", NAME_MAX - 8, database->name, suffixes[i]);
        if (file_state(&entry, &state) == 0 && !file_is_ours(&entry, &state)) {
            return synfix_fail(error, SYNFIX_PERMISSION,
                               "%s%s: a link, or a file of another user: not written to; remove the file",
                               inventory->path, suffixes[i]);
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t open_files(inventory_t *inventory, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    struct stat state;
    synfix_status_t status = directory_entry_open(&entry, inventory->path, DIRECTORY_ENTRY_NAME, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    inventory->lock_fd = file_open(&entry, O_RDWR | O_CREAT, 0640);
    if (inventory->lock_fd < 0 || fstat(inventory->lock_fd, &state) != 0) {
        status = file_fail(inventory->path, error);
    } else if (!S_ISREG(state.st_mode)) {
        status =
            synfix_fail(error, SYNFIX_INVALID, "%s: not a regular file; name another file", inventory->path);
    } else {
        status = check_companion(inventory, &entry, error);
    }
    directory_entry_close(&entry);
    return status;
}

/* Checks before SQLite opens the file: the file must be a database or empty, and no other user may have write
 * access. */
static synfix_status_t lock_file(inventory_t *inventory, synfix_error_t *error)
{
    char found[sizeof header] = {0};
    const synfix_status_t status = open_files(inventory, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    ssize_t length = 0;
    do {
        length = pread(inventory->lock_fd, found, sizeof found, 0);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        return fail_file(inventory->path, error);
    }
    if (length > 0 && (length != sizeof found || memcmp(found, header, sizeof header) != 0)) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: not an SQLite database, so not an inventory, and not changed; name another file",
            inventory->path);
    }
    return file_lock(inventory->lock_fd) == 0
               ? SYNFIX_OK
               : file_lock_fail(inventory->path, "another process writes this inventory; name another file",
                                error);
}

static synfix_status_t open_database(inventory_t *inventory, bool write, synfix_error_t *error)
{
    const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(inventory->path, &inventory->database, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        return inventory_fail(inventory, error);
    }
    (void)sqlite3_busy_timeout(inventory->database, INVENTORY_BUSY_MS);
    (void)sqlite3_extended_result_codes(inventory->database, 0);
    return inventory_prepare_schema(inventory, write, error);
}

/* Without write access to the directory WAL cannot be used; the main file can be read if no process writes.
 */
static synfix_status_t open_immutable(inventory_t *inventory, synfix_error_t *error)
{
    g_autofree char *absolute = g_canonicalize_filename(inventory->path, NULL);
    g_autofree char *escaped = g_uri_escape_string(absolute, "/", TRUE);
    g_autofree char *uri = g_strdup_printf("file:%s?immutable=1", escaped);
    (void)sqlite3_close(inventory->database);
    inventory->database = NULL;
    if (sqlite3_open_v2(uri, &inventory->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) !=
        SQLITE_OK) {
        return inventory_fail(inventory, error);
    }
    return inventory_prepare_schema(inventory, false, error);
}

static synfix_status_t open_for_reading(inventory_t *inventory, synfix_error_t *error)
{
    if (access(inventory->path, R_OK) != 0) {
        return fail_file(inventory->path, error);
    }
    const synfix_status_t status = open_database(inventory, false, error);
    return status == SYNFIX_IO && sqlite3_errcode(inventory->database) == SQLITE_CANTOPEN
               ? open_immutable(inventory, error)
               : status;
}

static inventory_log_t find_log(const char *path)
{
    struct stat state;
    g_autofree char *name = g_strconcat(path, "-wal", NULL);
    return lstat(name, &state) == 0 ? (inventory_log_t){.device = state.st_dev, .inode = state.st_ino}
                                    : (inventory_log_t){.inode = 0};
}

/* The caller holds the lock of the inventory, so no other synfix process writes the log. */
static void remove_log(const char *path, const inventory_log_t *former)
{
    const inventory_log_t found = find_log(path);
    if (found.inode != 0 && found.inode == former->inode && found.device == former->device) {
        g_autofree char *log = g_strconcat(path, "-wal", NULL);
        g_autofree char *index = g_strconcat(path, "-shm", NULL);
        (void)unlink(log);
        (void)unlink(index);
    }
}

static synfix_status_t open_for_writing(inventory_t *inventory, const inventory_log_t *former,
                                        synfix_error_t *error)
{
    synfix_status_t status = lock_file(inventory, error);
    if (status == SYNFIX_OK) {
        remove_log(inventory->path, former);
        status = open_database(inventory, true, error);
        inventory->log = find_log(inventory->path);
    }
    return status;
}

/* @p former NULL: for reading. */
static synfix_status_t open_inventory(const char *path, const inventory_log_t *former,
                                      inventory_t **inventory, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_sqlite(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    inventory_t *made = g_new0(inventory_t, 1);
    made->path = g_strdup(path);
    made->lock_fd = -1;
    const synfix_status_t status =
        former == NULL ? open_for_reading(made, error) : open_for_writing(made, former, error);
    if (status != SYNFIX_OK) {
        inventory_close(made);
        return status;
    }
    *inventory = made;
    return SYNFIX_OK;
}

synfix_status_t inventory_open(const char *path, inventory_access_t access, inventory_t **inventory,
                               synfix_error_t *error)
{
    static const inventory_log_t none;
    return open_inventory(path, access == INVENTORY_READ ? NULL : &none, inventory, error);
}

synfix_status_t inventory_open_again(const char *path, const inventory_log_t *former, inventory_t **inventory,
                                     synfix_error_t *error)
{
    return open_inventory(path, former, inventory, error);
}

inventory_log_t inventory_log(const inventory_t *inventory)
{
    return inventory->log;
}

bool inventory_is_missing(const inventory_t *inventory)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    if (inventory->lock_fd < 0) {
        return false;
    }
    const synfix_status_t status = directory_entry_open(&entry, inventory->path, DIRECTORY_ENTRY_NAME, NULL);
    const bool missing =
        status == SYNFIX_OK ? file_is_replaced(&entry, inventory->lock_fd) : status == SYNFIX_NOT_FOUND;
    directory_entry_close(&entry);
    return missing;
}

/* SQLite deletes NAME-wal when the last connection ends. That log may
 * belong to the file that replaced this one, so the log is kept. */
static void leave_log(inventory_t *inventory)
{
    int on = 1;
    if (inventory->database != NULL && inventory_is_missing(inventory)) {
        (void)sqlite3_file_control(inventory->database, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    }
}

void inventory_close(inventory_t *inventory)
{
    if (inventory == NULL) {
        return;
    }
    leave_log(inventory);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(inventory->statements[i]);
    }
    (void)sqlite3_close(inventory->database);
    if (inventory->lock_fd >= 0) {
        (void)close(inventory->lock_fd);
    }
    g_free(inventory->label_ids);
    g_free(inventory->path);
    g_free(inventory);
}
