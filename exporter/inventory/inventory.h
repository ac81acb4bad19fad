/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory.h
 * An inventory: hosts, their labels, signatures and changes in an SQLite database.
 * docs/reference/inventory.md describes the tables. One process writes an inventory at a time; readers see
 * whole transactions (WAL). A database that is corrupt, locked, of another program or of a newer version is
 * named in the error and not changed. One thread at a time.
 */
#ifndef EXPORTER_INVENTORY_INVENTORY_H
#define EXPORTER_INVENTORY_INVENTORY_H

#include "hosts/host_model.h"
#include <synfix/status.h>
#include <sys/types.h>

/** `PRAGMA application_id` of an inventory: "SYNF". */
#define INVENTORY_APPLICATION_ID 0x53594E46

/** `PRAGMA user_version` of the current schema. A writer migrates older versions. */
#define INVENTORY_VERSION 2

/** Milliseconds that a call waits while another process holds the database. */
#define INVENTORY_BUSY_MS 3000

typedef struct inventory inventory_t;

typedef enum inventory_access {
    INVENTORY_READ, /* the file must exist and stays unchanged */
    INVENTORY_WRITE /* created if missing, migrated if older; locked against other writers until closed */
} inventory_access_t;

/** Returns whether the regular file begins with SQLite's magic. Nothing else is opened: false. */
bool inventory_is_database(const char *path);

/**
 * Opens an inventory. SYNFIX_NOT_FOUND, SYNFIX_PERMISSION, SYNFIX_IO (also a database that stays locked);
 * SYNFIX_INVALID: not an inventory, or damaged; SYNFIX_UNSUPPORTED: a newer version. Errors begin with the
 * path.
 */
synfix_status_t inventory_open(const char *path, inventory_access_t access, inventory_t **inventory,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Whether another process removed or replaced the file of a writer. */
bool inventory_is_missing(const inventory_t *inventory);

/** The log (NAME-wal) of a writer: its file, which may outlive the writer while a reader is connected. */
typedef struct inventory_log {
    dev_t device;
    ino_t inode; /* 0: none */
} inventory_log_t;

/** The log when the file was opened; of a reader: none. */
inventory_log_t inventory_log(const inventory_t *inventory);

/** As inventory_open() for writing, after a former file of the name was removed or replaced. @p former: its
 * log, which is removed first: SQLite would write its pages into the new file. */
synfix_status_t inventory_open_again(const char *path, const inventory_log_t *former, inventory_t **inventory,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** @p inventory may be NULL. */
void inventory_close(inventory_t *inventory);

/** Merges the newest @p limit hosts (0: all) into @p model. */
synfix_status_t inventory_load(inventory_t *inventory, host_model_t *model, uint32_t limit,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

typedef struct inventory_bounds {
    uint64_t hosts;    /* maximum number of hosts, the oldest are removed; 0: no bound */
    int64_t oldest_ns; /* hosts and changes last seen earlier are removed; 0: no bound */
} inventory_bounds_t;

/**
 * Writes the hosts of host_model_updated and applies the bounds in one transaction. A failure writes nothing,
 * and the same hosts count as changed again.
 */
synfix_status_t inventory_save(inventory_t *inventory, host_model_t *model, const inventory_bounds_t *bounds,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
