/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reads the hosts of an inventory into a model. */
#include "exporter/inventory/inventory_internal.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

/* Columns of os_labels, from @p first on, in this order. */
#define LABEL_COLUMNS(table)                                                                                 \
    table ".os_label, " table ".os_class, " table ".os_family, " table ".os_flavor, " table                  \
          ".generic, " table ".tool, " table ".label_id"
#define LABEL_COLUMN_COUNT 7

static const char hosts_sql[] =
    "SELECT h.id, h.address, h.ip_version, h.role, h.vlan, h.customer_vlan, h.tunnel, h.tunnel_id, "
    "h.first_seen,"
    " h.last_seen, h.observations, h.hop_distance, h.distance_is_bound, h.initial_ttl, h.link_mtu, "
    "h.link_label,"
    " h.uptime_measured, h.uptime_seconds, h.uptime_modulus, h.uptime_reliability, h.timestamp_frequency,"
    " h.restarts, h.sharing_score, h.sharing_reasons, h.changes, " LABEL_COLUMNS(
        "l") ", %s FROM hosts h JOIN os_labels l ON l.id = h.os ORDER BY h.last_seen DESC LIMIT ?1";
static const char labels_sql[] = "SELECT h.count, h.quality, " LABEL_COLUMNS(
    "l") ", %s FROM host_labels h JOIN os_labels l ON l.id = h.os "
         "WHERE h.host = ?1 ORDER BY h.count DESC LIMIT ?2";
static const char signatures_sql[] =
    "SELECT h.signature, h.count, h.last_seen, h.match_kind, h.quality, h.hop_distance, h.initial_ttl,"
    " h.distance_is_bound, h.link_mtu, h.link_label, " LABEL_COLUMNS(
        "l") " FROM host_signatures h JOIN os_labels l ON l.id = h.os WHERE h.host = ?1 ORDER BY h.count "
             "DESC LIMIT ?2";
static const char changes_sql[] = "SELECT h.time, h.reasons, h.sharing_score, " LABEL_COLUMNS(
    "b") ", " LABEL_COLUMNS("a") " FROM host_changes h JOIN os_labels b ON b.id = h.os_before JOIN os_labels "
                                 "a ON a.id = h.os_after"
                                 " WHERE h.host = ?1 ORDER BY h.time DESC LIMIT ?2";

#define HOSTS_ADDED  (25 + LABEL_COLUMN_COUNT)
#define LABELS_ADDED (2 + LABEL_COLUMN_COUNT)
/* Columns that version 2 added, and their substitutes in version 1. */
static const char *const hosts_added[] = {"'', '', ''", "h.ip_ids, h.clock_rate, h.clock_offset"};
static const char *const labels_added[] = {"0, 0", "h.version_quality, l.clock"};

typedef struct loading {
    inventory_t *inventory;
    host_model_t *model;
    sqlite3_stmt *hosts;
    sqlite3_stmt *labels;
    sqlite3_stmt *signatures;
    sqlite3_stmt *changes;
} loading_t;

static const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text != NULL ? (const char *)text : "";
}

/* Returns a number of the database, limited to the range of the field. */
static uint64_t column_number(sqlite3_stmt *statement, int column, uint64_t maximum)
{
    const int64_t number = sqlite3_column_int64(statement, column);
    return number < 0 ? 0 : ((uint64_t)number > maximum ? maximum : (uint64_t)number);
}

static const host_label_t *column_label(const loading_t *loading, sqlite3_stmt *statement, int first)
{
    host_labels_t *labels = host_model_labels(loading->model);
    const synfix_label_t label = {
        .text = column_text(statement, first),
        .os_class = column_text(statement, first + 1),
        .name = column_text(statement, first + 2),
        .flavor = column_text(statement, first + 3),
        .type = sqlite3_column_int(statement, first + 4) != 0 ? 'g' : 's',
        .tool = sqlite3_column_int(statement, first + 5) != 0,
        .id = (uint32_t)column_number(statement, first + 6, UINT32_MAX),
    };
    return host_labels_at(labels, host_labels_add(labels, &label));
}

/* The labels of the model store the text of a link. */
static const char *column_link(const loading_t *loading, sqlite3_stmt *statement, int column)
{
    host_labels_t *labels = host_model_labels(loading->model);
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return NULL;
    }
    return host_labels_at(labels, host_labels_add_text(labels, column_text(statement, column)))->text;
}

