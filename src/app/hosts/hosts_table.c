/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_print.h"
#include "app/hosts/hosts_print_internal.h"
#include "base/message_text.h"
#include <string.h>

#define FAMILIES_MAX 12u /* lines of totals; the others are summed up */
#define BOLD         "\033[1m"
#define YELLOW       "\033[33m"
#define PLAIN        "\033[0m"
#define ROLE_COLUMNS 6
#define LABEL_MIN    12
#define LABEL_ENOUGH 24 /* columns that a label may take before columns are omitted for its sake */

enum { QUALITY, DISTANCE, MTU, UPTIME, SHARE, SEEN, LAST, FACTS };

/* Facts after the label. A narrow terminal omits those with the highest numbers in `drop`. */
static const struct {
    const char *title;
    glong columns;
    int drop;
} facts[FACTS] = {
    [QUALITY] = {"Qua", 3, 0},           [DISTANCE] = {"Dist", 4, 3}, [MTU] = {"MTU", 5, 5},
    [UPTIME] = {"Uptime", 6, 2},         [SHARE] = {"Share", 5, 1},   [SEEN] = {"Seen", 8, 6},
    [LAST] = {"Last seen (UTC)", 19, 4},
};

#define DATE_COLUMNS 15 /* a date below the title */

typedef struct table_layout {
    glong address_columns;
    glong label_columns;
    bool shown[FACTS];
    bool date_only; /* of the last observation */
    bool colour;
} table_layout_t;

/* The two numbers differ if hosts were observed in both roles. */
static void print_totals(GString *out, const host_totals_t *totals)
{
    guint64 others = 0;
    g_string_append_printf(out, "%" G_GUINT64_FORMAT " host%s", totals->hosts, plural(totals->hosts));
    if (totals->rows != totals->hosts) {
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " rows: one for each role (client, server)",
                               totals->rows);
    }
    g_string_append(out, totals->rows > 0 ? "\n\n" : "");
    for (guint i = 0; i < totals->families->len; i++) {
        const family_total_t *total = &g_array_index(totals->families, family_total_t, i);
        if (i < FAMILIES_MAX) {
            g_string_append_printf(out, "%8" G_GUINT64_FORMAT "  %s\n", total->hosts, total->name);
        } else {
            others += total->hosts;
        }
    }
    if (others > 0) {
        g_string_append_printf(out, "%8" G_GUINT64_FORMAT "  other families\n", others);
    }
    g_string_append_c(out, '\n');
}

/* Appends @p text padded to @p columns characters; a longer text ends with `…`. */
static void add_padded(GString *out, const char *text, glong columns)
{
    const glong length = g_utf8_strlen(text, -1);
    if (length > columns) {
        g_autofree char *cut = g_utf8_substring(text, 0, columns - 1);
        g_string_append_printf(out, "%s…", cut);
    } else {
        g_string_append(out, text);
        g_string_append_printf(out, "%*s", (int)(columns - length), "");
    }
}

static char *uptime_text(const host_row_t *row)
{
    const uint64_t seconds = row->uptime.seconds;
    if (row->uptime.measured_ns == 0 || seconds == 0) {
        return g_strdup("");
    }
    const char *mark = row->uptime.reliability == SYNFIX_UPTIME_ONE_LINE ? "" : "?";
    return seconds >= 86400 ? g_strdup_printf("%" G_GUINT64_FORMAT "d%s", seconds / 86400, mark)
                            : g_strdup_printf("%" G_GUINT64_FORMAT "h%s", seconds / 3600, mark);
}

static char *fact_text(const host_row_t *row, const table_layout_t *layout, int fact)
{
    char *last;
    switch (fact) {
    case QUALITY:
        return g_strdup_printf("%u", row->quality);
    case DISTANCE:
        return g_strdup_printf("%u", row->distance);
    case MTU:
        return row->link_mtu != 0 ? g_strdup_printf("%u", row->link_mtu) : g_strdup("");
    case UPTIME:
        return uptime_text(row);
    case SHARE:
        return g_strdup_printf("%u", row->score);
    case SEEN:
        return g_strdup_printf("%" G_GUINT64_FORMAT, row->observations);
    default:
        last = hosts_time_text(row->last_ns);
        if (layout->date_only) {
            last[strcspn(last, " ")] = '\0';
        }
        return last;
    }
}

