/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tables of an inventory, one step for each version. */
#include "exporter/inventory/inventory_internal.h"

#include <glib.h>

/* A step brings version n to n + 1. Steps never change once released. Times are nanoseconds since the epoch.
 */
static const char *const steps[INVENTORY_VERSION] = {
    "CREATE TABLE os_labels(\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  os_label TEXT NOT NULL, os_class TEXT NOT NULL, os_family TEXT NOT NULL, os_flavor TEXT NOT NULL,\n"
    "  generic INTEGER NOT NULL, tool INTEGER NOT NULL, label_id INTEGER NOT NULL,\n"
    "  UNIQUE(os_label, os_class, os_family, os_flavor, generic));\n"
    "CREATE TABLE hosts(\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  address TEXT NOT NULL, ip_version INTEGER NOT NULL CHECK(ip_version IN (4, 6)),\n"
    "  role TEXT NOT NULL CHECK(role IN ('client', 'server')),\n"
    "  vlan INTEGER NOT NULL DEFAULT -1, customer_vlan INTEGER NOT NULL DEFAULT -1,\n"
    "  tunnel TEXT NOT NULL DEFAULT '', tunnel_id INTEGER NOT NULL DEFAULT 0,\n"
    "  first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, observations INTEGER NOT NULL,\n"
    "  os INTEGER NOT NULL REFERENCES os_labels, os_quality INTEGER NOT NULL, tool INTEGER NOT NULL,\n"
    "  hop_distance INTEGER NOT NULL, distance_is_bound INTEGER NOT NULL, initial_ttl INTEGER NOT NULL,\n"
    "  link_mtu INTEGER, link_label TEXT,\n"
    "  uptime_measured INTEGER, uptime_seconds INTEGER, uptime_modulus INTEGER,\n"
    "  uptime_reliability INTEGER NOT NULL, timestamp_frequency INTEGER, restarts INTEGER NOT NULL,\n"
    "  sharing_score INTEGER NOT NULL, sharing_reasons TEXT NOT NULL, changes INTEGER NOT NULL,\n"
    "  UNIQUE(address, role, vlan, customer_vlan, tunnel, tunnel_id));\n"
    "CREATE INDEX hosts_by_last_seen ON hosts(last_seen);\n"
    "CREATE TABLE host_labels(\n"
    "  host INTEGER NOT NULL REFERENCES hosts ON DELETE CASCADE,\n"
    "  os INTEGER NOT NULL REFERENCES os_labels, count INTEGER NOT NULL, quality INTEGER NOT NULL,\n"
    "  PRIMARY KEY(host, os)) WITHOUT ROWID;\n"
    "CREATE TABLE host_signatures(\n"
    "  host INTEGER NOT NULL REFERENCES hosts ON DELETE CASCADE,\n"
    "  signature TEXT NOT NULL, os INTEGER NOT NULL REFERENCES os_labels,\n"
    "  count INTEGER NOT NULL, last_seen INTEGER NOT NULL, match_kind INTEGER NOT NULL,\n"
    "  quality INTEGER NOT NULL, hop_distance INTEGER NOT NULL, initial_ttl INTEGER NOT NULL,\n"
    "  distance_is_bound INTEGER NOT NULL, link_mtu INTEGER, link_label TEXT,\n"
    "  PRIMARY KEY(host, signature, os)) WITHOUT ROWID;\n"
    "CREATE TABLE host_changes(\n"
    "  host INTEGER NOT NULL REFERENCES hosts ON DELETE CASCADE,\n"
    "  time INTEGER NOT NULL, reasons TEXT NOT NULL, sharing_score INTEGER NOT NULL,\n"
    "  os_before INTEGER NOT NULL REFERENCES os_labels, os_after INTEGER NOT NULL REFERENCES os_labels,\n"
    "  PRIMARY KEY(host, time, reasons)) WITHOUT ROWID;\n"
    "CREATE INDEX host_changes_by_time ON host_changes(time);\n"
    "CREATE VIEW host_overview AS\n"
    "  SELECT address, role, vlan, customer_vlan, tunnel, tunnel_id,\n"
    "    datetime(first_seen / 1000000000, 'unixepoch') AS first_seen_utc,\n"
    "    datetime(last_seen / 1000000000, 'unixepoch') AS last_seen_utc,\n"
    "    observations, os_label, os_family, os_quality, hosts.tool, hop_distance, link_mtu, link_label,\n"
    "    uptime_seconds, restarts, sharing_score, sharing_reasons, changes\n"
    "  FROM hosts JOIN os_labels ON os_labels.id = hosts.os;\n",
    "ALTER TABLE os_labels ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;\n"
    "ALTER TABLE hosts ADD COLUMN os_version_quality INTEGER NOT NULL DEFAULT 0;\n"
    "ALTER TABLE hosts ADD COLUMN ip_ids TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE hosts ADD COLUMN clock_rate TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE hosts ADD COLUMN clock_offset TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE host_labels ADD COLUMN version_quality INTEGER NOT NULL DEFAULT 0;\n",
};