static uint8_t tunnel_kind(const char *name)
{
    for (unsigned kind = 1; kind < SYNFIX_ENCAPSULATION_COUNT; kind++) {
        if (strcmp(synfix_encapsulation_name(kind), name) == 0) {
            return (uint8_t)kind;
        }
    }
    return SYNFIX_ENCAPSULATION_NONE;
}

static uint16_t column_vlan(sqlite3_stmt *statement, int column)
{
    const int number = sqlite3_column_int(statement, column);
    return number >= 0 && number < 4096 ? (uint16_t)number : HOST_NO_VLAN;
}

static bool read_key(sqlite3_stmt *statement, host_key_t *key)
{
    *key = (host_key_t){
        .ip_version = sqlite3_column_int(statement, 2) == 6 ? 6 : 4,
        .role = strcmp(column_text(statement, 3), "server") == 0 ? HOST_SERVER : HOST_CLIENT,
        .vlan_id = column_vlan(statement, 4),
        .customer_vlan_id = column_vlan(statement, 5),
        .tunnel_kind = tunnel_kind(column_text(statement, 6)),
        .tunnel_id = (uint32_t)column_number(statement, 7, UINT32_MAX),
    };
    return inet_pton(key->ip_version == 6 ? AF_INET6 : AF_INET, column_text(statement, 1),
                     key->address.bytes) == 1;
}

static void read_host(const loading_t *loading, host_row_t *row)
{
    sqlite3_stmt *statement = loading->hosts;
    row->first_ns = sqlite3_column_int64(statement, 8);
    row->last_ns = sqlite3_column_int64(statement, 9);
    row->observations = column_number(statement, 10, INT64_MAX);
    row->distance = (uint8_t)column_number(statement, 11, UINT8_MAX);
    row->random_ttl = sqlite3_column_int(statement, 12) != 0;
    row->initial_ttl = (uint8_t)column_number(statement, 13, UINT8_MAX);
    row->link_mtu = (uint16_t)column_number(statement, 14, UINT16_MAX);
    row->link_label = column_link(loading, statement, 15);
    row->uptime = (host_uptime_t){
        .measured_ns = sqlite3_column_int64(statement, 16),
        .seconds = column_number(statement, 17, INT64_MAX),
        .modulus = column_number(statement, 18, INT64_MAX),
        .reliability = (uint8_t)column_number(statement, 19, SYNFIX_UPTIME_RANDOMISED),
        .frequency = (uint16_t)column_number(statement, 20, UINT16_MAX),
        .restarts = (uint32_t)column_number(statement, 21, UINT32_MAX),
    };
    row->score = (uint8_t)column_number(statement, 22, 100);
    row->reasons = host_reasons_parse(column_text(statement, 23)) & SYNFIX_HOST_SHARING_REASONS;
    row->changes_seen = column_number(statement, 24, UINT32_MAX);
    row->label = column_label(loading, statement, 25);
    row->habits = (host_habits_t){
        .ip_id = ip_id_habit_parse(column_text(statement, HOSTS_ADDED)),
        .rate = clock_rate_parse(column_text(statement, HOSTS_ADDED + 1)),
        .offset = clock_offset_parse(column_text(statement, HOSTS_ADDED + 2)),
    };
}

static void read_label(const loading_t *loading, host_row_t *row)
{
    host_labels_t *labels = host_model_labels(loading->model);
    const host_label_t *label = column_label(loading, loading->labels, 2);
    host_labels_add_clock(labels, label->number,
                          (uint32_t)column_number(loading->labels, LABELS_ADDED + 1, UINT32_MAX));
    row->labels[row->label_count++] = (host_label_count_t){
        .count = column_number(loading->labels, 0, UINT32_MAX),
        .quality = (uint8_t)column_number(loading->labels, 1, 100),
        .version_quality = (uint8_t)column_number(loading->labels, LABELS_ADDED, 100),
        .label = label,
    };
}

