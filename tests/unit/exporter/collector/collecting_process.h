/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collecting_process.h
 * For tests of transport sessions: a collecting process without listeners, and the lines that it logs.
 */
#ifndef TESTS_COLLECTING_PROCESS_H
#define TESTS_COLLECTING_PROCESS_H

#include "exporter/collector/collect_internal.h"

typedef struct collecting_process {
    collect_t *collect;
    GString *lines; /* one a message */
} collecting_process_t;

static inline void collecting_process_log(void *user, const char *text)
{
    g_string_append_printf(((collecting_process_t *)user)->lines, "%s\n", text);
}

/** Set-up and teardown of a test whose state is the process. Sessions end after 1000 us, handshakes after
 * 500. */
static inline int collecting_process_set_up(void **state)
{
    collecting_process_t *const process = g_new0(collecting_process_t, 1);
    const collect_config_t config = {
        .session_us = 1000, .handshake_us = 500, .log = collecting_process_log, .log_user = process};
    process->lines = g_string_new(NULL);
    process->collect = collect_new(&config);
    *state = process;
    return 0;
}

static inline int collecting_process_tear_down(void **state)
{
    collecting_process_t *const process = *state;
    collect_free(process->collect);
    g_string_free(process->lines, TRUE);
    g_free(process);
    return 0;
}

#endif
