/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_print.h
 * Lists of hosts as a table for a terminal, as CSV, and as JSON lines.
 */
#ifndef APP_HOSTS_HOSTS_PRINT_H
#define APP_HOSTS_HOSTS_PRINT_H

#include "app/hosts/host_totals.h"
#include <stdio.h>

typedef struct hosts_print {
    const host_model_t *model;
    const GArray *hosts;         /* listed_host_t */
    const host_totals_t *totals; /* of all hosts of the list; only a table needs them */
    size_t count;                /* hosts to print, from the first one on */
    unsigned width;              /* of a table, in columns; 0: no limit */
    bool colour;
    FILE *stream;
} hosts_print_t;

/** Totals of hosts and families, and one line for each host and role. */
void hosts_print_table(const hosts_print_t *print);

/** RFC 4180 with a header line; a fact that is unknown is empty. */
void hosts_print_csv(const hosts_print_t *print);

/** One object in each line (host_json.h). */
void hosts_print_json(const hosts_print_t *print);

#endif