static void read_signature(const loading_t *loading, host_row_t *row)
{
    sqlite3_stmt *statement = loading->signatures;
    host_signature_count_t *signature = &row->signatures[row->signature_count];
    const char *text = column_text(statement, 0);
    *signature = (host_signature_count_t){
        .count = column_number(statement, 1, UINT32_MAX),
        .last_ns = sqlite3_column_int64(statement, 2),
        .match_kind = (uint8_t)column_number(statement, 3, SYNFIX_MATCH_FUZZY_GENERIC),
        .quality = (uint8_t)column_number(statement, 4, 100),
        .distance = (uint8_t)column_number(statement, 5, UINT8_MAX),
        .initial_ttl = (uint8_t)column_number(statement, 6, UINT8_MAX),
        .random_ttl = sqlite3_column_int(statement, 7) != 0,
        .link_mtu = (uint16_t)column_number(statement, 8, UINT16_MAX),
        .link_label = column_link(loading, statement, 9),
        .label = column_label(loading, statement, 10),
    };
    if (synfix_signature_parse(text, strlen(text), &signature->signature, NULL) == SYNFIX_OK) {
        row->signature_count++;
    }
}

static void read_change(const loading_t *loading, host_row_t *row)
{
    sqlite3_stmt *statement = loading->changes;
    row->changes[row->change_count++] = (host_change_t){
        .time_ns = sqlite3_column_int64(statement, 0),
        .reasons = host_reasons_parse(column_text(statement, 1)),
        .score = (uint8_t)column_number(statement, 2, 100),
        .before = column_label(loading, statement, 3),
        .after = column_label(loading, statement, 3 + LABEL_COLUMN_COUNT),
    };
}

/* Calls @p read for each row of @p statement for the host; false on a failure. */
static bool read_list(const loading_t *loading, sqlite3_stmt *statement, int64_t host, unsigned limit,
                      void (*read)(const loading_t *loading, host_row_t *row), host_row_t *row)
{
    int result = SQLITE_OK;
    (void)sqlite3_bind_int64(statement, 1, host);
    (void)sqlite3_bind_int64(statement, 2, limit);
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        read(loading, row);
    }
    (void)sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

static synfix_status_t load_host(const loading_t *loading, synfix_error_t *error)
{
    host_row_t row = {.observations = 0};
    const int64_t host = sqlite3_column_int64(loading->hosts, 0);
    if (!read_key(loading->hosts, &row.key)) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: host %lld: '%s' is not an address",
                           loading->inventory->path, (long long)host, column_text(loading->hosts, 1));
    }
    read_host(loading, &row);
    if (!read_list(loading, loading->labels, host, HOST_LABELS_MAX, read_label, &row) ||
        !read_list(loading, loading->signatures, host, HOST_SIGNATURES_MAX, read_signature, &row) ||
        !read_list(loading, loading->changes, host, HOST_CHANGES_MAX, read_change, &row)) {
        return inventory_fail(loading->inventory, error);
    }
    return host_model_merge(loading->model, &row)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", loading->inventory->path);
}

static synfix_status_t load_hosts(const loading_t *loading, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    int result = SQLITE_OK;
    while (status == SYNFIX_OK && (result = sqlite3_step(loading->hosts)) == SQLITE_ROW) {
        status = load_host(loading, error);
    }
    return status == SYNFIX_OK && result != SQLITE_DONE ? inventory_fail(loading->inventory, error) : status;
}

synfix_status_t inventory_load(inventory_t *inventory, host_model_t *model, uint32_t limit,
                               synfix_error_t *error)
{
    loading_t loading = {.inventory = inventory, .model = model};
    const bool added = inventory->version > 1;
    g_autofree char *hosts = g_strdup_printf(hosts_sql, hosts_added[added]);
    g_autofree char *labels = g_strdup_printf(labels_sql, labels_added[added]);
    const struct {
        const char *sql;
        sqlite3_stmt **statement;
    } statements[] = {
        {hosts, &loading.hosts},
        {labels, &loading.labels},
        {signatures_sql, &loading.signatures},
        {changes_sql, &loading.changes},
    };
    /* One transaction, so that a writer cannot change hosts in between. */
    synfix_status_t status = inventory_execute(inventory, "BEGIN", error);
    for (size_t i = 0; status == SYNFIX_OK && i < sizeof statements / sizeof statements[0]; i++) {
        if (sqlite3_prepare_v2(inventory->database, statements[i].sql, -1, statements[i].statement, NULL) !=
            SQLITE_OK) {
            status = inventory_fail(inventory, error);
        }
    }
    if (status == SYNFIX_OK) {
        (void)sqlite3_bind_int64(loading.hosts, 1, limit != 0 ? (int64_t)limit : -1);
        status = load_hosts(&loading, error);
    }
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        (void)sqlite3_finalize(*statements[i].statement);
    }
    inventory_rollback(inventory);
    return status;
}
