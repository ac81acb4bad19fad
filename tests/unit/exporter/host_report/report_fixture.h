/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_fixture.h
 * For tests of the report: a host model, and the tables that the report makes of its hosts.
 */
#ifndef TESTS_REPORT_FIXTURE_H
#define TESTS_REPORT_FIXTURE_H

#include "exporter/host_report/report_internal.h"
#include "support/host_sightings.h"

typedef struct report_fixture {
    host_model_t *model;
    host_report_t *report;
} report_fixture_t;

static inline bool add_row(const host_row_t *row, void *user)
{
    host_report_add(user, row);
    return true;
}

static inline int report_set_up(void **state)
{
    report_fixture_t *fixture = g_new0(report_fixture_t, 1);
    const host_model_config_t config = {.evidence = true};
    fixture->model = host_model_new(&config);
    fixture->report = host_report_new(TEST_START_NS);
    *state = fixture;
    return 0;
}

static inline int report_tear_down(void **state)
{
    report_fixture_t *fixture = *state;
    host_report_free(fixture->report);
    host_model_free(fixture->model);
    g_free(fixture);
    return 0;
}

static inline void add(report_fixture_t *fixture, uint8_t last, const char *text, const synfix_label_t *label,
                       int64_t after_s)
{
    const host_sighting_t sighting = sighting_of(fixture->model, last, text, label, after_s);
    host_model_add(fixture->model, &sighting, NULL);
}

static const report_table_t *table_of(const GPtrArray *tables, const char *id)
{
    for (guint i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        if (strcmp(table->id, id) == 0) {
            return table;
        }
    }
    fail_msg("no section %s", id);
    return NULL;
}

static inline GPtrArray *tables_of(report_fixture_t *fixture)
{
    host_model_each(fixture->model, add_row, fixture->report);
    host_report_conclude(fixture->report);
    return report_tables_new(fixture->report);
}

#endif
