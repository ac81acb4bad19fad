/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory_internal.h
 * Shared by the files of the inventory; private to exporter/inventory.
 */
#ifndef EXPORTER_INVENTORY_INVENTORY_INTERNAL_H
#define EXPORTER_INVENTORY_INVENTORY_INTERNAL_H

#include "exporter/inventory/inventory.h"
#include "on_demand/sqlite.h"

typedef enum inventory_statement {
    STATEMENT_ADD_LABEL,
    STATEMENT_SAVE_HOST,
    STATEMENT_CLEAR_LABELS,
    STATEMENT_ADD_HOST_LABEL,
    STATEMENT_CLEAR_SIGNATURES,
    STATEMENT_ADD_SIGNATURE,
    STATEMENT_ADD_CHANGE,
    STATEMENT_COUNT
} inventory_statement_t;

struct inventory {
    char *path;
    sqlite3 *database;
    int version; /* of the tables; a reader does not migrate them */
    int lock_fd; /* -1 for a reader; closed last, because closing it earlier would release SQLite's own locks
                  */
    inventory_log_t log;                       /* of a writer */
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* created at first use */
    int64_t *label_ids;                        /* of the database by the model's number; 0: not yet written */
};

/** Returns the status of the database's last error and writes its text with path and advice to @p error. */
synfix_status_t inventory_fail(const inventory_t *inventory, synfix_error_t *error);

/** Runs one statement without parameters and without results. Errors as inventory_fail(). */
synfix_status_t inventory_execute(inventory_t *inventory, const char *sql,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Rolls back a transaction; without one, does nothing. */
void inventory_rollback(inventory_t *inventory);

/** Reads the first column of the first row. */
synfix_status_t inventory_number(inventory_t *inventory, const char *sql, int64_t *number,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Checks application id and version; a writer creates or migrates the tables. */
synfix_status_t inventory_prepare_schema(inventory_t *inventory, bool write,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
