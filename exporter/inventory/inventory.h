/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory.h
 * An inventory: hosts, their labels, signatures and changes in an SQLite database. docs/inventory.md
 * describes the tables.
 *
 * One process writes an inventory at a time; readers see whole transactions (WAL). A database that is
 * corrupt, locked, of another program or of a newer version is named in the error and not changed. One thread
 * at a time.
 */
#ifndef EXPORTER_INVENTORY_INVENTORY_H
#define EXPORTER_INVENTORY_INVENTORY_H

#include "hosts/host_model.h"
#include <synfix/status.h>

/** `PRAGMA application_id` of an inventory: "SYNF". */
#define INVENTORY_APPLICATION_ID 0x53594E46

/** `PRAGMA user_version` that this program writes. Older ones are migrated by a writer. */
#define INVENTORY_VERSION 1

/** How long a call waits for another process that holds the database, milliseconds. */
#define INVENTORY_BUSY_MS 3000

typedef struct inventory inventory_t;

typedef enum inventory_access {
    INVENTORY_READ, /* the file must exist and is not changed */
    INVENTORY_WRITE /* made when missing, migrated when older; locked against other writers until closed */
} inventory_access_t;

/** Whether the file begins as an SQLite database does. */
bool inventory_is_database(const char *path);

/**
 * NOT_FOUND, PERMISSION, IO; INVALID when the file is no inventory or damaged; UNSUPPORTED when it is of a
 * newer version; AGAIN is never returned: a database that stays locked is IO. Errors begin with the path.
 */
synfix_status_t inventory_open(const char *path, inventory_access_t access, inventory_t **inventory,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
/** NULL is allowed. */
void inventory_close(inventory_t *inventory);

/** Merges the newest @p limit hosts (0: all) into @p model. */
synfix_status_t inventory_load(inventory_t *inventory, host_model_t *model, uint32_t limit,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

typedef struct inventory_bounds {
    uint64_t hosts;    /* the oldest beyond so many are removed; 0: no bound */
    int64_t oldest_ns; /* hosts and changes last seen before are removed; 0: no bound */
} inventory_bounds_t;

/**
 * Writes the hosts that host_model_updated gives out and applies the bounds, in one transaction. After a
 * failure nothing was written, and the same hosts count as updated again.
 */
synfix_status_t inventory_save(inventory_t *inventory, host_model_t *model, const inventory_bounds_t *bounds,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
