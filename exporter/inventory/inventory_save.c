/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Writes the hosts of a model into an inventory. */
#include "exporter/inventory/inventory_internal.h"

#include <glib.h>

static const char *const statement_texts[STATEMENT_COUNT] = {
    [STATEMENT_ADD_LABEL] =
        "INSERT INTO os_labels(os_label, os_class, os_family, os_flavor, generic, tool, label_id, clock)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT(os_label, os_class, os_family, os_flavor, generic) DO UPDATE SET tool = excluded.tool,"
        " clock = max(clock, excluded.clock)"
        " RETURNING id",
    [STATEMENT_SAVE_HOST] =
        "INSERT INTO hosts(address, ip_version, role, vlan, customer_vlan, tunnel, tunnel_id, first_seen, "
        "last_seen,"
        " observations, os, os_quality, tool, hop_distance, distance_is_bound, initial_ttl, link_mtu, "
        "link_label,"
        " uptime_measured, uptime_seconds, uptime_modulus, uptime_reliability, timestamp_frequency, restarts,"
        " sharing_score, sharing_reasons, changes, os_version_quality, ip_ids, clock_rate, clock_offset)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
        "?21,"
        " ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)"
        " ON CONFLICT(address, role, vlan, customer_vlan, tunnel, tunnel_id) DO UPDATE SET"
        " first_seen = ?8, last_seen = ?9, observations = ?10, os = ?11, os_quality = ?12, tool = ?13,"
        " hop_distance = ?14, distance_is_bound = ?15, initial_ttl = ?16, link_mtu = ?17, link_label = ?18,"
        " uptime_measured = ?19, uptime_seconds = ?20, uptime_modulus = ?21, uptime_reliability = ?22,"
        " timestamp_frequency = ?23, restarts = ?24, sharing_score = ?25, sharing_reasons = ?26, changes = "
        "?27, os_version_quality = ?28, ip_ids = ?29, clock_rate = ?30, clock_offset = ?31"
        " RETURNING id",
    [STATEMENT_CLEAR_LABELS] = "DELETE FROM host_labels WHERE host = ?1",
    [STATEMENT_ADD_HOST_LABEL] = "INSERT OR REPLACE INTO host_labels(host, os, count, quality, "
                                 "version_quality) VALUES(?1, ?2, ?3, ?4, ?5)",
    [STATEMENT_CLEAR_SIGNATURES] = "DELETE FROM host_signatures WHERE host = ?1",
    [STATEMENT_ADD_SIGNATURE] =
        "INSERT OR REPLACE INTO host_signatures(host, signature, os, count, last_seen, match_kind, quality,"
        " hop_distance, initial_ttl, distance_is_bound, link_mtu, link_label)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [STATEMENT_ADD_CHANGE] =
        "INSERT OR IGNORE INTO host_changes(host, time, reasons, sharing_score, os_before, os_after)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
};

typedef struct saving {
    inventory_t *inventory;
    synfix_status_t status;
    synfix_error_t *error;
} saving_t;

/* Returns NULL after a failure, which is recorded. */
static sqlite3_stmt *statement_of(saving_t *saving, inventory_statement_t which)
{
    sqlite3_stmt **statement = &saving->inventory->statements[which];
    if (saving->status == SYNFIX_OK && *statement == NULL &&
        sqlite3_prepare_v3(saving->inventory->database, statement_texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                           statement, NULL) != SQLITE_OK) {
        saving->status = inventory_fail(saving->inventory, saving->error);
    }
    return saving->status == SYNFIX_OK ? *statement : NULL;
}

/* Executes a statement and returns the number that it yields, if any. */
static int64_t run(saving_t *saving, sqlite3_stmt *statement)
{
    int64_t number = 0;
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        number = sqlite3_column_int64(statement, 0);
    }
    if (result != SQLITE_DONE) {
        saving->status = inventory_fail(saving->inventory, saving->error);
    }
    (void)sqlite3_reset(statement);
    return number;
}

static void bind_number(sqlite3_stmt *statement, int parameter, uint64_t number)
{
    (void)sqlite3_bind_int64(statement, parameter, number <= INT64_MAX ? (int64_t)number : INT64_MAX);
}

static void bind_known(sqlite3_stmt *statement, int parameter, uint64_t number)
{
    if (number != 0) {
        bind_number(statement, parameter, number);
    } else {
        (void)sqlite3_bind_null(statement, parameter);
    }
}

/* Binds a text; NULL binds NULL. The text must outlive the execution. */
static void bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
    (void)sqlite3_bind_text(statement, parameter, text, -1, SQLITE_STATIC);
}