/* Numbers are aligned to the right; the time, at the end of the line, to the left. */
static void add_fact(GString *out, int fact, const char *text)
{
    if (fact == LAST) {
        g_string_append_printf(out, "  %s", text);
    } else {
        g_string_append_printf(out, " %*s", (int)facts[fact].columns, text);
    }
}

static void add_line(GString *out, const host_row_t *row, const void *user)
{
    const table_layout_t *layout = user;
    char address[HOST_KEY_TEXT_SIZE];
    host_key_format(&row->key, address);
    g_autofree char *system = host_system_text(row);
    const bool marked = layout->colour && (row->tool || host_row_shared(row));
    g_string_append(out, marked ? YELLOW : "");
    add_padded(out, address, layout->address_columns);
    g_string_append_printf(out, " %-*s ", ROLE_COLUMNS, host_role_name(row->key.role));
    add_padded(out, system, layout->label_columns);
    for (int i = 0; i < FACTS; i++) {
        if (layout->shown[i]) {
            g_autofree char *text = fact_text(row, layout, i);
            add_fact(out, i, text);
        }
    }
    g_string_append_printf(out, "%s\n", marked ? PLAIN : "");
}

static void add_heading(GString *out, const table_layout_t *layout)
{
    g_string_append(out, layout->colour ? BOLD : "");
    add_padded(out, "Address", layout->address_columns);
    g_string_append_printf(out, " %-*s ", ROLE_COLUMNS, "Role");
    add_padded(out, "System", layout->label_columns);
    for (int i = 0; i < FACTS; i++) {
        if (layout->shown[i]) {
            add_fact(out, i, facts[i].title);
        }
    }
    g_string_append_printf(out, "%s\n", layout->colour ? PLAIN : "");
}

/* Columns of all facts that are shown, with their spaces. */
static glong facts_columns(const table_layout_t *layout)
{
    glong columns = layout->shown[LAST] ? 1 : 0;
    for (int i = 0; i < FACTS; i++) {
        columns += layout->shown[i] ? facts[i].columns + 1 : 0;
    }
    return columns - (layout->date_only && layout->shown[LAST] ? facts[LAST].columns - DATE_COLUMNS : 0);
}

static int next_to_drop(const table_layout_t *layout)
{
    int next = QUALITY;
    for (int i = 0; i < FACTS; i++) {
        next = layout->shown[i] && facts[i].drop > facts[next].drop ? i : next;
    }
    return next;
}

/* Omits facts until those that remain take at most @p room columns. */
static void choose_facts(table_layout_t *layout, glong room)
{
    layout->date_only = facts_columns(layout) > room;
    for (int next = next_to_drop(layout); facts_columns(layout) > room && facts[next].drop > 0;
         next = next_to_drop(layout)) {
        layout->shown[next] = false;
    }
}

static table_layout_t choose_layout(const hosts_print_t *print)
{
    table_layout_t layout = {.address_columns = 7, .label_columns = LABEL_MIN, .colour = print->colour};
    for (int i = 0; i < FACTS; i++) {
        layout.shown[i] = true;
    }
    for (size_t i = 0; i < print->count; i++) {
        char address[HOST_KEY_TEXT_SIZE];
        const listed_host_t *host = &g_array_index(print->hosts, listed_host_t, i);
        layout.address_columns = MAX(layout.address_columns, (glong)host_key_format(&host->key, address));
        layout.label_columns = MAX(layout.label_columns, (glong)host->system_columns);
    }
    if (print->width > 0) {
        const glong room = (glong)print->width - layout.address_columns - ROLE_COLUMNS - 2;
        choose_facts(&layout, room - MIN(layout.label_columns, LABEL_ENOUGH));
        layout.label_columns = CLAMP(room - facts_columns(&layout), LABEL_MIN, layout.label_columns);
    }
    return layout;
}

void hosts_print_table(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const table_layout_t layout = choose_layout(print);
    print_totals(out, print->totals);
    if (print->count > 0) {
        add_heading(out, &layout);
    }
    hosts_print_rows(out, print, add_line, &layout);
}
