/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory_internal.h
 * What the files of the inventory share: nobody else includes it.
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
    int lock_fd; /* -1 for a reader; closed last: closing it earlier would drop SQLite's own locks */
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* made when first used */
    int64_t *label_ids;                        /* of the database by the model's number; 0: not yet written */
};

/** SYNFIX status for the database's last error, its text with the path and advice in @p error. */
synfix_status_t inventory_fail(const inventory_t *inventory, synfix_error_t *error);

synfix_status_t inventory_execute(inventory_t *inventory, const char *sql,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Ends a transaction without effect; also when there is none. */
void inventory_rollback(inventory_t *inventory);

/** The first column of the first row. */
synfix_status_t inventory_number(inventory_t *inventory, const char *sql, int64_t *number,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Checks whose database it is; a writer makes or migrates the tables. */
synfix_status_t inventory_prepare_schema(inventory_t *inventory, bool write,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