static int64_t label_id(saving_t *saving, const host_label_t *label)
{
    int64_t *known = &saving->inventory->label_ids[label->number];
    sqlite3_stmt *statement = *known == 0 ? statement_of(saving, STATEMENT_ADD_LABEL) : NULL;
    if (statement == NULL) {
        return *known;
    }
    bind_text(statement, 1, label->text);
    bind_text(statement, 2, label->os_class);
    bind_text(statement, 3, label->family);
    bind_text(statement, 4, label->flavor);
    bind_number(statement, 5, label->generic);
    bind_number(statement, 6, label->tool);
    bind_number(statement, 7, label->id);
    bind_number(statement, 8, host_label_clock(label));
    *known = run(saving, statement);
    return *known;
}

static int vlan_number(uint16_t vlan)
{
    return vlan == HOST_NO_VLAN ? -1 : vlan;
}

static void bind_key(sqlite3_stmt *statement, const host_key_t *key, const char *address)
{
    bind_text(statement, 1, address);
    bind_number(statement, 2, key->ip_version);
    bind_text(statement, 3, host_role_name(key->role));
    (void)sqlite3_bind_int(statement, 4, vlan_number(key->vlan_id));
    (void)sqlite3_bind_int(statement, 5, vlan_number(key->customer_vlan_id));
    bind_text(statement, 6, key->tunnel_kind != 0 ? synfix_encapsulation_name(key->tunnel_kind) : "");
    bind_number(statement, 7, key->tunnel_id);
}

static void bind_uptime(sqlite3_stmt *statement, const host_uptime_t *uptime)
{
    bind_known(statement, 19, (uint64_t)uptime->measured_ns);
    bind_known(statement, 20, uptime->seconds);
    bind_known(statement, 21, uptime->modulus);
    bind_number(statement, 22, uptime->reliability);
    bind_known(statement, 23, uptime->frequency);
    bind_number(statement, 24, uptime->restarts);
}

/* A habit that is not known is an empty text. */
static void bind_habits(sqlite3_stmt *statement, const host_row_t *row)
{
    const char *const names[] = {ip_id_habit_name(row->habits.ip_id), clock_rate_name(row->habits.rate),
                                 clock_offset_name(row->habits.offset)};
    bind_number(statement, 28, row->version_quality);
    for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
        bind_text(statement, 29 + i, names[i] != NULL ? names[i] : "");
    }
}

static int64_t save_row(saving_t *saving, const host_row_t *row)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    char reasons[HOST_REASONS_TEXT_SIZE];
    const int64_t os = label_id(saving, row->label);
    sqlite3_stmt *statement = statement_of(saving, STATEMENT_SAVE_HOST);
    if (statement == NULL) {
        return 0;
    }
    (void)synfix_address_format(&row->key.address, row->key.ip_version, address);
    (void)host_reasons_format(row->reasons, reasons);
    bind_key(statement, &row->key, address);
    (void)sqlite3_bind_int64(statement, 8, row->first_ns);
    (void)sqlite3_bind_int64(statement, 9, row->last_ns);
    bind_number(statement, 10, row->observations);
    (void)sqlite3_bind_int64(statement, 11, os);
    bind_number(statement, 12, row->quality);
    bind_number(statement, 13, row->tool);
    bind_number(statement, 14, row->distance);
    bind_number(statement, 15, row->random_ttl);
    bind_number(statement, 16, row->initial_ttl);
    bind_known(statement, 17, row->link_mtu);
    bind_text(statement, 18, row->link_label);
    bind_uptime(statement, &row->uptime);
    bind_number(statement, 25, row->score);
    bind_text(statement, 26, reasons);
    bind_number(statement, 27, row->changes_seen);
    bind_habits(statement, row);
    return run(saving, statement);
}

static void clear(saving_t *saving, inventory_statement_t which, int64_t host)
{
    sqlite3_stmt *statement = statement_of(saving, which);
    if (statement == NULL) {
        return;
    }
    (void)sqlite3_bind_int64(statement, 1, host);
    (void)run(saving, statement);
}

static void save_label(saving_t *saving, int64_t host, const host_label_count_t *count)
{
    const int64_t os = label_id(saving, count->label);
    sqlite3_stmt *statement = statement_of(saving, STATEMENT_ADD_HOST_LABEL);
    if (statement == NULL) {
        return;
    }
    (void)sqlite3_bind_int64(statement, 1, host);
    (void)sqlite3_bind_int64(statement, 2, os);
    bind_number(statement, 3, count->count);
    bind_number(statement, 4, count->quality);
    bind_number(statement, 5, count->version_quality);
    (void)run(saving, statement);
}

