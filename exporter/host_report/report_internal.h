/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_internal.h
 * Declarations shared by the files of the report; private to exporter/host_report.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_INTERNAL_H
#define EXPORTER_HOST_REPORT_REPORT_INTERNAL_H

#include "exporter/host_report/host_report.h"
#include "exporter/host_report/report_count.h"
#include "exporter/host_report/report_table.h"
#include "exporter/host_report/report_top.h"
#include "exporter/host_report/report_unknown.h"

/** A less certain label is not named as a finding. */
#define REPORT_QUALITY_MIN 50u

/** A host in one role, as the report keeps it: a fiftieth of a host_row_t. */
typedef struct report_host {
    host_key_t key;
    const host_label_t *label;
    const host_label_t
        *oldest; /* the oldest system that speaks from the address: of a shared one any label, else label */
    const char *tools;      /* names of its tools; NULL: none */
    const char *link_label; /* NULL: unknown */
    int64_t first_ns;
    int64_t last_ns;
    uint64_t observations;
    uint64_t tool_observations; /* of them packets of tools */
    uint64_t uptime_seconds;    /* at uptime_ns; 0: unknown */
    int64_t uptime_ns;
    uint32_t reasons;
    uint32_t restarts;
    uint32_t changes;
    uint16_t link_mtu;
    uint8_t quality;
    uint8_t oldest_quality;
    uint8_t distance;
    uint8_t score;
    uint8_t reliability;
    bool tool;
    bool random_ttl;
    bool unsupported; /* security support of `oldest` has ended */
} report_host_t;

typedef struct report_change {
    host_key_t key;
    host_change_t change;
} report_change_t;

struct host_report {
    report_top_t *hosts;       /* the rows of the table of hosts */
    report_top_t *unsupported; /* and of the other lists */
    report_top_t *tools;
    report_top_t *shared;
    report_top_t *uptimes;
    GHashTable *windows;       /* label of a Windows -> report_top_t of the hosts with it */
    report_count_t *counts;    /* hosts by each property, REPORT_COUNTS of them */
    report_unknown_t *unknown; /* signatures without a label */
    GArray *changes;           /* report_change_t, the newest */
    uint64_t changes_seen;     /* all of them */
    GArray *times;             /* int64_t: first and last observation of each host */
    GArray *change_times;      /* int64_t: all changes */
    GStringChunk *texts;       /* names of tools */
    GPtrArray *notes;          /* char * */
    GPtrArray *facts;          /* char **: name, value */
    report_host_t pending;     /* the newest host, both roles in one; without an address: none */
    uint64_t host_count;       /* hosts in any role */
    uint64_t observations;
    int64_t now_ns; /* time of the report: decides which systems have no support */
};

/** Counts the host that waits for its other role, and puts all lists into their order. */
void host_report_conclude(host_report_t *report);

/** Text of a label for a table: `Unknown` without one. */
const char *report_label(const host_label_t *label);
/** `ended 2015-07`, `ended in part` or an empty text: security support of a label at the time of the report.
 */
char *report_support(const host_report_t *report, const host_label_t *label);

/** All tables of a concluded report in their order; g_ptr_array_unref frees them. They live as long as the
 * report.
 */
GPtrArray *report_tables_new(const host_report_t *report);

/** UTC time `2026-11-29 10:00:05`. */
char *report_time(int64_t time_ns);
char *report_number(uint64_t value);
/** Address with tags, as host_key_format() writes it. */
char *report_key(const host_key_t *key);

/** The report of @p tables (report_tables_new) in one format. The caller frees the text. */
GString *report_html(const host_report_t *report, const GPtrArray *tables);
GString *report_markdown(const host_report_t *report, const GPtrArray *tables);
GString *report_json(const host_report_t *report, const GPtrArray *tables);

/** Appends @p text as a JSON string with its quotes; `<` is written as \u003c, so that the text may stand
 * inside an HTML script element. */
void report_json_string(GString *out, const char *text);

/** Appends the rows of a table as a JSON array of arrays (@p objects false) or of objects. */
void report_json_rows(GString *out, const report_table_t *table, bool objects);

/** Appends inline SVG charts of a table. */
void report_svg_bars(GString *out, const report_table_t *table);
void report_svg_columns(GString *out, const report_table_t *table);

/* Generated from assets/ by CMake. */
extern const char report_css[];
extern const char report_js[];

#endif