static synfix_status_t migrate(inventory_t *inventory, int64_t version, synfix_error_t *error)
{
    synfix_status_t status = inventory_execute(inventory, "BEGIN IMMEDIATE", error);
    for (int64_t i = version; status == SYNFIX_OK && i < INVENTORY_VERSION; i++) {
        status = inventory_execute(inventory, steps[i], error);
    }
    g_autofree char *marks = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                                             INVENTORY_APPLICATION_ID, INVENTORY_VERSION);
    if (status == SYNFIX_OK) {
        status = inventory_execute(inventory, marks, error);
    }
    if (status != SYNFIX_OK) {
        inventory_rollback(inventory);
    }
    return status;
}

/* Checks application id and version. */
static synfix_status_t check_marks(inventory_t *inventory, bool write, int64_t *version,
                                   synfix_error_t *error)
{
    int64_t application = 0;
    int64_t tables = 0;
    synfix_status_t status =
        inventory_number(inventory, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (status == SYNFIX_OK) {
        status = inventory_number(inventory, "PRAGMA application_id", &application, error);
    }
    if (status == SYNFIX_OK) {
        status = inventory_number(inventory, "PRAGMA user_version", version, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    if (tables == 0 && application == 0 && *version == 0 && write) {
        return SYNFIX_OK;
    }
    if (application != INVENTORY_APPLICATION_ID) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: an SQLite database of another program, and not changed; name another file",
                           inventory->path);
    }
    if (*version > INVENTORY_VERSION) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "%s: an inventory of version %d, and not changed; this program knows versions up "
                           "to %d: use the newer synfix that wrote it",
                           inventory->path, (int)*version, INVENTORY_VERSION);
    }
    return SYNFIX_OK;
}

static synfix_status_t check_pages(inventory_t *inventory, synfix_error_t *error)
{
    sqlite3_stmt *statement = NULL;
    synfix_status_t status = SYNFIX_OK;
    if (sqlite3_prepare_v2(inventory->database, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        status = inventory_fail(inventory, error);
    } else {
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        g_autofree char *text = g_strdelimit(g_strdup(found != NULL ? found : ""), "\n", ' ');
        if (g_strcmp0(text, "ok") != 0) {
            status = synfix_fail(error, SYNFIX_INVALID,
                                 "%s: the database is damaged (%s), and was not changed; `sqlite3 %s "
                                 ".recover` recovers the readable part",
                                 inventory->path, text, inventory->path);
        }
    }
    (void)sqlite3_finalize(statement);
    return status;
}

synfix_status_t inventory_prepare_schema(inventory_t *inventory, bool write, synfix_error_t *error)
{
    int64_t version = 0;
    synfix_status_t status = check_marks(inventory, write, &version, error);
    if (status == SYNFIX_OK) {
        status = check_pages(inventory, error);
    }
    inventory->version = write ? INVENTORY_VERSION : (int)version;
    if (status != SYNFIX_OK || !write) {
        return status;
    }
    status = inventory_execute(
        inventory,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
        "PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 16777216",
        error);
    return status == SYNFIX_OK && version < INVENTORY_VERSION ? migrate(inventory, version, error) : status;
}