static void save_signature(saving_t *saving, int64_t host, const host_signature_count_t *from)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    const int64_t os = label_id(saving, from->label);
    sqlite3_stmt *statement = statement_of(saving, STATEMENT_ADD_SIGNATURE);
    if (statement == NULL) {
        return;
    }
    (void)synfix_signature_format(&from->signature, text);
    (void)sqlite3_bind_int64(statement, 1, host);
    bind_text(statement, 2, text);
    (void)sqlite3_bind_int64(statement, 3, os);
    bind_number(statement, 4, from->count);
    (void)sqlite3_bind_int64(statement, 5, from->last_ns);
    bind_number(statement, 6, from->match_kind);
    bind_number(statement, 7, from->quality);
    bind_number(statement, 8, from->distance);
    bind_number(statement, 9, from->initial_ttl);
    bind_number(statement, 10, from->random_ttl);
    bind_known(statement, 11, from->link_mtu);
    bind_text(statement, 12, from->link_label);
    (void)run(saving, statement);
}

static void save_change(saving_t *saving, int64_t host, const host_change_t *change)
{
    char reasons[HOST_REASONS_TEXT_SIZE];
    const int64_t before = label_id(saving, change->before);
    const int64_t after = label_id(saving, change->after);
    sqlite3_stmt *statement = statement_of(saving, STATEMENT_ADD_CHANGE);
    if (statement == NULL) {
        return;
    }
    (void)host_reasons_format(change->reasons, reasons);
    (void)sqlite3_bind_int64(statement, 1, host);
    (void)sqlite3_bind_int64(statement, 2, change->time_ns);
    bind_text(statement, 3, reasons);
    bind_number(statement, 4, change->score);
    (void)sqlite3_bind_int64(statement, 5, before);
    (void)sqlite3_bind_int64(statement, 6, after);
    (void)run(saving, statement);
}

static bool save_host(const host_row_t *row, void *user)
{
    saving_t *saving = user;
    const int64_t host = save_row(saving, row);
    clear(saving, STATEMENT_CLEAR_LABELS, host);
    for (size_t i = 0; i < row->label_count; i++) {
        save_label(saving, host, &row->labels[i]);
    }
    clear(saving, STATEMENT_CLEAR_SIGNATURES, host);
    for (size_t i = 0; i < row->signature_count; i++) {
        save_signature(saving, host, &row->signatures[i]);
    }
    for (size_t i = 0; i < row->change_count; i++) {
        save_change(saving, host, &row->changes[i]);
    }
    return saving->status == SYNFIX_OK;
}

static void apply_bounds(saving_t *saving, const inventory_bounds_t *bounds)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    if (bounds->oldest_ns != 0) {
        g_string_append_printf(sql,
                               "DELETE FROM host_changes WHERE time < %" G_GINT64_FORMAT
                               "; DELETE FROM hosts WHERE last_seen < %" G_GINT64_FORMAT ";",
                               bounds->oldest_ns, bounds->oldest_ns);
    }
    if (bounds->hosts != 0) {
        g_string_append_printf(sql,
                               "DELETE FROM hosts WHERE id IN (SELECT id FROM hosts ORDER BY last_seen LIMIT"
                               " max(0, (SELECT count(*) FROM hosts) - %" G_GUINT64_FORMAT "));",
                               bounds->hosts);
    }
    if (saving->status == SYNFIX_OK && sql->len > 0) {
        saving->status = inventory_execute(saving->inventory, sql->str, saving->error);
    }
}

synfix_status_t inventory_save(inventory_t *inventory, host_model_t *model, const inventory_bounds_t *bounds,
                               synfix_error_t *error)
{
    saving_t saving = {.inventory = inventory, .error = error};
    if (inventory->label_ids == NULL) {
        inventory->label_ids = g_new0(int64_t, HOST_LABELS_LIMIT);
    }
    saving.status = inventory_execute(inventory, "BEGIN IMMEDIATE", error);
    if (saving.status != SYNFIX_OK) {
        return saving.status;
    }
    (void)host_model_updated(model, SIZE_MAX, save_host, &saving);
    apply_bounds(&saving, bounds);
    if (saving.status == SYNFIX_OK) {
        saving.status = inventory_execute(inventory, "COMMIT", error);
    }
    if (saving.status == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    inventory_rollback(inventory);
    /* Forgets labels that the failed transaction wrote. */
    memset(inventory->label_ids, 0, HOST_LABELS_LIMIT * sizeof *inventory->label_ids);
    host_model_restore_updated(model);
    return saving.status;
}
